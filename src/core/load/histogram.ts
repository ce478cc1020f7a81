// A log-linear latency histogram: 128 buckets an octave, so any value is known to 0.8 % and values below 256 exactly.
//
//   value      0 1 2 ... 255 | 256-257 258-259 ... 510-511 | 512-515 ...          (whole microseconds)
//   bucket     0 1 2 ... 255 |   256     257   ...   383   |   384   ...
//
// Same idea as HdrHistogram (Gil Tene), with a fixed range up to 71 minutes. Merges by addition, so threads, slices and machines add up.
import type { HistogramData } from '../model/load.ts';

const SUB_BITS = 7;
const SUB_BUCKETS = 1 << SUB_BITS;
const MAX_VALUE = 0xffffffff;

/** How many buckets there are: values up to 2^32 - 1 microseconds (71 minutes); anything slower is kept in the last one. */
export const BUCKET_COUNT: number = bucketOf(MAX_VALUE) + 1;

/** A histogram being filled. Mutable on purpose: it is the hot loop's only memory. Each bucket counts up to 2^32 - 1. */
export interface Histogram {
  readonly counts: Uint32Array;
  count: number;
  /** Microseconds, as are `min` and `max`; `min` is 2^32 while empty. */
  sum: number;
  min: number;
  max: number;
}

/** An empty histogram: 13 KiB, never more. */
export function createHistogram(): Histogram {
  return { counts: new Uint32Array(BUCKET_COUNT), count: 0, sum: 0, min: MAX_VALUE + 1, max: 0 };
}

/** Adds one value in microseconds, rounded to whole ones; below 0 counts as 0. */
export function record(histogram: Histogram, microseconds: number): void {
  const value = microseconds < 0 ? 0 : Math.floor(microseconds + 0.5);
  const bucket = value > MAX_VALUE ? BUCKET_COUNT - 1 : bucketOf(value);
  histogram.counts[bucket] = (histogram.counts[bucket] as number) + 1;
  histogram.count += 1;
  histogram.sum += value;
  if (value < histogram.min) histogram.min = value;
  if (value > histogram.max) histogram.max = value;
}

/** The bucket of a whole number of microseconds between 0 and 2^32 - 1. */
export function bucketOf(value: number): number {
  if (value < SUB_BUCKETS) return value;
  const octave = 31 - Math.clz32(value);
  return ((octave - SUB_BITS) << SUB_BITS) + (value >>> (octave - SUB_BITS));
}

/** The sparse form: only buckets that hold something. */
export function toData(histogram: Histogram): HistogramData {
  const buckets: number[] = [];
  const counts: number[] = [];
  if (histogram.count > 0) {
    const last = bucketOf(Math.min(histogram.max, MAX_VALUE));
    for (let bucket = bucketOf(Math.min(histogram.min, MAX_VALUE)); bucket <= last; bucket += 1) {
      const count = histogram.counts[bucket] as number;
      if (count === 0) continue;
      buckets.push(bucket);
      counts.push(count);
    }
  }
  const min = histogram.count === 0 ? 0 : histogram.min;
  return { buckets, counts, count: histogram.count, sum: histogram.sum, min, max: histogram.max };
}

/** Adds every value of `data` to `histogram`. */
export function addData(histogram: Histogram, data: HistogramData): void {
  if (data.count === 0) return;
  for (let i = 0; i < data.buckets.length; i += 1) {
    const bucket = data.buckets[i] as number;
    histogram.counts[bucket] = (histogram.counts[bucket] as number) + (data.counts[i] as number);
  }
  histogram.count += data.count;
  histogram.sum += data.sum;
  histogram.min = Math.min(histogram.min, data.min);
  histogram.max = Math.max(histogram.max, data.max);
}

/** Forgets every value. */
export function clear(histogram: Histogram): void {
  histogram.counts.fill(0);
  histogram.count = 0;
  histogram.sum = 0;
  histogram.min = MAX_VALUE + 1;
  histogram.max = 0;
}

/** The histogram of all values of `parts` together. */
export function mergeData(parts: Iterable<HistogramData>): HistogramData {
  const whole = createHistogram();
  for (const part of parts) addData(whole, part);
  return toData(whole);
}
