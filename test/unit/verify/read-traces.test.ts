// Which traces count as there, in a run that sent the requests and in one that only looks at production.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replayClock } from '../../../src/adapters/recording/replay-clock.ts';
import { noRunTelemetry } from '../../../src/adapters/telemetry/run-telemetry.ts';
import type { LoadResult, Sample } from '../../../src/core/model/load.ts';
import { serviceOf } from '../../../src/core/model/span-view.ts';
import { missingParent, type SpanRecord, spanKind } from '../../../src/core/model/trace-set.ts';
import { millis, unixMillis } from '../../../src/core/model/units.ts';
import type { TraceSource } from '../../../src/ports/trace-source.ts';
import type { ObserveInput } from '../../../src/verify/observe-input.ts';
import { readTraces } from '../../../src/verify/read-traces.ts';
import { inMemoryTraceSource } from '../../support/fakes/in-memory-trace-source.ts';
import { loadResultOf } from '../../support/load-result-of.ts';
import { worldStart } from '../../support/recorded-world.ts';
import { spanRecord } from '../../support/span-records.ts';
import { shopVerification } from '../../support/verified-run.ts';

const window = { start: worldStart, end: unixMillis(worldStart + 300_000) };

/** What the reader looks at; the rest of a run's input is for others. */
function inputOf(traces: readonly TraceSource[], load: LoadResult | undefined): ObserveInput {
  const backends = { traces, telemetry: noRunTelemetry, clock: replayClock(worldStart) };
  const needs = { measures: [{ key: 'OBS-01/root', measure: 'rootDuration' }] };
  const verification = shopVerification(['{ id: OBS-01, type: latency, source: trace, require: p95 <= 300ms }']);
  const options = { signal: new AbortController().signal };
  return { verification, needs, load, backends, options, plan: {} } as unknown as ObserveInput;
}

function sourceOf(spans: readonly SpanRecord[]): TraceSource {
  const source = inMemoryTraceSource();
  source.store(spans);
  return source;
}

const traceIdOf = (at: number): string => (at + 1).toString(16).padStart(32, '0');

for (const [what, fields] of [
  ['a consumer', { kind: spanKind.consumer, attributes: { 'messaging.system': 'kafka' } }],
  ['a span that does not say its kind', { kind: spanKind.unspecified, attributes: { 'http.route': '/checkout' } }],
  ['a server', { kind: spanKind.server }],
] as const) {
  test(`production is judged by ${what} at the top of a trace`, async () => {
    const spans = Array.from({ length: 30 }, (_, at) => spanRecord({ traceId: traceIdOf(at), ...fields }));
    const { observation, measures, gaps } = await readTraces(inputOf([sourceOf(spans)], undefined), window);
    assert.deepEqual([observation?.asked, observation?.complete, measures[0]?.points.length], [30, 30, 30]);
    assert.deepEqual(gaps, []);
  });
}

const callerId = '00000000000000a1';
const callId = '00000000000000b1';
const sample = (at: number): Sample => ({
  traceId: traceIdOf(at),
  spanId: '00000000000000f1',
  sampled: true,
  scenario: 'buy',
  step: 'POST /checkout',
  phase: 'peak',
  scheduledAt: millis(0),
  sentAt: millis(0),
  endedAt: millis(20),
  outcome: { kind: 'reply', status: 200, good: true },
});

test('spans of one trace that two back ends hold come together, whichever is named first', async () => {
  const load = { ...loadResultOf({ requests: [], phases: [], watches: [] }), uniform: [0, 1, 2].map(sample) };
  const atCaller = load.uniform.flatMap(({ traceId, spanId }) => [
    spanRecord({ traceId, spanId: callerId, parentSpanId: spanId }),
    spanRecord({ traceId, spanId: callId, parentSpanId: callerId, kind: spanKind.client }),
  ]);
  const atCallee = load.uniform.map(({ traceId }) =>
    spanRecord({ traceId, spanId: '00000000000000c1', parentSpanId: callId, resource: { 'service.name': 'payments' } }),
  );
  for (const sources of [
    [atCaller, atCallee],
    [atCallee, atCaller],
  ]) {
    const { observation } = await readTraces(inputOf(sources.map(sourceOf), load), window);
    assert.ok(observation !== undefined);
    const { set } = observation;
    const services = new Set(Array.from(set.service, (_, span) => serviceOf(set, span)));
    assert.deepEqual([...services].sort(), ['checkout', 'faultline', 'payments']);
    assert.equal(set.parent.includes(missingParent), false);
    assert.equal(observation.complete, 3);
  }
});

test('a back end that is slow to answer keeps no other waiting', { timeout: 1000 }, async () => {
  const spans = [spanRecord({ traceId: traceIdOf(0) })];
  const quick = sourceOf(spans);
  let isAsked = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  const slow: TraceSource = {
    ...sourceOf([]),
    search: async (search, options) => {
      await asked;
      return quick.search(search, options);
    },
  };
  const other: TraceSource = {
    ...quick,
    search: (search, options) => {
      isAsked();
      return quick.search(search, options);
    },
  };
  const { observation } = await readTraces(inputOf([slow, other], undefined), window);
  assert.equal(observation?.complete, 1);
});
