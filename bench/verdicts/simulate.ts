// Runs the real judgement many times on traffic whose truth is known, and counts how often it was wrong.
import type { Requirement } from '../../src/core/model/requirement.ts';
import { millis, ratio } from '../../src/core/model/units.ts';
import type { ClauseVerdict } from '../../src/core/model/verdict.ts';
import { judgeAll } from '../../src/core/slo/judge.ts';
import { needsOf } from '../../src/core/slo/needs.ts';
import { loadResultOf } from '../../test/support/load-result-of.ts';
import {
  clauseOf,
  fixed,
  judgeInputOf,
  observationsOf,
  quantile,
  requirementOf,
  ruleOf,
} from '../../test/support/requirement-of.ts';
import { simulateLatencies, trueQuantile } from './traffic.ts';

export interface Cell {
  readonly q: number;
  readonly rho: number;
  readonly requests: number;
  /** Requests a second. */
  readonly rate: number;
  /** Limit as a multiple of the true percentile: 1 is the limit itself, 1 / 1.3 a clear violation. */
  readonly limitFactor: number;
  /** Of each one-sided bound. */
  readonly confidence: number;
  readonly sliceMs: number;
}

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly open: number;
  /** Shares of runs with an interval whose lower, upper, both bounds were right. */
  readonly lowRight: number;
  readonly highRight: number;
  readonly covered: number;
  /** Shares of runs that had an interval. */
  readonly withInterval: number;
}

export function simulate(cell: Cell, runs: number, seed: number): Outcome {
  const truth = trueQuantile(cell.q);
  const tally = { pass: 0, fail: 0, open: 0, low: 0, high: 0, both: 0, intervals: 0 };
  for (let run = 0; run < runs; run++) {
    const verdict = judgeOnce(cell, truth * cell.limitFactor, seed + run * 7919);
    if (verdict.verdict === 'pass') tally.pass++;
    else if (verdict.verdict === 'fail') tally.fail++;
    else tally.open++;
    const interval = verdict.observed?.interval;
    if (interval === undefined) continue;
    tally.intervals++;
    // The truth may lie inside the bucket (0.8% wide) whose middle the bound shows.
    const isLowRight = interval[0] <= truth * 1.005;
    const isHighRight = interval[1] >= truth * 0.995;
    if (isLowRight) tally.low++;
    if (isHighRight) tally.high++;
    if (isLowRight && isHighRight) tally.both++;
  }
  const intervals = Math.max(1, tally.intervals);
  return {
    passed: tally.pass / runs,
    failed: tally.fail / runs,
    open: tally.open / runs,
    lowRight: tally.low / intervals,
    highRight: tally.high / intervals,
    covered: tally.both / intervals,
    withInterval: tally.intervals / runs,
  };
}

function judgeOnce(cell: Cell, limit: number, seed: number): ClauseVerdict {
  const requirement = requirementFor(cell, limit);
  const latencies = simulateLatencies(cell.requests, cell.rho, seed);
  const every = 1000 / cell.rate;
  const requests = Array.from(latencies, (latencyMs, i) => ({ atMs: i * every, latencyMs }));
  const input = judgeInputOf([requirement], observationsOf());
  const load = loadResultOf({
    requests,
    phases: [{ name: 'peak', startMs: 0, endMs: cell.requests * every }],
    watches: needsOf([requirement], input).watches,
  });
  const judged = judgeAll([requirement], { ...input, observations: observationsOf({ load }) });
  const clause = judged.verdicts[0]?.clauses[0];
  if (clause === undefined) throw new Error('a simulated run was not judged');
  return clause;
}

function requirementFor(cell: Cell, limit: number): Requirement {
  const clause = clauseOf({ stat: quantile(cell.q), op: 'lte', limit: fixed(limit) });
  return requirementOf({
    type: 'latency',
    require: ruleOf(clause),
    slice: millis(cell.sliceMs),
    confidence: ratio(cell.confidence),
  });
}
