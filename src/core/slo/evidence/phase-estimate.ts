// A percentile or mean of response time in some phases with its interval, for comparing phases and runs.
import { countAbove, mergeHistograms, valueAtRank } from '../../model/histogram-data.ts';
import type { HistogramData, LoadGroup } from '../../model/load.ts';
import { complement } from '../statistics/complement.ts';
import { type DesignEffect, designEffect, effectiveSamples } from '../statistics/design-effect.ts';
import { meanInterval } from '../statistics/mean-interval.ts';
import type { Estimate } from '../statistics/ratio-interval.ts';
import { shareBand } from '../statistics/share-band.ts';
import { fewFailures } from './evidence.ts';
import { type AlignedSlice, alignedSlices, answeredTotal } from './watch-evidence.ts';

/** The value and bounds are infinite where they fall among failed requests. */
export interface PhaseEstimate extends Estimate {
  /** Requests that count, and how many of them failed. */
  readonly samples: number;
  readonly failed: number;
  /** Bursts at this percentile; lent to a baseline that does not know its own interval. */
  readonly effect: DesignEffect;
}

export interface EstimateOptions {
  readonly confidence: number;
  /** Failed requests count neither as slow nor as samples. */
  readonly excluded: boolean;
}

/** Milliseconds; the order-statistic interval on effective samples, failed requests last. Undefined when there are too few requests for an interval. */
export function phaseQuantile(
  groups: readonly LoadGroup[],
  q: number,
  { confidence, excluded }: EstimateOptions,
): PhaseEstimate | undefined {
  const slices = alignedSlices(groups);
  const { answered, failed } = totalsOf(slices, excluded);
  const samples = answered.count + failed;
  if (samples === 0) return undefined;
  const at = valueWithin(answered, q * samples);
  const level = at === undefined ? answered.max : at[0] - 1;
  const counted = slices.map((slice) => {
    const lost = excluded ? 0 : slice.failed;
    return {
      requests: slice.answered.count + lost,
      bad: countAbove(slice.answered, level).least + lost,
      stratum: slice.phase,
    };
  });
  const effect = designEffect(counted, { merge: 1, floor: 1 });
  const effective = effectiveSamples(samples, effect, confidence);
  const estimate = histogramQuantile({ answered, samples }, q, effective, confidence);
  return estimate && { ...estimate, samples, failed, effect };
}

/** A distribution of answers among so many requests; those it does not hold failed. */
export interface Distribution {
  readonly answered: HistogramData;
  readonly samples: number;
}

/** The same from a distribution alone, worth so many independent samples. */
export function histogramQuantile(
  { answered, samples: n }: Distribution,
  q: number,
  effective: number,
  confidence: number,
): Estimate | undefined {
  const { pass, fail } = shareBand(complement(q), effective, confidence);
  if (n === 0 || pass === undefined || fail === undefined) return undefined;
  const at = valueWithin(answered, q * n);
  const low = valueWithin(answered, Math.max(1, n - Math.ceil(fail * n) + 1));
  const high = valueWithin(answered, n - Math.floor(pass * n));
  return {
    value: at === undefined ? Number.POSITIVE_INFINITY : (at[0] + at[1]) / 2000,
    interval: [
      low === undefined ? Number.POSITIVE_INFINITY : low[0] / 1000,
      high === undefined ? Number.POSITIVE_INFINITY : high[1] / 1000,
    ],
  };
}

/**
 * Mean of what was answered, by batch means over slices. A failed request has no time: with a few of them the mean has no upper bound, with more than chance explains no value.
 */
export function phaseMean(
  groups: readonly LoadGroup[],
  { confidence, excluded }: EstimateOptions,
): PhaseEstimate | undefined {
  const slices = alignedSlices(groups);
  const { answered, failed } = totalsOf(slices, excluded);
  const filled = slices.filter((slice) => slice.answered.count > 0);
  const found = meanInterval(filled.map(answeredTotal), confidence);
  const infinite = Number.POSITIVE_INFINITY;
  const samples = answered.count + failed;
  const effect = { effect: 1, slices: filled.length, merged: 1, lag1: 0, steady: true };
  if (failed > fewFailures) return { value: infinite, interval: [infinite, infinite], samples, failed, effect };
  if (found === undefined || filled.length < 10) return undefined;
  const interval = [found.interval[0], failed > 0 ? infinite : found.interval[1]] as const;
  const own = { effect: 1, slices: found.batches, merged: found.merged, lag1: found.lag1, steady: true };
  return { value: failed > 0 ? infinite : found.mean, interval, samples, failed, effect: own };
}

function totalsOf(
  slices: readonly AlignedSlice[],
  excluded: boolean,
): { readonly answered: HistogramData; readonly failed: number } {
  return {
    answered: mergeHistograms(slices.map((slice) => slice.answered)),
    failed: excluded ? 0 : slices.reduce((sum, slice) => sum + slice.failed, 0),
  };
}

/** Undefined beyond the answers: among what failed. */
export function valueWithin(answered: HistogramData, rank: number): readonly [number, number] | undefined {
  return Math.ceil(rank - 1e-9) > answered.count ? undefined : valueAtRank(answered, rank);
}
