// The slope of a noisy series, with an interval: the median of all pairwise slopes, which a few outliers cannot move.
import { mannKendall, type TrendTest } from './mann-kendall.ts';
import { lag1Of } from './mean-interval.ts';
import { normalQuantile } from './normal.ts';

export interface Slope {
  /** Per unit of `times`. */
  readonly slope: number;
  /** Two one-sided bounds. */
  readonly interval: readonly [number, number];
  readonly trend: TrendTest;
}

/** Fewer points than this give no slope worth judging. */
const fewestPoints = 10;

/**
 * H. Theil (1950), P. K. Sen, JASA 63 (1968): the slope is the median of the slopes of all pairs, its bounds are order statistics of those slopes placed by the
 * deviation of Kendall's s (R. O. Gilbert, Statistical Methods for Environmental Pollution Monitoring, 1987, section 16.5). Points with equal times give no pair. Undefined with fewer than 10 points. O(n^2): for slices, not for requests.
 */
export function theilSen(times: readonly number[], values: readonly number[], confidence: number): Slope | undefined {
  if (times.length < fewestPoints) return undefined;
  const slopes = pairSlopes(times, values);
  const slope = medianOfSorted(slopes);
  if (slope === undefined) return undefined;
  const residuals = values.map((value, i) => value - slope * (times[i] ?? 0));
  const trend = mannKendall(values, lag1Of(residuals));
  const reach = normalQuantile(confidence) * trend.deviation;
  // Gilbert's ranks M1 and M2 + 1, counted from 1, moved outwards to whole numbers.
  const low = slopes[Math.max(0, Math.floor((slopes.length - reach) / 2) - 1)];
  const high = slopes[Math.min(slopes.length - 1, Math.ceil((slopes.length + reach) / 2))];
  return low === undefined || high === undefined ? undefined : { slope, interval: [low, high], trend };
}

function pairSlopes(times: readonly number[], values: readonly number[]): Float64Array {
  const slopes = new Float64Array((times.length * (times.length - 1)) / 2);
  let found = 0;
  for (let i = 0; i < times.length; i++) {
    for (let j = i + 1; j < times.length; j++) {
      const apart = (times[j] ?? 0) - (times[i] ?? 0);
      if (apart !== 0) slopes[found++] = ((values[j] ?? 0) - (values[i] ?? 0)) / apart;
    }
  }
  return slopes.subarray(0, found).sort();
}

function medianOfSorted(values: Float64Array): number | undefined {
  const low = values[Math.floor((values.length - 1) / 2)];
  const high = values[Math.floor(values.length / 2)];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
