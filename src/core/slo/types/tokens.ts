// tokens: how many tokens a second a user gets, and the whole system gives.

import { bucketHigh, bucketLow, mergeHistograms } from '../../model/histogram-data.ts';
import type { HistogramData, LoadResult } from '../../model/load.ts';
import type { Clause, Requirement } from '../../model/requirement.ts';
import type { ClauseVerdict } from '../../model/verdict.ts';
import { belowMinimum, inconclusiveVerdict, noDataVerdict, unsupportedVerdict } from '../clauses/clause-verdict.ts';
import { compareInterval, isLower } from '../clauses/mean-clause.ts';
import { judgeQuantile } from '../clauses/quantile-clause.ts';
import { isEvidence } from '../evidence/evidence.ts';
import { inverseEvidence } from '../evidence/inverse-evidence.ts';
import { rateSlices, secondsOf } from '../evidence/rate-slices.ts';
import { groupsOf, phasesOf } from '../evidence/scope.ts';
import { clausesOf, fineSlice, limitValues, watchFor } from '../evidence/watch.ts';
import { watchEvidence } from '../evidence/watch-evidence.ts';
import type { JudgeContext, NeedsContext, RequirementType } from '../requirement-type.ts';
import { meanInterval } from '../statistics/mean-interval.ts';
import { normalQuantile } from '../statistics/normal.ts';
import { type Estimate, productInterval } from '../statistics/ratio-interval.ts';
import { sayCount, sayInterval, sayQuantity } from '../wording.ts';
import { noNeeds, textOption } from './type-options.ts';

export const tokens: RequirementType = {
  name: 'tokens',
  title: 'Tokens come fast enough',
  doc: `\`perUser p10 >= 25 tok/s\` is the speed at which one user's answer is written: 1 / TPOT, or output tokens divided by the whole response time with \`basis: e2e\`. It is judged as a share: at
most 10% of answers may be slower than 25 tok/s or fail. Tokens come from \`usage\`, not from chunk counts.

\`system >= 1500 tok/s\` is output tokens by wall time: answers a second (batch means over slices) times tokens an answer, with the intervals of both.`,
  example: `- id: LLM-04
  type: tokens
  require: perUser p10 >= 25 tok/s`,
  stats: [
    { kind: 'quantile', units: ['tok/s'], of: ['perUser'], inSlices: true, over: true },
    { kind: 'named', name: 'system', args: [], units: ['tok/s'] },
  ],
  where: ['scenario', 'route', 'phase'],
  vantages: ['client'],
  options: {
    basis: {
      kind: 'text',
      required: false,
      oneOf: ['tpot', 'e2e'],
      doc: 'Time that tokens are divided by: from the first token on (tpot, default), or from the intended start (e2e).',
    },
  },
  refs: { query: 'forbidden', dataSourceRef: 'forbidden', sloRef: 'forbidden' },
  needs: (requirement, context) => ({ ...noNeeds, watches: [watchOf(requirement, context)] }),
  judge: (requirement, rule, context) => ({
    clauses: rule.clauses.map((clause) =>
      clause.stat.kind === 'quantile'
        ? judgeUser(clause, clause.stat.q, requirement, context)
        : judgeSystem(clause, requirement, context),
    ),
    notes: [],
  }),
};

/** Limits in tok/s are thresholds in ms a token. */
function watchOf(requirement: Requirement, context: NeedsContext) {
  const perUser = clausesOf(requirement).filter((clause) => clause.stat.kind === 'quantile');
  const measure = textOption(requirement, 'basis') === 'e2e' ? 'responsePerToken' : 'tpot';
  const thresholds = perUser.flatMap(limitValues).map((limit) => 1000 / limit);
  return watchFor(requirement, context, measure, thresholds);
}

function judgeUser(clause: Clause, q: number, requirement: Requirement, context: JudgeContext): ClauseVerdict {
  const found = watchEvidence(requirement, watchOf(requirement, context), context, 'answers');
  if (!isEvidence(found)) return noDataVerdict(clause, found);
  return judgeQuantile(clause, q, inverseEvidence(found, 1000, 'tok/s'), requirement);
}

function judgeSystem(clause: Clause, requirement: Requirement, context: JudgeContext): ClauseVerdict {
  const limits = limitValues(clause);
  const limit = isLower(clause.op) ? limits[0] : limits.at(-1);
  if (limit === undefined) return unsupportedVerdict(clause, 'tokens a second are compared with a fixed limit only');
  const { load } = context.observations;
  const rate = load && answerRate(load, requirement, context);
  const perAnswer = load && tokensPerAnswer(load, requirement, context);
  if (rate === undefined || perAnswer === undefined)
    return noDataVerdict(clause, { reason: 'no-data', message: 'no answer with a token count was received' });
  const found = productInterval(rate, perAnswer.estimate);
  if (found === undefined)
    return inconclusiveVerdict(clause, 'too-few-samples', 'need answers in more slices: the rate has no interval yet');
  const observed = {
    value: found.value,
    unit: 'tok/s' as const,
    interval: found.interval,
    confidence: requirement.confidence,
  };
  const explanation = `system ${sayInterval(found.value, found.interval, 'tok/s')}, limit ${sayQuantity(limit, 'tok/s')}: ${sayCount(perAnswer.answers)} answers of ${sayQuantity(perAnswer.estimate.value, '')} tokens`;
  const few = belowMinimum(clause, perAnswer.answers, requirement, { observed, limit, explanation });
  if (few !== undefined) return few;
  const verdict = compareInterval(clause.op, found.interval, limits);
  if (verdict !== 'open') return { clause: clause.text, verdict, observed, limit, explanation };
  const need = 'the interval holds the limit: a longer run would narrow it';
  return inconclusiveVerdict(clause, 'straddles', need, { observed, limit, explanation: `${explanation}; ${need}` });
}

/** Good answers a second. At least ten slices, else no estimate. */
function answerRate(load: LoadResult, requirement: Requirement, context: JudgeContext): Estimate | undefined {
  const watch = load.watches.find((each) => each.id === requirement.id);
  if (watch === undefined) return undefined;
  const slices = rateSlices(load, watch, phasesOf(requirement, context), {
    fineMs: fineSlice(requirement.slice),
    wantedMs: requirement.slice,
    counted: (slice) => slice.requests - slice.failed,
  });
  const found = slices.length < 10 ? undefined : meanInterval(secondsOf(slices), requirement.confidence);
  return found && { value: found.mean, interval: found.interval };
}

function tokensPerAnswer(
  load: LoadResult,
  requirement: Requirement,
  context: JudgeContext,
): { readonly estimate: Estimate; readonly answers: number } | undefined {
  const groups = groupsOf(load, requirement, phasesOf(requirement, context));
  const histogram = mergeHistograms(groups.flatMap((group) => group.histograms.outputTokens ?? []));
  if (histogram.count < 2) return undefined;
  const mean = histogram.sum / histogram.count;
  const error = Math.sqrt(varianceOfBuckets(histogram, mean) / histogram.count);
  const reach = normalQuantile(requirement.confidence) * error;
  return { estimate: { value: mean, interval: [mean - reach, mean + reach] }, answers: histogram.count };
}

/** Of the bucket middles around the exact mean. */
function varianceOfBuckets(histogram: HistogramData, mean: number): number {
  const squares = histogram.buckets.reduce((sum, bucket, i) => {
    const middle = (bucketLow(bucket) + bucketHigh(bucket)) / 2;
    return sum + (histogram.counts[i] ?? 0) * (middle - mean) ** 2;
  }, 0);
  return squares / (histogram.count - 1);
}
