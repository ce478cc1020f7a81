// What the query adapters make of back ends that are down, slow, broken or somebody else.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { jaegerTraceSource } from '../../src/adapters/jaeger/jaeger-trace-source.ts';
import { prometheusMetricSource } from '../../src/adapters/prometheus/prometheus-metric-source.ts';
import { type AskPolicy, defaultAskPolicy } from '../../src/adapters/shared/http/back-end.ts';
import { tempoTraceSource } from '../../src/adapters/tempo/tempo-trace-source.ts';
import type { Result } from '../../src/core/model/result.ts';
import { millis, unixMillis } from '../../src/core/model/units.ts';
import type { SourceError, SourceErrorKind, SourceOptions } from '../../src/ports/trace-source.ts';
import { type ScriptedServer, type ScriptStep, startScript } from '../support/http-script.ts';
import { freePorts } from '../support/peers/start-peer.ts';

const policy: AskPolicy = {
  ...defaultAskPolicy,
  firstPause: millis(5),
  maxPause: millis(20),
  attemptTimeout: millis(200),
  maxAnswerBytes: 10_000,
};
const id = 'a'.repeat(32);
const window = { start: unixMillis(1_700_000_000_000), end: unixMillis(1_700_000_060_000) };

/** One question to each adapter. */
const adapters: Readonly<
  Record<string, (url: string, options: SourceOptions) => Promise<Result<unknown, SourceError>>>
> = {
  Jaeger: (url, options) => jaegerTraceSource({ url, headers: {}, policy }).byIds([id], options),
  Tempo: (url, options) => tempoTraceSource({ url, headers: {}, policy }).byIds([id], options),
  'Prometheus API': (url, options) =>
    prometheusMetricSource({ url, headers: {}, policy }).range('up', window, millis(5000), options),
};

const fine: Readonly<Record<string, ScriptStep>> = {
  Jaeger: { status: 200, body: '{"result":{"resourceSpans":[]}}' },
  Tempo: { status: 200, body: '{"trace":{"resourceSpans":[]}}' },
  'Prometheus API': { status: 200, body: '{"status":"success","data":{"resultType":"matrix","result":[]}}' },
};

const patient = (): SourceOptions => ({ timeout: millis(5000), signal: new AbortController().signal });

async function withScript<T>(steps: readonly ScriptStep[], work: (server: ScriptedServer) => Promise<T>): Promise<T> {
  const server = await startScript(...steps);
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

for (const [name, ask] of Object.entries(adapters)) {
  describe(`${name} in trouble`, () => {
    const errors: readonly (readonly [string, ScriptStep, SourceErrorKind, RegExp])[] = [
      [
        'answers 503 all the time',
        { status: 503, body: 'overloaded' },
        'unreachable',
        /503 at every attempt, with "overloaded"/,
      ],
      ['cuts every connection', { status: 0, instead: 'reset' }, 'unreachable', /closed before the answer|reset/],
      ['never answers', { status: 0, instead: 'hang' }, 'timeout', /no answer within 0\.2 s/],
      ['wants a login', { status: 401 }, 'unauthorized', /401, not let in; check the headers/],
      ['forbids', { status: 403 }, 'unauthorized', /403/],
      [
        'is a web page',
        { status: 200, body: '<!DOCTYPE html><html>hello</html>' },
        'bad-reply',
        /a web page; is this the address of/,
      ],
      [
        'is a web page with 404',
        { status: 404, body: '<html>nothing here</html>' },
        'bad-reply',
        /404 with a web page/,
      ],
      ['answers half a JSON', { status: 200, body: '{"result":{"resourceSpans":[' }, 'bad-reply', /found 200 with/],
      ['answers other JSON', { status: 200, body: '{"hello":7}' }, 'bad-reply', /found 200 with "\{"hello"/],
      ['answers without end', { status: 200, body: 'x'.repeat(20_000) }, 'bad-reply', /an answer above/],
      ['fails', { status: 500, body: 'panic' }, 'bad-reply', /500 with "panic"/],
    ];
    for (const [title, step, kind, message] of errors) {
      test(`${title}: ${kind}`, () =>
        withScript([step], async ({ url }) => {
          const answer = await ask(url, patient());
          assert.ok(!answer.ok);
          assert.equal(answer.error.kind, kind, answer.error.message);
          assert.match(answer.error.message, message);
          assert.ok(answer.error.message.startsWith(`${name} at ${url}`), answer.error.message);
        }));
    }

    test('is not there: unreachable, in words', async () => {
      const [port] = await freePorts(1);
      const answer = await ask(`http://127.0.0.1:${port}`, patient());
      assert.ok(!answer.ok && answer.error.kind === 'unreachable');
      assert.match(answer.error.message, /nothing listens there/);
    });

    test('comes back after two failures: asked again, then answered', () =>
      withScript(
        [{ status: 503 }, { status: 0, instead: 'reset' }, fine[name] as ScriptStep],
        async ({ url, requests }) => {
          const answer = await ask(url, patient());
          assert.ok(answer.ok, answer.ok ? '' : answer.error.message);
          assert.equal(requests.length, 3);
        },
      ));

    test('is not asked more often than the policy says', () =>
      withScript([{ status: 502 }], async ({ url, requests }) => {
        await ask(url, patient());
        assert.equal(requests.length, policy.attempts);
      }));

    test('hangs: the caller’s timeout holds over all attempts', () =>
      withScript([{ status: 0, instead: 'hang' }], async ({ url }) => {
        const began = performance.now();
        const answer = await ask(url, { ...patient(), timeout: millis(300) });
        assert.ok(!answer.ok && answer.error.kind === 'timeout');
        assert.ok(performance.now() - began < 1000);
      }));

    test('hangs: an abort ends the call within a tick', () =>
      withScript([{ status: 0, instead: 'hang' }], async ({ url }) => {
        const controller = new AbortController();
        const asked = ask(url, { ...patient(), signal: controller.signal });
        setTimeout(() => controller.abort(), 50);
        const began = performance.now();
        const answer = await asked;
        assert.ok(!answer.ok && answer.error.kind === 'timeout');
        assert.ok(performance.now() - began < 250);
      }));

    test('a password in the URL is sent as a header and never shown', () =>
      withScript([{ status: 500 }], async ({ url, requests }) => {
        const answer = await ask(url.replace('://', '://user:s%20cret@'), patient());
        assert.ok(!answer.ok && !/cret/.test(answer.error.message) && answer.error.message.includes(url));
        assert.equal(requests[0]?.headers.authorization, `Basic ${Buffer.from('user:s cret').toString('base64')}`);
      }));

    test('a path in the URL is kept', () =>
      withScript([fine[name] as ScriptStep], async ({ url, requests }) => {
        await ask(`${url}/prefix`, patient());
        assert.match(requests[0]?.url ?? '', /^\/prefix\/api\//);
      }));
  });
}

describe('a Prometheus API', () => {
  const range = (url: string, query = 'up') =>
    prometheusMetricSource({ url, headers: { 'x-scope-orgid': 'team' }, policy }).range(
      query,
      window,
      millis(5000),
      patient(),
    );

  test('that refuses the query: unsupported, with its reason', () =>
    withScript(
      [{ status: 400, body: '{"status":"error","errorType":"bad_data","error":"parse error at char 5"}' }],
      async ({ url }) => {
        const answer = await range(url);
        assert.ok(!answer.ok && answer.error.kind === 'unsupported');
        assert.match(answer.error.message, /refuses the query \(parse error at char 5\)/);
      },
    ));

  test('that fails within: bad-reply', () =>
    withScript(
      [{ status: 500, body: '{"status":"error","errorType":"internal","error":"disk full"}' }],
      async ({ url }) => {
        const answer = await range(url);
        assert.ok(!answer.ok && answer.error.kind === 'bad-reply');
        assert.match(answer.error.message, /cannot answer \(disk full\)/);
      },
    ));

  test('that allows GET only is asked by GET, with the headers of the source', () =>
    withScript([{ status: 405 }, fine['Prometheus API'] as ScriptStep], async ({ url, requests }) => {
      assert.ok((await range(url)).ok);
      assert.deepEqual(
        requests.map(({ method }) => method),
        ['POST', 'GET'],
      );
      assert.match(
        requests[1]?.url ?? '',
        /^\/api\/v1\/query_range\?query=up&start=1700000000\.000&end=1700000060\.000&step=5\.000/,
      );
      assert.equal(requests[1]?.headers['x-scope-orgid'], 'team');
    }));
});

test('a Jaeger whose storage searches within one service only is searched service by service', () => {
  const span = (traceId: string) => ({
    traceId,
    spanId: 'b'.repeat(16),
    name: 'x',
    startTimeUnixNano: '1700000000000000001',
  });
  const found = (traceId: string): ScriptStep => ({
    status: 200,
    body: JSON.stringify({ result: { resourceSpans: [{ scopeSpans: [{ spans: [span(traceId)] }] }] } }),
  });
  const steps: readonly ScriptStep[] = [
    { status: 500, body: '{"error":{"httpCode":500,"message":"service name must be set"}}' },
    { status: 200, body: '{"services":["a","b"]}' },
    found('1'.repeat(32)),
    found('2'.repeat(32)),
  ];
  return withScript(steps, async ({ url, requests }) => {
    const answer = await jaegerTraceSource({ url, headers: {}, policy }).search({ window, limit: 10 }, patient());
    assert.deepEqual(answer.ok && answer.value.traceIds, ['1'.repeat(32), '2'.repeat(32)]);
    assert.match(requests[3]?.url ?? '', /query\.service_name=b/);
  });
});
