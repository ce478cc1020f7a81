// Failed requests have no time: they lie beyond every value, and nothing looks fast because of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { histogramOf, smallestValues, withoutValues } from '../../../src/core/model/histogram-data.ts';
import type { Requirement } from '../../../src/core/model/requirement.ts';
import type { ClauseVerdict } from '../../../src/core/model/verdict.ts';
import { judgeAll } from '../../../src/core/slo/judge.ts';
import type { SimulatedRequest } from '../../support/load-result-of.ts';
import {
  clauseOf,
  evaluationOf,
  fixed,
  judgeInputOf,
  named,
  observationsOf,
  requirementOf,
  ruleOf,
} from '../../support/requirement-of.ts';
import { loadFor, measureOf, minutes5, traffic } from './cases/simulated.ts';

const meanRule = ruleOf(clauseOf({ stat: named('mean'), op: 'lte', limit: fixed(300), text: 'mean <= 300ms' }));
const mean = requirementOf({ id: 'MEAN', type: 'latency', require: meanRule });

/** Every request that the test chooses fails, in 2 ms. */
function failing(isFailed: (i: number) => boolean, requests = traffic()): SimulatedRequest[] {
  return requests.map((request, i) => (isFailed(i) ? { ...request, latencyMs: 2, failed: true } : request));
}

function judge(
  requirement: Requirement,
  requests: readonly SimulatedRequest[],
  failuresCountAs: 'bad' | 'excluded' = 'bad',
): ClauseVerdict {
  const observations = observationsOf({ load: loadFor([requirement], requests) });
  const evaluation = evaluationOf(['peak'], { failuresCountAs });
  const clause = judgeAll([requirement], judgeInputOf([requirement], observations, { evaluation })).verdicts[0]
    ?.clauses[0];
  assert.ok(clause);
  return clause;
}

test('a mean over failed requests has no value and fails', () => {
  const clause = judge(
    mean,
    failing(() => true),
  );
  assert.equal(clause.verdict, 'fail', clause.explanation);
  assert.equal(clause.observed?.value, undefined);
  assert.match(
    clause.explanation,
    /^mean has no value \(12,000 of 12,000 requests failed\), limit 300 ms: .*percentile/,
  );
});

test('a handful of failures leaves a mean open, and one too slow all the same fails', () => {
  const few = judge(
    mean,
    failing((i) => i < 3),
  );
  assert.deepEqual([few.verdict, few.reason], ['inconclusive', 'straddles'], few.explanation);
  const slow = traffic().map((request) => ({ ...request, latencyMs: request.latencyMs * 10 }));
  assert.equal(
    judge(
      mean,
      failing((i) => i < 3, slow),
    ).verdict,
    'fail',
  );
});

test('excluded failures leave the mean of what was answered', () => {
  const clause = judge(
    mean,
    failing((i) => i % 2 === 0),
    'excluded',
  );
  assert.equal(clause.verdict, 'pass', clause.explanation);
  assert.ok(Math.abs((clause.observed?.value ?? 0) - 50) < 1, clause.explanation);
});

test('a lower limit on a mean is not kept by failures', () => {
  const stat = named('mean');
  const least = { ...mean, require: ruleOf(clauseOf({ stat, op: 'gte', limit: fixed(10), text: 'mean >= 10ms' })) };
  const found = judge(
    least,
    failing((i) => i % 2 === 0),
  );
  assert.equal(found.verdict, 'inconclusive', found.explanation);
});

test('a mean over too few slices names the slices it has', () => {
  const brief = traffic({ durationMs: 3000 });
  const clause = judge(mean, brief);
  assert.equal(clause.need, 'need 5 slices of 1 s, have 3');
});

test('a mean of spans that failed has no value either', () => {
  const spans: Requirement = { ...mean, source: 'trace' };
  const measure = measureOf('MEAN/root', 'rootDuration', 2000, (i) => ({ value: 40, failed: i % 5 === 0 }));
  const load = loadFor([mean], traffic());
  const [verdict] = judgeAll([spans], judgeInputOf([spans], observationsOf({ load, measures: [measure] }))).verdicts;
  assert.equal(verdict?.verdict, 'fail', verdict?.explanation);
  assert.match(verdict.explanation, /^mean has no value \(400 of 2,000 traces failed\)/);
});

const twice = (stat: string): Requirement =>
  requirementOf({
    id: 'PAIR',
    type: 'degradation',
    require: ruleOf(
      clauseOf({
        stat: named(stat, ['peak']),
        op: 'lte',
        limit: { kind: 'multiple', factor: 2, stat: named(stat, ['idle']) },
      }),
    ),
  });

/** Idle, then peak, with these shares of requests that fail in 2 ms. */
function pair(stat: string, idle: number, peak: number): ClauseVerdict {
  const requirement = twice(stat);
  const isIn = (share: number) => (i: number) => share > 0 && i % Math.round(1 / share) === 0;
  const requests = [
    ...failing(isIn(idle), traffic({ phase: 'idle' })),
    ...failing(isIn(peak), traffic({ phase: 'peak', startMs: minutes5 })),
  ];
  const phases = [
    { name: 'idle', startMs: 0, endMs: minutes5 },
    { name: 'peak', startMs: minutes5, endMs: 2 * minutes5 },
  ];
  const load = loadFor([requirement], requests, phases, ['peak']);
  const clause = judgeAll([requirement], judgeInputOf([requirement], observationsOf({ load }))).verdicts[0]?.clauses[0];
  assert.ok(clause);
  return clause;
}

test('failing fast is no improvement on another phase', () => {
  for (const [stat, peak, wanted] of [
    ['p95', 0, 'pass'],
    ['p95', 0.02, 'pass'],
    ['p95', 0.5, 'fail'],
    ['p95', 1, 'fail'],
    ['p50', 0.2, 'pass'],
    ['mean', 0, 'pass'],
    ['mean', 0.2, 'fail'],
  ] as const) {
    const clause = pair(stat, 0, peak);
    assert.equal(clause.verdict, wanted, `${stat} ${peak}: ${clause.explanation}`);
  }
});

test('a phase that failed itself is nothing to compare with', () => {
  const clause = pair('p95', 0.5, 0);
  assert.equal(clause.verdict, 'inconclusive', clause.explanation);
  assert.match(clause.explanation, /too many requests failed in idle/);
});

test('a histogram without some of its values', () => {
  const whole = histogramOf([1, 2, 2, 300, 5000]);
  const left = withoutValues(whole, histogramOf([2, 5000]));
  assert.deepEqual([left.count, left.sum, left.min], [3, 303, 1]);
  assert.ok(left.max >= 300 && left.max < 304);
  assert.deepEqual(withoutValues(whole, whole).count, 0);
  assert.deepEqual(smallestValues(whole, 2).counts, [1, 1]);
  assert.equal(withoutValues(whole, smallestValues(whole, 5)).count, 0);
});
