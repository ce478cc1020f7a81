// A percentile or mean of response time in some phases with its interval, for comparing phases and runs.
import { countAbove, mergeHistograms, valueAtRank } from '../../model/histogram-data.ts';
import type { HistogramData, LoadGroup } from '../../model/load.ts';
import { complement } from '../statistics/complement.ts';
import { type DesignEffect, designEffect, effectiveSamples } from '../statistics/design-effect.ts';
import { meanInterval } from '../statistics/mean-interval.ts';
import type { Estimate } from '../statistics/ratio-interval.ts';
import { shareBand } from '../statistics/share-band.ts';
import { alignedSlices } from './watch-evidence.ts';

export interface PhaseEstimate extends Estimate {
  readonly samples: number;
  /** Bursts at this percentile; lent to the baseline, whose slices are not kept. */
  readonly effect: DesignEffect;
}

/** Milliseconds; the order-statistic interval on effective samples. Undefined when there are too few requests for an interval. */
export function phaseQuantile(groups: readonly LoadGroup[], q: number, confidence: number): PhaseEstimate | undefined {
  const slices = alignedSlices(groups);
  const whole = mergeHistograms(slices.map((slice) => slice.response));
  const at = valueAtRank(whole, q * whole.count);
  if (at === undefined) return undefined;
  const counted = slices.map((slice) => ({
    requests: slice.response.count,
    bad: countAbove(slice.response, at[0] - 1).least,
    stratum: slice.phase,
  }));
  const effect = designEffect(counted, { merge: 1, floor: 1 });
  const estimate = histogramQuantile(whole, q, effectiveSamples(whole.count, effect, confidence), confidence);
  return estimate && { ...estimate, samples: whole.count, effect };
}

/** The same from a distribution alone, worth so many independent samples. */
export function histogramQuantile(
  histogram: HistogramData,
  q: number,
  effective: number,
  confidence: number,
): Estimate | undefined {
  const n = histogram.count;
  const { pass, fail } = shareBand(complement(q), effective, confidence);
  const at = valueAtRank(histogram, q * n);
  if (at === undefined || pass === undefined || fail === undefined) return undefined;
  const low = valueAtRank(histogram, Math.max(1, n - Math.ceil(fail * n) + 1));
  const high = valueAtRank(histogram, n - Math.floor(pass * n));
  if (low === undefined || high === undefined) return undefined;
  return { value: (at[0] + at[1]) / 2000, interval: [low[0] / 1000, high[1] / 1000] };
}

/** Mean of the slices' means, by batch means. */
export function phaseMean(groups: readonly LoadGroup[], confidence: number): PhaseEstimate | undefined {
  const filled = alignedSlices(groups).filter((slice) => slice.response.count > 0);
  const found = meanInterval(
    filled.map((slice) => slice.response.sum / slice.response.count / 1000),
    confidence,
  );
  if (found === undefined || filled.length < 10) return undefined;
  const samples = filled.reduce((sum, slice) => sum + slice.response.count, 0);
  const effect = { effect: 1, slices: found.batches, merged: found.merged, lag1: found.lag1, steady: true };
  return { value: found.mean, interval: found.interval, samples, effect };
}
