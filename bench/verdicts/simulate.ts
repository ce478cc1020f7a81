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

export interface Traffic {
  readonly q: number;
  /** Correlation of neighbouring requests. */
  readonly rho: number;
  readonly requests: number;
  /** Requests a second. */
  readonly rate: number;
  readonly sliceMs: number;
}

/** One question put to every simulated run. */
export interface Question {
  /** Limit as a multiple of the true percentile: 1 is the limit itself, 1 / 1.3 a clear violation. */
  readonly limitFactor: number;
  /** Of each one-sided bound. */
  readonly confidence: number;
}

/** Shares of all runs; of runs with an interval for the last three. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly open: number;
  readonly withInterval: number;
  /** The lower, the upper, both bounds were right. */
  readonly lowRight: number;
  readonly highRight: number;
  readonly covered: number;
}

/** An outcome a question. */
export function simulate(
  traffic: Traffic,
  questions: readonly Question[],
  runs: number,
  seed: number,
): readonly Outcome[] {
  const truth = trueQuantile(traffic.q);
  const seen = Array.from({ length: runs }, (_, run) => judgeRun(traffic, questions, seed + run * 7919));
  return questions.map((_, i) =>
    outcomeOf(
      seen.map((clauses) => clauses[i] as ClauseVerdict),
      truth,
    ),
  );
}

function judgeRun(traffic: Traffic, questions: readonly Question[], seed: number): readonly ClauseVerdict[] {
  const requirements = questions.map((question, i) => requirementFor(traffic, question, i));
  const every = 1000 / traffic.rate;
  const latencies = simulateLatencies(traffic.requests, traffic.rho, seed);
  const requests = Array.from(latencies, (latencyMs, i) => ({ atMs: i * every, latencyMs }));
  const input = judgeInputOf(requirements, observationsOf());
  const load = loadResultOf({
    requests,
    phases: [{ name: 'peak', startMs: 0, endMs: traffic.requests * every }],
    watches: needsOf(requirements, input).watches,
  });
  const judged = judgeAll(requirements, { ...input, observations: observationsOf({ load }) });
  return judged.verdicts.flatMap((verdict) => verdict.clauses);
}

function requirementFor(traffic: Traffic, question: Question, index: number): Requirement {
  const limit = trueQuantile(traffic.q) * question.limitFactor;
  return requirementOf({
    id: `R-${index}`,
    type: 'latency',
    require: ruleOf(clauseOf({ stat: quantile(traffic.q), op: 'lte', limit: fixed(limit) })),
    slice: millis(traffic.sliceMs),
    confidence: ratio(question.confidence),
  });
}

function outcomeOf(clauses: readonly ClauseVerdict[], truth: number): Outcome {
  const share = <T>(items: readonly T[], isSo: (item: T) => boolean): number =>
    items.length === 0 ? Number.NaN : items.filter(isSo).length / items.length;
  const intervals = clauses.flatMap((clause) =>
    clause.observed?.interval === undefined ? [] : [clause.observed.interval],
  );
  // A bound is the middle of a bucket 0.8% wide: the truth may lie in its other half.
  const isLowRight = ([low]: readonly [number, number]): boolean => low <= truth * 1.004;
  const isHighRight = ([, high]: readonly [number, number]): boolean => high >= truth * 0.996;
  return {
    passed: share(clauses, (clause) => clause.verdict === 'pass'),
    failed: share(clauses, (clause) => clause.verdict === 'fail'),
    open: share(clauses, (clause) => clause.verdict === 'inconclusive'),
    withInterval: intervals.length / clauses.length,
    lowRight: share(intervals, isLowRight),
    highRight: share(intervals, isHighRight),
    covered: share(intervals, (interval) => isLowRight(interval) && isHighRight(interval)),
  };
}
