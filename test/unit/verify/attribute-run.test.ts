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
) {
  const traces = { set, populations: [{ requirement: 'CHK-01', ...population }], asked: 9, complete: 9 };
  const observations: Observations = observationsOf({ traces: { ...traces, coverage: ratio(1), ...part }, gaps });
  return attributeRun({ verdicts: [verdictWith({ verdict: 'fail' })], observations }).byRequirement[0];
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
