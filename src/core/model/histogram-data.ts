// The arithmetic of latency histograms: which bucket holds a value, and what the counts say about quantiles and limits.
import type { HistogramData } from './load.ts';

/*
 * The bucket rule, for whole values v >= 0 (microseconds):
 *
 *   v < 256   bucket = v                                  one value a bucket
 *   v >= 256  e = floor(log2 v) - 7                       128 buckets an octave
 *             bucket = 128 e + floor(v / 2^e)
 *
 *   v       0 .. 255 | 256 258 260 .. 510 | 512 516 .. 1020 | 1024 ..
 *   bucket  0 .. 255 | 256 257 258 .. 383 | 384 385 ..  511 |  512 ..
 *   width          1 |                  2 |               4 |    8
 *
 * A bucket is never wider than 1/128 of its lower edge, so a value read from one is at most 0.8% wrong.
 * Log-linear buckets as in HdrHistogram (G. Tene) and DDSketch (Masson, Rim, Lee, VLDB 2019).
 */

/** Sub-buckets in an octave. */
const bucketsPerOctave = 128;

/** The bucket that holds a value; fractions are cut off, negative values count as 0. */
export function bucketOf(value: number): number {
  const whole = Math.max(0, Math.floor(value));
  if (whole < 2 * bucketsPerOctave) return whole;
  const exponent = octaveOf(whole) - 7;
  return bucketsPerOctave * exponent + Math.floor(whole / 2 ** exponent);
}

/** The smallest whole value in a bucket. */
export function bucketLow(bucket: number): number {
  return bucket < 2 * bucketsPerOctave ? bucket : mantissaOf(bucket) * 2 ** exponentOf(bucket);
}

/** The largest whole value in a bucket. */
export function bucketHigh(bucket: number): number {
  return bucket < 2 * bucketsPerOctave ? bucket : (mantissaOf(bucket) + 1) * 2 ** exponentOf(bucket) - 1;
}

/**
 * The two whole values between which the value of a rank lies (1 = smallest, `count` = largest), both inclusive.
 * Undefined when the histogram is empty; a rank outside 1..count is moved to the nearer end.
 */
export function valueAtRank(histogram: HistogramData, rank: number): readonly [number, number] | undefined {
  if (histogram.count === 0) return undefined;
  // A rank is a product of a share: what lies a rounding above a whole number is that number.
  const wanted = Math.min(Math.max(1, Math.ceil(rank - 1e-9)), histogram.count);
  let seen = 0;
  for (let i = 0; i < histogram.buckets.length; i++) {
    seen += histogram.counts[i] ?? 0;
    if (seen >= wanted) return withinExtremes(histogram, histogram.buckets[i] ?? 0);
  }
  return [histogram.max, histogram.max];
}

/** A histogram without values. */
export const emptyHistogram: HistogramData = Object.freeze({
  buckets: [],
  counts: [],
  count: 0,
  sum: 0,
  min: 0,
  max: 0,
});

/**
 * The q-quantile (0..1) for display, in the histogram's unit: the middle of the bucket that holds rank ceil(q n), at most 0.4% off, exact at both ends.
 * Undefined when empty. A verdict is never decided on it: count what lies above the limit instead.
 */
export function quantileOf(histogram: HistogramData, q: number): number | undefined {
  if (histogram.count > 0 && (q <= 0 || q >= 1)) return q <= 0 ? histogram.min : histogram.max;
  const bounds = valueAtRank(histogram, q * histogram.count);
  return bounds && (bounds[0] + bounds[1]) / 2;
}

/** How many values exceed a limit: between the two counts, which differ when the limit lies inside a bucket. */
export function countAbove(histogram: HistogramData, limit: number): { readonly least: number; readonly most: number } {
  if (histogram.count === 0 || histogram.max <= limit) return { least: 0, most: 0 };
  if (histogram.min > limit) return { least: histogram.count, most: histogram.count };
  let least = 0;
  let most = 0;
  for (let i = 0; i < histogram.buckets.length; i++) {
    const count = histogram.counts[i] ?? 0;
    const bucket = histogram.buckets[i] ?? 0;
    if (bucketLow(bucket) > limit) least += count;
    if (bucketHigh(bucket) > limit) most += count;
  }
  return { least, most };
}

/** The sum of several histograms, as if all their values had been recorded in one. */
export function mergeHistograms(histograms: readonly HistogramData[]): HistogramData {
  const filled = histograms.filter((histogram) => histogram.count > 0);
  const counts = new Map<number, number>();
  for (const histogram of filled) {
    histogram.buckets.forEach((bucket, i) => {
      counts.set(bucket, (counts.get(bucket) ?? 0) + (histogram.counts[i] ?? 0));
    });
  }
  const buckets = [...counts.keys()].sort((a, b) => a - b);
  return {
    buckets,
    counts: buckets.map((bucket) => counts.get(bucket) ?? 0),
    count: sumOf(filled, (histogram) => histogram.count),
    sum: sumOf(filled, (histogram) => histogram.sum),
    min: filled.length === 0 ? 0 : filled.reduce((low, { min }) => Math.min(low, min), Number.POSITIVE_INFINITY),
    max: filled.reduce((high, { max }) => Math.max(high, max), 0),
  };
}

/** What is left of a histogram without some of its values. The extremes are known to the bucket only. */
export function withoutValues(whole: HistogramData, part: HistogramData): HistogramData {
  if (part.count === 0) return whole;
  const taken = new Map(part.buckets.map((bucket, i) => [bucket, part.counts[i] ?? 0]));
  const left = whole.buckets.flatMap((bucket, i) => {
    const count = (whole.counts[i] ?? 0) - (taken.get(bucket) ?? 0);
    return count > 0 ? [{ bucket, count }] : [];
  });
  const first = left[0];
  const last = left.at(-1);
  return {
    buckets: left.map(({ bucket }) => bucket),
    counts: left.map(({ count }) => count),
    count: left.reduce((sum, { count }) => sum + count, 0),
    sum: first === undefined ? 0 : Math.max(0, whole.sum - part.sum),
    min: first === undefined ? 0 : withinExtremes(whole, first.bucket)[0],
    max: last === undefined ? 0 : withinExtremes(whole, last.bucket)[1],
  };
}

/** The smallest `count` values, as a histogram of their own. */
export function smallestValues(whole: HistogramData, count: number): HistogramData {
  const kept: { readonly bucket: number; readonly count: number }[] = [];
  let missing = count;
  for (let i = 0; i < whole.buckets.length && missing > 0; i++) {
    const bucket = whole.buckets[i] ?? 0;
    const taken = Math.min(missing, whole.counts[i] ?? 0);
    kept.push({ bucket, count: taken });
    missing -= taken;
  }
  const last = kept.at(-1);
  return {
    buckets: kept.map(({ bucket }) => bucket),
    counts: kept.map((each) => each.count),
    count: kept.reduce((sum, each) => sum + each.count, 0),
    sum: kept.reduce((sum, each) => sum + each.count * bucketLow(each.bucket), 0),
    min: kept.length === 0 ? 0 : whole.min,
    max: last === undefined ? 0 : withinExtremes(whole, last.bucket)[1],
  };
}

/** A histogram of whole values, mostly for small samples and tests; the load engine fills its own in place. */
export function histogramOf(values: readonly number[]): HistogramData {
  const whole = values.map((value) => Math.max(0, Math.floor(value)));
  const counts = new Map<number, number>();
  for (const value of whole) counts.set(bucketOf(value), (counts.get(bucketOf(value)) ?? 0) + 1);
  const buckets = [...counts.keys()].sort((a, b) => a - b);
  return {
    buckets,
    counts: buckets.map((bucket) => counts.get(bucket) ?? 0),
    count: whole.length,
    sum: whole.reduce((sum, value) => sum + value, 0),
    min: whole.length === 0 ? 0 : whole.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY),
    max: whole.reduce((high, value) => Math.max(high, value), 0),
  };
}

const exponentOf = (bucket: number): number => Math.floor(bucket / bucketsPerOctave) - 1;
const mantissaOf = (bucket: number): number => (bucket % bucketsPerOctave) + bucketsPerOctave;

/** floor(log2 value), exact for every safe integer: Math.log2 alone rounds up just below a power of two. */
function octaveOf(value: number): number {
  const guess = Math.floor(Math.log2(value));
  return 2 ** guess > value ? guess - 1 : guess;
}

function withinExtremes(histogram: HistogramData, bucket: number): readonly [number, number] {
  return [Math.max(bucketLow(bucket), histogram.min), Math.min(bucketHigh(bucket), histogram.max)];
}

function sumOf(histograms: readonly HistogramData[], pick: (histogram: HistogramData) => number): number {
  return histograms.reduce((sum, histogram) => sum + pick(histogram), 0);
}
