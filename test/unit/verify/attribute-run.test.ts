// Which traces stand for a broken requirement, and what is said when none came.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Gap, Observations, TraceObservation } from '../../../src/core/model/observations.ts';
import type { TraceSet } from '../../../src/core/model/trace-set.ts';
import { ratio } from '../../../src/core/model/units.ts';
import { attributeRun } from '../../../src/verify/attribute-run.ts';
import { type DrawnSpan, drawnSet } from '../../support/drawn-traces.ts';
import { observationsOf } from '../../support/requirement-of.ts';
import { verdictWith } from '../../support/run-builder.ts';

const request = (name: string, milliseconds: number): readonly DrawnSpan[] => [
  { id: '1', name, service: 'shop', kind: 'server', at: [0, milliseconds] },
];

function attributed(
  set: TraceSet,
  population: { readonly violating: readonly number[]; readonly complying: readonly number[] },
  part: Partial<TraceObservation> = {},
  gaps: readonly Gap[] = [],
  baseline?: TraceSet,
) {
  const traces = { set, populations: [{ requirement: 'CHK-01', ...population }], asked: 9, complete: 9 };
  const observations: Observations = observationsOf({ traces: { ...traces, coverage: ratio(1), ...part }, gaps });
  return attributeRun({ verdicts: [verdictWith({ verdict: 'fail' })], observations, baseline }).byRequirement[0];
}

const set = drawnSet(
  ...[200, 220, 240].map((milliseconds) => request('POST /checkout', milliseconds)),
  ...[40, 41, 42].map((milliseconds) => request('POST /cart', milliseconds)),
  ...[90, 91].map((milliseconds) => request('POST /checkout', milliseconds)),
);

test('the typical trace beside a violating one asked the same of the system', () => {
  const found = attributed(set, { violating: [0, 1, 2], complying: [3, 4, 5, 6, 7] });
  assert.deepEqual(
    found?.waterfalls.map(({ role, spans }) => [role, spans[0]?.name]),
    [
      ['violating', 'POST /checkout'],
      ['typical', 'POST /checkout'],
    ],
  );
});

test('where no request of its kind complied, the violating trace stands alone', () => {
  const found = attributed(set, { violating: [0, 1, 2], complying: [3, 4, 5] });
  assert.deepEqual(
    found?.waterfalls.map(({ role }) => role),
    ['violating'],
  );
});

const gap = (reason: Gap['reason'], message: string): Gap => ({
  kind: 'traces',
  source: 'http://127.0.0.1:16686',
  reason,
  message,
  requirements: [],
});

test('when no trace came at all, it says so and where to send them', () => {
  const none = { violating: [], complying: [] };
  const hint =
    'none of the 9 traces asked for arrived; set OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 in the services under test';
  const nothing = { complete: 0, coverage: ratio(0) };
  assert.equal(attributed(set, none, nothing, [gap('empty', hint)])?.attribution.notAttributable, hint);
  assert.equal(
    attributed(set, none, nothing, [gap('unreachable', 'connection refused')])?.attribution.notAttributable,
    'no trace could be read from http://127.0.0.1:16686: connection refused',
  );
  assert.match(attributed(set, none)?.attribution.notAttributable ?? '', /^no trace of a violating request was found/);
});

test('a kind of request that never complied is compared with the baseline, however many others complied', () => {
  const calls = (route: string, callee: string, milliseconds: number): readonly DrawnSpan[] => [
    { id: '1', name: route, service: 'shop', kind: 'server', at: [0, milliseconds + 10] },
    { id: '2', parent: '1', name: 'call', service: 'shop', kind: 'client', at: [5, milliseconds + 5] },
    { id: '3', parent: '2', name: 'work', service: callee, kind: 'server', at: [5, milliseconds + 5] },
  ];
  const several = (count: number, draw: (at: number) => readonly DrawnSpan[]) =>
    Array.from({ length: count }, (_, at) => draw(at));
  const checkouts = (milliseconds: number) =>
    several(40, (at) => calls('POST /checkout', 'payments', milliseconds + (at % 5)));
  const healthyCarts = several(30, (at) => calls('POST /cart', 'stock', 40 + (at % 5)));
  const run = drawnSet(...checkouts(400), ...healthyCarts);
  const before = drawnSet(...checkouts(40), ...healthyCarts);
  const violating = Array.from({ length: 40 }, (_, at) => at);
  const complying = Array.from({ length: 30 }, (_, at) => 40 + at);
  const found = attributed(run, { violating, complying }, {}, [], before);
  assert.deepEqual(
    found?.attribution.findings.map(({ mechanism, service }) => [mechanism, service]),
    [['slow-dependency', 'payments']],
  );
});
