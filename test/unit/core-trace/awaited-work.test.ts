// What callers waited for: work that outlives its handler as a habit, and answers that stream on after their headers.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { slowDependency } from '../../../src/core/trace/mechanisms/slow-dependency.ts';
import { uninstrumentedDependency } from '../../../src/core/trace/mechanisms/uninstrumented-dependency.ts';
import { call, client, contextOf, type DrawnWork, query, requests, server } from '../../support/request-traces.ts';

const first = (work: (ms: number, jitter: number) => DrawnWork, before: number, now: number): string | undefined =>
  contextOf({
    violating: requests(30, (jitter) => work(now, jitter)),
    reference: requests(30, (jitter) => work(before, jitter)),
  }).blame.services[0]?.service;

/** api waits `ms` for price, and not at all for what else it starts. */
const beside =
  (unawaited: (jitter: number) => DrawnWork) =>
  (ms: number, jitter: number): DrawnWork =>
    server('api', 'GET /order', [0, ms + 10 + jitter], {
      below: [unawaited(jitter), call(['api', 'price', 'GET /price'], [5, ms + 5 + jitter])],
    });

describe('work that its handler does not wait for', () => {
  const kinds: readonly { readonly name: string; readonly unawaited: (jitter: number) => DrawnWork }[] = [
    {
      name: 'a call to a service that records nothing',
      unawaited: (jitter) => client('api', 'POST', [3, 300 + jitter], { attributes: { 'peer.service': 'audit' } }),
    },
    {
      name: 'a call to a service',
      unawaited: (jitter) => call(['api', 'audit', 'POST /audit'], [3, 300 + jitter]),
    },
    { name: 'an insert', unawaited: (jitter) => query('api', 'INSERT INTO audit VALUES (1)', [3, 300 + jitter]) },
    {
      name: 'work of its own',
      unawaited: (jitter) => ({ service: 'api', name: 'write cache', kind: 'internal', at: [3, 300 + jitter] }),
    },
  ];
  for (const { name, unawaited } of kinds) {
    test(`does not take the blame for a slowdown: ${name}`, () => {
      assert.equal(first(beside(unawaited), 40, 140), 'price');
    });
  }

  test('also where slow requests last longer than it', () => {
    const audit = (jitter: number): DrawnWork =>
      client('api', 'POST', [3, 160 + jitter], { attributes: { 'peer.service': 'audit' } });
    const answer = (ownMs: number, jitter: number): DrawnWork =>
      server('api', 'GET /order', [0, ownMs + 30 + jitter], {
        below: [audit(jitter), call(['api', 'price', 'GET /price'], [5, 25])],
      });
    assert.equal(first(answer, 40, 400), 'api');
  });

  test('also where every name has an id of its own', () => {
    let id = 0;
    const answer = (ms: number, jitter: number): DrawnWork => {
      id += 1;
      return server('api', `GET /order/${id}`, [0, ms + 10 + jitter], {
        below: [
          call(['api', 'audit', `PUT /audit/${id}`], [3, 300 + jitter]),
          call(['api', 'price', 'GET /price'], [5, ms + 5 + jitter]),
        ],
      });
    };
    assert.equal(first(answer, 40, 140), 'price');
  });

  test('is told by habit: a call that outlives handlers which end early is waited for', () => {
    const asked = (lastMs: number, jitter: number): DrawnWork =>
      server('api', 'GET /order', [0, Math.min(lastMs, 200) + 10 + jitter], {
        below: [client('api', 'POST', [3, lastMs + jitter], { attributes: { 'peer.service': 'bank' } })],
      });
    assert.equal(first(asked, 40, 400), 'bank');
  });

  test('a handler whose caller gave up ends early; what it waited for is still waited for', () => {
    const asked = (ms: number, jitter: number): DrawnWork => {
      const failed = ms > 100;
      const stock = server('stock', 'GET /stock', [4, Math.min(ms, 100) + 3], {
        below: [query('stock', 'SELECT 1', [5, ms + jitter])],
      });
      return server('web', 'GET /', [0, Math.min(ms, 100) + 5], {
        failed,
        below: [client('web', 'GET', [2, Math.min(ms, 100) + 4], { failed, below: [stock] })],
      });
    };
    assert.equal(first(asked, 40, 400), 'stock.db');
  });
});

test('a callee without spans that answers as fast as ever is not slow for being asked in turn', () => {
  const asked = (inTurn: boolean, jitter: number): DrawnWork => {
    const at = (n: number): number => (inTurn ? 5 + n * 60 : 5);
    return server('web', 'GET /', [0, at(2) + 65 + jitter], {
      below: [0, 1, 2].map((n) =>
        client('web', 'GET', [at(n), at(n) + 60], { attributes: { 'peer.service': 'bank', 'url.full': `/a/${n}` } }),
      ),
    });
  };
  const context = contextOf({
    violating: requests(30, (jitter) => asked(true, jitter)),
    reference: requests(30, (jitter) => asked(false, jitter)),
  });
  assert.deepEqual(uninstrumentedDependency.detect(context), []);
});

test('without a reference nobody knows whether a callee without spans is slow', () => {
  const asked = (jitter: number): DrawnWork =>
    server('web', 'GET /', [0, 70 + jitter], {
      below: [client('web', 'GET', [5, 65 + jitter], { attributes: { 'peer.service': 'bank' } })],
    });
  assert.deepEqual(uninstrumentedDependency.detect(contextOf({ violating: requests(30, asked), reference: [] })), []);
});

describe('a streamed answer', () => {
  const chat = (ms: number, jitter: number): DrawnWork =>
    server('web', 'GET /chat', [0, ms + 20 + jitter], {
      below: [client('web', 'POST', [5, 12], { below: [server('llm', 'POST /chat', [6, ms + 15 + jitter])] })],
    });

  test('is its server’s time, although the call ends with the headers', () => {
    assert.equal(first(chat, 400, 1400), 'llm');
    const context = contextOf({
      violating: requests(30, (jitter) => chat(1400, jitter)),
      reference: requests(30, (jitter) => chat(400, jitter)),
    });
    const [found, ...others] = slowDependency.detect(context);
    assert.equal(found?.service, 'llm');
    assert.deepEqual(others, []);
  });

  test('is not waited for any more once its caller goes on to something else', () => {
    const thenSave = (ms: number, jitter: number): DrawnWork =>
      server('web', 'GET /chat', [0, ms + 120 + jitter], {
        below: [
          client('web', 'POST', [5, 12], { below: [server('llm', 'POST /chat', [6, 100])] }),
          call(['web', 'store', 'POST /save'], [15, ms + 115 + jitter]),
        ],
      });
    const context = contextOf({
      violating: requests(30, (jitter) => thenSave(300, jitter)),
      reference: requests(30, (jitter) => thenSave(50, jitter)),
    });
    const { prepared } = context;
    const llm = prepared.services.indexOf('llm');
    const spent = prepared.pathNs.reduce((sum, ns, span) => sum + (prepared.payer[span] === llm ? ns : 0), 0);
    assert.equal(spent / prepared.entry.length / 1e6, 10);
  });
});
