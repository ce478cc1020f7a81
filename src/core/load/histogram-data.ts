// Questions to a finished histogram: quantiles, shares above a limit, mean; and the sum of several.
import type { HistogramData } from '../model/load.ts';
import { addData, bucketHigh, bucketLow, createHistogram, toData } from './histogram.ts';

/** A histogram without values. */
export const EMPTY_HISTOGRAM: HistogramData = Object.freeze({
  buckets: [],
  counts: [],
  count: 0,
  sum: 0,
  min: 0,
  max: 0,
});

/** The histogram of all values of `parts` together. */
export function mergeData(parts: Iterable<HistogramData>): HistogramData {
  const whole = createHistogram();
  for (const part of parts) addData(whole, part);
  return toData(whole);
}

/**
 * The value in microseconds that a share `q` (0..1) of all values does not exceed, within 0.4 % (the middle of its bucket);
 * exact at q = 0 and q = 1. Never falls as `q` rises. Undefined without values. For people to read: verdicts count, they do not interpolate.
 */
export function quantile(data: HistogramData, q: number): number | undefined {
  if (data.count === 0) return undefined;
  if (q <= 0) return data.min;
  if (q >= 1) return data.max;
  const rank = Math.max(1, Math.ceil(q * data.count - 1e-9));
  let seen = 0;
  for (let i = 0; i < data.buckets.length; i += 1) {
    seen += data.counts[i] as number;
    if (seen < rank) continue;
    const bucket = data.buckets[i] as number;
    const middle = (bucketLow(bucket) + bucketHigh(bucket)) / 2;
    return Math.min(data.max, Math.max(data.min, middle));
  }
  return data.max;
}

/** Mean in microseconds, exact; undefined without values. */
export function mean(data: HistogramData): number | undefined {
  return data.count === 0 ? undefined : data.sum / data.count;
}

/**
 * How many values are surely above `limit` microseconds: those of the buckets that begin above it. The bucket that holds the limit
 * (0.8 % wide at most, one value below 256) is not counted.
 */
export function countAbove(data: HistogramData, limit: number): number {
  let above = 0;
  for (let i = data.buckets.length - 1; i >= 0; i -= 1) {
    if (bucketLow(data.buckets[i] as number) <= limit) break;
    above += data.counts[i] as number;
  }
  return above;
}
