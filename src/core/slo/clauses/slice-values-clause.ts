// Judges a gauge slice by slice: "value <= 0.8 in 95% of slices".
import type { CanonicalUnit, Clause, Requirement } from '../../model/requirement.ts';
import type { ClauseVerdict } from '../../model/verdict.ts';
import type { SliceGrid } from '../evidence/series-slices.ts';
import { staleness } from '../evidence/series-slices.ts';
import { limitValues } from '../evidence/watch.ts';
import { complement } from '../statistics/complement.ts';
import { meanOf } from '../statistics/mean-interval.ts';
import { sayCount, sayQuantity, sayShare } from '../wording.ts';
import { noDataVerdict, unsupportedVerdict } from './clause-verdict.ts';
import { decideBeyond, independent } from './decide-beyond.ts';
import { compareInterval, isLower } from './mean-clause.ts';

export interface SliceValues {
  readonly grid: SliceGrid;
  /** One value a slice, undefined where none came. */
  readonly values: readonly (number | undefined)[];
  readonly name: string;
}

/**
 * Each slice keeps the limit or does not; the share of slices that do not gets an exact bound. Without `in ... of slices` none may break it. A percentile allows
 * its own share. Holes in the values make it `stale-data`.
 */
export function judgeSliceValues(clause: Clause, found: SliceValues, requirement: Requirement): ClauseVerdict {
  const limits = limitValues(clause);
  const limit = isLower(clause.op) ? limits[0] : limits.at(-1);
  if (limit === undefined) return unsupportedVerdict(clause, 'a gauge is compared with a fixed limit only');
  const stale = staleness(found.grid, found.values);
  if (stale !== undefined) return noDataVerdict(clause, stale);
  const known = found.values.filter((value) => value !== undefined);
  const isKept = (value: number): boolean => compareInterval(clause.op, [value, value], limits) === 'pass';
  const slices = known.map((value) => ({ requests: 1, bad: isKept(value) ? 0 : 1 }));
  const outcome = decideBeyond({
    beyond: { least: slices, most: slices },
    sliceMs: found.grid.sliceMs,
    wantedSliceMs: found.grid.sliceMs,
    allowed: allowedShare(clause),
    needsOne: isLeastOfMax(clause),
    confidence: requirement.confidence,
    minSamples: requirement.minSamples,
    effect: independent,
  });
  const { decision } = outcome;
  const value = decidingValue(clause, known);
  const unit = unitOf(clause);
  const counts = `${sayCount(decision.bad)} of ${sayCount(decision.samples)} slices beyond it (${sayShare(decision.badShare)}, allowed ${sayShare(decision.allowed)})`;
  const need = outcome.verdict === 'inconclusive' ? `; ${outcome.need}` : '';
  return {
    clause: clause.text,
    verdict: outcome.verdict,
    observed: { value, unit, confidence: requirement.confidence },
    limit,
    decision,
    explanation: `${found.name} ${sayQuantity(value, unit)}, limit ${sayQuantity(limit, unit)}: ${counts}${need}`,
    ...(outcome.verdict === 'inconclusive' ? { reason: outcome.reason, need: outcome.need } : {}),
  };
}

/** `max in_flight >= 5`: one slice is enough. */
const isLeastOfMax = ({ stat, op, inSlices }: Clause): boolean =>
  stat.kind === 'named' && stat.name === 'max' && isLower(op) && inSlices === undefined;

function allowedShare(clause: Clause): number {
  if (clause.inSlices !== undefined) return complement(clause.inSlices);
  if (clause.stat.kind !== 'quantile') return 0;
  return isLower(clause.op) ? clause.stat.q : complement(clause.stat.q);
}

/** The value on which the rule turns: the one that just as many slices as allowed lie beyond. */
function decidingValue(clause: Clause, known: readonly number[]): number {
  const sorted = Float64Array.from(known).sort();
  if (isLeastOfMax(clause)) return sorted.at(-1) ?? meanOf(known);
  const spared = Math.floor(allowedShare(clause) * sorted.length + 1e-9);
  const index = isLower(clause.op) ? spared : sorted.length - 1 - spared;
  return sorted[Math.min(sorted.length - 1, Math.max(0, index))] ?? meanOf(known);
}

/** A query answers in its own unit: the limit's says how to write it. */
export function unitOf(clause: Clause): CanonicalUnit {
  switch (clause.limit.kind) {
    case 'fixed':
      return clause.limit.quantity.unit;
    case 'range':
      return clause.limit.low.unit;
    case 'baseline':
    case 'multiple':
      return '';
  }
}
