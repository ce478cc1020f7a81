// Which traces violate a requirement and which comply with it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadResult, Sample, WatchResult } from '../../../src/core/model/load.ts';
import type { TraceMeasure, TraceMeasureName } from '../../../src/core/model/observations.ts';
import type { Clause, Requirement } from '../../../src/core/model/requirement.ts';
import { millis, ratio } from '../../../src/core/model/units.ts';
import type { Verification } from '../../../src/core/model/verification.ts';
import { type PopulationInput, populationsOf } from '../../../src/verify/populations.ts';
import { loadResultOf } from '../../support/load-result-of.ts';
import { clauseOf, fixed, named, quantile, requirementOf, ruleOf } from '../../support/requirement-of.ts';

function populationOf(requirement: Requirement, part: Partial<PopulationInput>) {
  // Of the whole document only its requirements are looked at.
  const verification = { requirements: [requirement] } as unknown as Verification;
  const nothing = { load: undefined, measures: [], indexOf: new Map(), present: new Set<string>(), samples: [] };
  const [population] = populationsOf({ verification, ...nothing, ...part });
  return { violating: population?.violating, complying: population?.complying };
}

const sample = (traceId: string): Sample => ({
  traceId,
  spanId: '0000000000000001',
  sampled: true,
  scenario: 'buy',
  step: 'POST /checkout',
  phase: 'peak',
  scheduledAt: millis(0),
  sentAt: millis(0),
  endedAt: millis(900),
  outcome: { kind: 'reply', status: 200, good: true },
});

function watched(id: string, violators: readonly string[], compliers: readonly string[]): WatchResult {
  const selection = { worst: [], violators: violators.map(sample), compliers: compliers.map(sample) };
  const { histogram } = loadResultOf({ requests: [], phases: [], watches: [watch(id)] }).watches[0] ?? {};
  assert.ok(histogram);
  return { id, requests: 9, failed: 0, over: [violators.length], slices: [], histogram, selection };
}

const watch = (id: string) => ({
  id,
  phases: [],
  measure: 'response' as const,
  thresholds: [millis(300)],
  slice: millis(5000),
});

test('a recovery of two requirements has the violators of either, in whatever order they are watched', () => {
  const recovery = requirementOf({ type: 'recovery', require: ruleOf() });
  const watches = [watched('R-1/A', [], ['a']), watched('R-1/B', ['b'], ['c'])];
  const indexOf = new Map([
    ['a', 0],
    ['b', 1],
    ['c', 2],
  ]);
  for (const each of [watches, watches.toReversed()]) {
    const load: LoadResult = { ...loadResultOf({ requests: [], phases: [], watches: [] }), watches: each };
    const found = populationOf(recovery, { load, indexOf, present: new Set(indexOf.keys()) });
    assert.deepEqual(found.violating, [1]);
    assert.deepEqual(found.complying?.toSorted(), [0, 2]);
  }
});

const share = clauseOf({ stat: named('criticalPathShare'), op: 'lte', limit: fixed(0.45, 'ratio') });
const p99 = clauseOf({ stat: quantile(0.99), op: 'lte', limit: fixed(120) });
const errorRate = clauseOf({ stat: named('errorRate'), op: 'lte', limit: fixed(0.01, 'ratio') });

function measured(measure: TraceMeasureName, values: readonly number[], failed: readonly number[] = []): TraceMeasure {
  const points = values.map((value, trace) => ({ trace, atMs: 0, phase: '', value, failed: failed.includes(trace) }));
  return { key: `R-1/${measure}`, measure, traces: points.length, points };
}

const durations = measured('spanDuration', [50, 60, 150, 70]);
const shares = measured('criticalPathShare', [0.8, 0.2, 0.2, 0.2]);

for (const [says, clauses, violating] of [
  ['a time and a share', [p99, share], [2, 0]],
  ['a share and a time', [share, p99], [2, 0]],
  ['failures and a time', [errorRate, p99], [2]],
] as const satisfies readonly (readonly [string, readonly Clause[], readonly number[]])[]) {
  test(`a dependency bounded by ${says}: each measure is held against its own limit`, () => {
    const dependency = requirementOf({ type: 'dependency', require: ruleOf(...clauses) });
    const measures = violating.length === 2 ? [durations, shares] : [durations];
    assert.deepEqual(populationOf(dependency, { measures }).violating, violating);
  });
}

test('a limit of the warning counts where the rule has none on the measure', () => {
  const dependency = requirementOf({ type: 'dependency', require: ruleOf(p99), warn: ruleOf(share) });
  assert.deepEqual(populationOf(dependency, { measures: [shares] }).violating, [0]);
});

test('errors seen on traces: failed ones violate, slow ones do not', () => {
  const rate = clauseOf({ stat: named('rate'), op: 'lte', limit: fixed(ratio(0.001), 'ratio') });
  const errors = requirementOf({ type: 'errors', source: 'trace', require: ruleOf(rate) });
  const found = populationOf(errors, { measures: [measured('rootDuration', [50, 900, 60], [2])] });
  assert.deepEqual(found, { violating: [2], complying: [0, 1] });
});
