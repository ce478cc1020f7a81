// Judges a mean over slices of time: throughput, mean latency.
import type { CanonicalUnit, Clause, Comparison, Requirement } from '../../model/requirement.ts';
import type { ClauseVerdict } from '../../model/verdict.ts';
import { limitValues } from '../evidence/watch.ts';
import { correlationLimit, fewestSlices } from '../statistics/design-effect.ts';
import { meanInterval, meanOfSlices, type SliceTotal } from '../statistics/mean-interval.ts';
import { sayDuration, sayInterval, sayQuantity } from '../wording.ts';
import { belowMinimum, inconclusiveVerdict, unsupportedVerdict } from './clause-verdict.ts';

export interface MeanEvidence {
  /** In time order. */
  readonly slices: readonly SliceTotal[];
  readonly sliceMs: number;
  readonly unit: CanonicalUnit;
  readonly name: string;
  /** What `minSamples` counts. */
  readonly samples: number;
}

/** With fewer slices than this even a clear mean is not judged. */
const fewestValues = 5;

/** Pass when the whole interval of batch means keeps the limit, fail when all of it breaks it. */
export function judgeMean(clause: Clause, evidence: MeanEvidence, requirement: Requirement): ClauseVerdict {
  const limits = limitValues(clause);
  const limit = isLower(clause.op) ? limits[0] : limits.at(-1);
  if (limit === undefined) return unsupportedVerdict(clause, 'a mean is compared with a fixed limit only');
  const found = meanInterval(evidence.slices, requirement.confidence);
  const { length } = evidence.slices;
  if (length === 0) return inconclusiveVerdict(clause, 'no-data', sayFew(evidence));
  if (found === undefined || length < fewestValues) {
    const { confidence } = requirement;
    const seen = { value: meanOfSlices(evidence.slices), unit: evidence.unit, confidence };
    return inconclusiveVerdict(clause, 'too-few-samples', sayFew(evidence), { observed: seen, limit });
  }
  if (!Number.isFinite(found.mean)) return infiniteMean(clause, { ...evidence, mean: found.mean, limit }, requirement);
  // Rates, times and numbers of requests are never negative, however few slices widen the interval.
  const interval: readonly [number, number] = [Math.max(0, found.interval[0]), found.interval[1]];
  const observed = {
    value: found.mean,
    unit: evidence.unit,
    interval,
    confidence: requirement.confidence,
  };
  const said = `${evidence.name} ${sayInterval(found.mean, interval, evidence.unit)}, limit ${sayQuantity(limit, evidence.unit)}`;
  const explanation = `${said}: mean of ${length} slices of ${sayDuration(evidence.sliceMs)}`;
  const few = belowMinimum(clause, evidence.samples, requirement, { observed, limit, explanation });
  if (few !== undefined) return few;
  const verdict = compareInterval(clause.op, interval, limits);
  if (verdict !== 'open') return { clause: clause.text, verdict, observed, limit, explanation };
  const isBursty = found.lag1 > correlationLimit;
  const need = isBursty
    ? `neighbouring slices correlate: need ${fewestSlices} slices of ${sayDuration(evidence.sliceMs * found.merged)} or longer`
    : 'the interval holds the limit: a longer run would narrow it';
  return inconclusiveVerdict(clause, isBursty ? 'autocorrelated' : 'straddles', need, {
    observed,
    limit,
    explanation: `${explanation}; ${need}`,
  });
}

const sayFew = ({ slices, sliceMs }: MeanEvidence): string =>
  slices.length < fewestValues
    ? `need ${fewestValues} slices of ${sayDuration(sliceMs)}, have ${slices.length}`
    : `need two slices of ${sayDuration(sliceMs)} in a phase, have one`;

/** Of values one of which is infinite: it can break a limit, and keeps none. */
function infiniteMean(
  clause: Clause,
  { mean, limit, unit, name }: Omit<MeanEvidence, 'slices'> & { readonly mean: number; readonly limit: number },
  { confidence }: Requirement,
): ClauseVerdict {
  const need = 'a value is infinite: there is no mean';
  const rest = { observed: { value: mean, unit, confidence }, limit };
  const explanation = `${name} ${sayQuantity(mean, unit)}, limit ${sayQuantity(limit, unit)}: ${need}`;
  return compareInterval(clause.op, [mean, mean], limitValues(clause)) === 'fail'
    ? { clause: clause.text, verdict: 'fail', ...rest, explanation }
    : inconclusiveVerdict(clause, 'unsteady', need, { ...rest, explanation });
}

/** Whether the smaller number of a clause is the one that matters. */
export const isLower = (op: Comparison): boolean => op === 'gte' || op === 'gt';

/** Where an interval lies to the limits of a clause (one number, or two for a range). */
export function compareInterval(
  op: Comparison,
  [low, high]: readonly [number, number],
  limits: readonly number[],
): 'pass' | 'fail' | 'open' {
  const first = limits[0] ?? Number.NaN;
  const last = limits.at(-1) ?? Number.NaN;
  switch (op) {
    case 'lte':
      return high <= last ? 'pass' : low > last ? 'fail' : 'open';
    case 'lt':
      return high < last ? 'pass' : low >= last ? 'fail' : 'open';
    case 'gte':
      return low >= first ? 'pass' : high < first ? 'fail' : 'open';
    case 'gt':
      return low > first ? 'pass' : high <= first ? 'fail' : 'open';
    case 'eq':
    case 'between':
      if (low >= first && high <= last) return 'pass';
      return low > last || high < first ? 'fail' : 'open';
  }
}
