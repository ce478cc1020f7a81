// The interval of a mean over time: a sum over slices divided by what it is spread over (requests, seconds), by batch means.
import { correlationLimit, mergeNeighbours, strataOf } from './design-effect.ts';
import { studentTQuantile } from './student-t.ts';

/** What one slice of time adds to a mean: milliseconds and requests, requests and seconds, or a value of weight 1. */
export interface SliceTotal {
  readonly total: number;
  readonly weight: number;
  /** Slices are compared within it (a phase), so that a planned change of load is no scatter. */
  readonly stratum?: string;
}

export interface MeanInterval {
  readonly mean: number;
  /** Two one-sided bounds, each holding with the confidence asked for. */
  readonly interval: readonly [number, number];
  /** Batches it rests on, and how many of the given slices make one. */
  readonly batches: number;
  readonly merged: number;
  readonly lag1: number;
}

/** Joining stops here: with fewer batches Student's t is so wide that the correlation matters less. */
const fewestBatches = 10;
/** Scatter below this share of the values is rounding. */
const negligible = 1e-12;

/**
 * The mean is the ratio of two sums, R = sum of totals / sum of weights: a slice with ten times the requests has ten times the say. Its variance comes from what each slice has more or less than its
 * stratum's own ratio times its weight (the ratio estimator; W. G. Cochran, Sampling Techniques, 1977, 6.3 and 6.11). Neighbours are joined until they no longer correlate, then Student's t
 * bounds the mean (Law and Kelton, Simulation Modeling and Analysis; the doubling rule of REQUIREMENTS.md 1.3). What correlation is left widens the interval as in an AR(1) process.
 * In time order; slices without weight are left out. Undefined with no stratum of two slices: nothing tells how they scatter.
 */
export function meanInterval(slices: readonly SliceTotal[], confidence: number): MeanInterval | undefined {
  const all = slices.filter(({ weight }) => weight > 0);
  let merged = 1;
  let batches: readonly SliceTotal[] = all;
  let look = scatterOf(batches);
  while (look.lag1 > correlationLimit && Math.floor(batches.length / 2) >= fewestBatches) {
    merged *= 2;
    batches = pairs(batches);
    look = scatterOf(batches);
  }
  if (look.degrees < 1) return undefined;
  const mean = meanOfSlices(all);
  const left = Math.min(0.95, Math.max(0, look.lag1));
  const variance = (look.squares * (batches.length / look.degrees) * (1 + left)) / (1 - left);
  const standardError = Math.sqrt(variance) / sumOf(all, ({ weight }) => weight);
  const reach = standardError === 0 ? 0 : studentTQuantile(confidence, look.degrees) * standardError;
  return { mean, interval: [mean - reach, mean + reach], batches: batches.length, merged, lag1: look.lag1 };
}

/** NaN of nothing. */
export function meanOfSlices(slices: readonly SliceTotal[]): number {
  return sumOf(slices, ({ total }) => total) / sumOf(slices, ({ weight }) => weight);
}

/** Squares of what the slices have beside their stratum's ratio, and how neighbours of one stratum correlate in it. */
function scatterOf(slices: readonly SliceTotal[]): {
  readonly squares: number;
  readonly lag1: number;
  readonly degrees: number;
} {
  let squares = 0;
  let products = 0;
  let degrees = 0;
  for (const stratum of strataOf(slices)) {
    const ratio = meanOfSlices(stratum);
    const residuals = stratum.map(({ total, weight }) => total - ratio * weight);
    residuals.forEach((residual, i) => {
      squares += residual * residual;
      products += i > 0 ? residual * (residuals[i - 1] ?? 0) : 0;
    });
    degrees += stratum.length - 1;
  }
  const isRounding = squares <= negligible ** 2 * sumOf(slices, ({ total }) => total * total);
  return isRounding ? { squares: 0, lag1: 0, degrees } : { squares, lag1: products / squares, degrees };
}

const pairs = (slices: readonly SliceTotal[]): readonly SliceTotal[] =>
  mergeNeighbours(slices, 2, (a, b) => ({ ...a, total: a.total + b.total, weight: a.weight + b.weight }));

const sumOf = (slices: readonly SliceTotal[], pick: (slice: SliceTotal) => number): number =>
  slices.reduce((sum, slice) => sum + pick(slice), 0);

/** Correlation of neighbouring values; 0 when nothing varies. */
export function lag1Of(values: readonly number[]): number {
  const mean = meanOf(values);
  let squares = 0;
  let products = 0;
  values.forEach((value, i) => {
    squares += (value - mean) ** 2;
    if (i > 0) products += (value - mean) * ((values[i - 1] ?? mean) - mean);
  });
  return squares > 0 ? products / squares : 0;
}

/** NaN of nothing. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of a sample: divided by n - 1. */
export function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
}
