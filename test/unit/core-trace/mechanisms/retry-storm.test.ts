// Retry storm: attempts of one call, and what only looks like them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Attributes } from '../../../../src/core/model/trace-set.ts';
import { retryStorm } from '../../../../src/core/trace/mechanisms/retry-storm.ts';
import { call, client, contextOf, type DrawnWork, requests, server } from '../../../support/request-traces.ts';

interface Attempt {
  readonly failed?: boolean;
  readonly attributes?: Attributes;
}

const timedOut: Attempt = { failed: true, attributes: { 'error.type': 'ETIMEDOUT' } };
const refused: Attempt = { failed: true, attributes: { 'http.response.status_code': 503 } };
const fine: Attempt = {};

/** payments calls the bank, which records nothing, once per attempt. */
function charge(attempts: readonly Attempt[]): DrawnWork {
  const end = attempts.length * 110;
  return server('payments', 'POST /payments', [0, end + 10], {
    below: attempts.map((attempt, at) =>
      client('payments', 'POST', [5 + at * 110, 105 + at * 110], {
        ...attempt,
        attributes: { 'peer.service': 'bank', 'url.full': 'http://bank/charge', ...attempt.attributes },
      }),
    ),
  });
}

const healthy = requests(30, () => charge([fine]));
const storm = (attempts: readonly Attempt[]) =>
  contextOf({ violating: requests(30, () => charge(attempts)), reference: healthy });
const evidence = (found: ReturnType<typeof retryStorm.detect>[number] | undefined, name: string): number | undefined =>
  found?.evidence.find((each) => each.name === name)?.value;

describe('retry storm', () => {
  test('each of many edges has its own traces, share of the requests and onset', () => {
    const item = (at: number, attempts: readonly Attempt[]): DrawnWork =>
      server('shop', 'GET /', [0, 400], {
        below: attempts.map((attempt, index) =>
          client('shop', `GET /item/${at % 4}`, [5 + index * 110, 105 + index * 110], {
            ...attempt,
            attributes: { 'peer.service': 'stock', ...attempt.attributes },
          }),
        ),
      });
    const found = retryStorm.detect(
      contextOf({
        violating: requests(40, (_, at) => item(at, [refused, refused, fine])),
        reference: requests(40, (_, at) => item(at, [fine])),
      }),
    );
    assert.deepEqual(
      found.map(({ operation, support, traces }) => [operation, support, traces.length]),
      [0, 1, 2, 3].map((each) => [`GET /item/${each}`, 0.25, 10]),
    );
    assert.equal(new Set(found.flatMap(({ traces }) => traces)).size, 40);
  });

  test('a slow callee without spans is tried again and again', () => {
    const [found] = retryStorm.detect(storm([timedOut, timedOut, fine]));
    assert.deepEqual(found?.edge, { caller: 'payments', callee: 'bank', operation: 'POST' });
    assert.equal(evidence(found, 'amplification'), 3);
    assert.ok(Math.abs((evidence(found, 'retry ratio') ?? 0) - 2 / 3) < 1e-9);
    assert.ok(Math.abs((evidence(found, 'timed out') ?? 0) - 2 / 3) < 1e-9);
    assert.equal(evidence(found, 'exhausted'), 0);
    assert.equal(found?.effectMs, 220);
    assert.equal(found?.confidence, 'high');
  });

  test('calls that fail for good are exhausted', () => {
    const [found] = retryStorm.detect(storm([refused, refused, refused]));
    assert.equal(evidence(found, 'exhausted'), 1);
  });

  test('layers that each retry multiply', () => {
    const layered = (): DrawnWork => {
      const attempt = (from: number): DrawnWork =>
        call(['checkout', 'payments', 'POST /payments'], [from, from + 100], {
          failed: true,
          attributes: { 'error.type': '503' },
          below: [0, 30, 60].map((offset) =>
            call(['payments', 'bank', 'POST /charge'], [from + offset + 2, from + offset + 22], {
              failed: true,
              attributes: { 'error.type': '503' },
            }),
          ),
        });
      return server('checkout', 'POST /checkout', [0, 350], {
        failed: true,
        below: [attempt(5), attempt(115), attempt(225)],
      });
    };
    const usual = (): DrawnWork =>
      server('checkout', 'POST /checkout', [0, 40], {
        below: [
          call(['checkout', 'payments', 'POST /payments'], [2, 38], {
            below: [call(['payments', 'bank', 'POST /charge'], [5, 30])],
          }),
        ],
      });
    const found = retryStorm.detect(contextOf({ violating: requests(30, layered), reference: requests(30, usual) }));
    const atBank = found.find(({ service }) => service === 'bank');
    const atPayments = found.find(({ service }) => service === 'payments');
    assert.equal(evidence(atBank, 'amplification'), 3);
    assert.equal(Math.round(evidence(atBank, 'attempts per entry call') ?? 0), 9);
    assert.equal(Math.round(evidence(atPayments, 'attempts per entry call') ?? 0), 3);
    assert.equal(atPayments?.detail, 'bank');
  });

  const negatives: readonly {
    readonly name: string;
    readonly work: () => DrawnWork;
    readonly usual?: () => DrawnWork;
  }[] = [
    { name: 'one attempt', work: () => charge([fine]) },
    { name: 'a redirect', work: () => charge([{ attributes: { 'http.response.status_code': 302 } }, fine]) },
    {
      name: 'a redirect that the client counts as a resend',
      work: () =>
        charge([
          { attributes: { 'http.response.status_code': 307 } },
          { attributes: { 'http.request.resend_count': 1 } },
        ]),
    },
    {
      name: 'a login challenge',
      work: () => charge([{ failed: true, attributes: { 'http.response.status_code': 401 } }, fine]),
    },
    {
      name: 'hedged requests side by side',
      work: () =>
        server('payments', 'POST /payments', [0, 120], {
          below: [5, 15].map((from) =>
            client('payments', 'POST', [from, 110], {
              attributes: { 'peer.service': 'bank', 'url.full': 'http://bank/charge', 'error.type': 'cancelled' },
            }),
          ),
        }),
    },
    {
      name: 'a loop over different items that all fail',
      work: () =>
        server('payments', 'POST /payments', [0, 700], {
          below: [1, 2, 3].map((item) =>
            client('payments', 'POST', [item * 200, item * 200 + 100], {
              failed: true,
              attributes: { 'peer.service': 'bank', 'url.full': `http://bank/charge/${item}` },
            }),
          ),
        }),
    },
    ...[
      { name: 'NOT_FOUND', attributes: { 'rpc.system': 'grpc', 'rpc.grpc.status_code': 5 } },
      {
        name: 'PERMISSION_DENIED',
        attributes: { 'rpc.system.name': 'grpc', 'rpc.response.status_code': 'PERMISSION_DENIED' },
      },
      { name: '404', attributes: { 'http.response.status_code': 404 } },
      { name: '422', attributes: { 'error.type': '422' } },
    ].map(({ name, attributes }) => ({
      name: `another call after an answer that nobody asks for again: ${name}`,
      work: () => charge([{ failed: true, attributes }, fine, { failed: true, attributes }, fine]),
    })),
    {
      name: 'as many calls as ever, of which the first fails',
      work: () => charge([refused, fine]),
      usual: () => charge([fine, fine]),
    },
  ];
  for (const { name, work, usual } of negatives) {
    test(`is not ${name}`, () => {
      const reference = usual === undefined ? healthy : requests(30, usual);
      assert.deepEqual(retryStorm.detect(contextOf({ violating: requests(30, work), reference })), []);
    });
  }

  test('attempts that each have a span around them are attempts of one call', () => {
    const wrapped = (work: DrawnWork): DrawnWork => ({
      ...work,
      below: (work.below ?? []).map((attempt, at) => ({
        service: 'payments',
        name: `attempt ${at + 1}`,
        kind: 'internal',
        at: attempt.at,
        below: [attempt],
      })),
    });
    const context = contextOf({
      violating: requests(30, () => wrapped(charge([refused, refused, fine]))),
      reference: requests(30, () => wrapped(charge([fine]))),
    });
    const [found] = retryStorm.detect(context);
    assert.equal(evidence(found, 'amplification'), 3);
    assert.equal(evidence(found, 'attempts per entry call'), 3);
    assert.equal(found?.effectMs, 220);
  });

  test('a request that says it is repeated is a retry, whatever the answer before', () => {
    const missing = { failed: true, attributes: { 'http.response.status_code': 404 } };
    const [found] = retryStorm.detect(storm([missing, { attributes: { 'http.request.resend_count': 1 } }]));
    assert.equal(evidence(found, 'amplification'), 2);
  });

  test('a retry now and then is no storm', () => {
    const violating = requests(30, (_, at) => charge(at < 4 ? [refused, fine] : [fine]));
    assert.deepEqual(retryStorm.detect(contextOf({ violating, reference: healthy })), []);
  });
});
