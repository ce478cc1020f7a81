// A relative limit that asks for an improvement, and comparisons with too little to compare.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Requirement } from '../../../src/core/model/requirement.ts';
import { millis } from '../../../src/core/model/units.ts';
import type { Verdict } from '../../../src/core/model/verdict.ts';
import { judgeAll } from '../../../src/core/slo/judge.ts';
import type { SimulatedRequest } from '../../support/load-result-of.ts';
import {
  clauseOf,
  judgeInputOf,
  named,
  observationsOf,
  quantile,
  requirementOf,
  ruleOf,
} from '../../support/requirement-of.ts';
import { loadFor, minutes5, traffic } from './cases/simulated.ts';

const phases = [
  { name: 'idle', startMs: 0, endMs: minutes5 },
  { name: 'peak', startMs: minutes5, endMs: 2 * minutes5 },
];

function pair(factor: number, idle: readonly SimulatedRequest[], part: Partial<Requirement> = {}): Verdict {
  const requirement = requirementOf({
    type: 'degradation',
    options: { minEffect: 5 },
    require: ruleOf(
      clauseOf({
        stat: named('p95', ['peak']),
        op: 'lte',
        limit: { kind: 'multiple', factor, stat: named('p95', ['idle']) },
        text: `p95(peak) <= ${factor} x p95(idle)`,
      }),
    ),
    ...part,
  });
  const requests = [...idle, ...traffic({ phase: 'peak', startMs: minutes5 })];
  const observations = observationsOf({ load: loadFor([requirement], requests, phases, ['peak']) });
  const verdict = judgeAll([requirement], judgeInputOf([requirement], observations)).verdicts[0];
  assert.ok(verdict);
  return verdict;
}

const idleOf = (times: number): SimulatedRequest[] =>
  traffic({ phase: 'idle' }).map((request) => ({ ...request, latencyMs: times * request.latencyMs }));

test('half of what it was is not reached by what it was', () => {
  const same = pair(0.5, idleOf(1));
  assert.equal(same.verdict, 'fail', same.explanation);
  const better = pair(0.5, idleOf(3));
  assert.equal(better.verdict, 'pass', better.explanation);
});

test('an improvement on earlier runs is one, whatever the least effect', () => {
  const requirement = requirementOf({
    type: 'degradation',
    options: { minEffect: 500 },
    require: ruleOf(
      clauseOf({
        stat: quantile(0.95),
        op: 'lte',
        limit: { kind: 'baseline', plus: { value: -0.1, unit: 'ratio', text: '-10%' } },
      }),
    ),
  });
  const baselines = [1, 2, 3, 4, 5].map((run) => ({
    requirement: 'R-1',
    statistic: 'p95',
    runId: `RUN${run}`,
    value: 59 + run / 100,
    samples: 12_000,
  }));
  const load = loadFor([requirement], traffic());
  const observations = observationsOf({ load, baselines: baselines as never });
  const verdict = judgeAll([requirement], judgeInputOf([requirement], observations)).verdicts[0];
  assert.equal(verdict?.verdict, 'fail', verdict?.explanation);
});

test('a difference too small to matter is still no degradation', () => {
  const slower = pair(1, idleOf(0.95));
  assert.equal(slower.verdict, 'pass', slower.explanation);
});

test('too few requests are not no data', () => {
  const few = traffic({ phase: 'idle', rate: 0.1 });
  const verdict = pair(2, few, { onNoData: 'fail' });
  assert.deepEqual([verdict.verdict, verdict.reason], ['inconclusive', 'too-few-samples'], verdict.explanation);
  assert.match(verdict.explanation, /have 12,000 and 30/);
  const none = pair(2, [], { onNoData: 'fail' });
  assert.deepEqual([none.verdict, none.reason], ['fail', 'no-data'], none.explanation);
});

test('fewer samples than asked for are inconclusive', () => {
  const verdict = pair(2, idleOf(1), { minSamples: 20_000, slice: millis(5000) });
  assert.deepEqual([verdict.verdict, verdict.reason], ['inconclusive', 'too-few-samples'], verdict.explanation);
  assert.match(verdict.need ?? '', /need 20,000 samples, have 12,000/);
});
