// The growth of the error rate against earlier runs, in percentage points.
import type { Clause, Quantity, Requirement } from '../../model/requirement.ts';
import { belowMinimum, inconclusiveVerdict, noDataVerdict } from '../clauses/clause-verdict.ts';
import { compareInterval } from '../clauses/mean-clause.ts';
import { earlierValues } from '../evidence/compared-statistic.ts';
import { groupsOf, phasesOf } from '../evidence/scope.ts';
import { alignedSlices } from '../evidence/watch-evidence.ts';
import type { JudgeContext } from '../requirement-type.ts';
import { designEffect } from '../statistics/design-effect.ts';
import { shareDifference } from '../statistics/two-proportions.ts';
import { sayCount, sayShare } from '../wording.ts';
import { type Compared, noBaseline } from './compared.ts';

/** The runs' shares are pooled by their samples; bursts are taken to be like this run's. */
export function judgeErrorGrowth(
  clause: Clause,
  plus: Quantity,
  requirement: Requirement,
  context: JudgeContext,
): Compared {
  const { load } = context.observations;
  const baselines = earlierValues(clause.stat, requirement, context);
  const slices = load === undefined ? [] : alignedSlices(groupsOf(load, requirement, phasesOf(requirement, context)));
  const counted = slices.map((slice) => ({ requests: slice.requests, bad: slice.failed, stratum: slice.phase }));
  const samples = counted.reduce((sum, slice) => sum + slice.requests, 0);
  const bad = counted.reduce((sum, slice) => sum + slice.bad, 0);
  if (samples === 0)
    return { verdict: noDataVerdict(clause, { reason: 'no-data', message: 'no requests were sent' }), notes: [] };
  const value = bad / samples;
  if (baselines.length === 0) {
    const observed = { value, unit: 'ratio' as const, confidence: requirement.confidence };
    const explanation = `error rate ${sayShare(value)}: ${noBaseline}`;
    return { verdict: inconclusiveVerdict(clause, 'no-baseline', noBaseline, { observed, explanation }), notes: [] };
  }
  const effect = designEffect(counted, { merge: 1, floor: 1 });
  const before = {
    bad: baselines.reduce((sum, each) => sum + each.value * each.samples, 0),
    samples: baselines.reduce((sum, each) => sum + each.samples, 0),
  };
  const found = shareDifference({ bad, samples, effect }, { ...before, effect }, requirement.confidence);
  if (found === undefined) {
    const need = `need failures counted in more slices of both, have ${sayCount(samples)} requests now and ${sayCount(before.samples)} before`;
    return { verdict: inconclusiveVerdict(clause, 'too-few-samples', need), notes: [] };
  }
  const was = before.bad / before.samples;
  const interval = [Math.max(0, was + found.interval[0]), Math.min(1, was + found.interval[1])] as const;
  const observed = { value, unit: 'ratio' as const, interval, confidence: requirement.confidence };
  const limit = was + plus.value;
  const explanation = `error rate ${sayShare(value)}, limit ${sayShare(limit)}: baseline ${sayShare(was)}, growth ${sayShare(found.difference)} points (${sayShare(found.interval[0])} to ${sayShare(found.interval[1])})`;
  const baseline = { value: was, runs: baselines.length, change: was > 0 ? value / was - 1 : 0 };
  const few = belowMinimum(clause, samples, requirement, { observed, limit, explanation });
  if (few !== undefined) return { verdict: few, baseline, notes: [] };
  const verdict = compareInterval(clause.op, found.interval, [plus.value]);
  if (verdict !== 'open')
    return { verdict: { clause: clause.text, verdict, observed, limit, explanation }, baseline, notes: [] };
  const need = 'the interval of the growth holds the limit: more requests would narrow it';
  return {
    verdict: inconclusiveVerdict(clause, 'straddles', need, {
      observed,
      limit,
      explanation: `${explanation}; ${need}`,
    }),
    baseline,
    notes: [],
  };
}
