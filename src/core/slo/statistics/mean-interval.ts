// The interval of a mean over slices of time (batch means), and of a mean judged from a handful of values.
import { correlationLimit } from './design-effect.ts';
import { studentTQuantile } from './student-t.ts';

export interface MeanInterval {
  readonly mean: number;
  /** Two one-sided bounds, each holding with the confidence asked for. */
  readonly interval: readonly [number, number];
  /** Batches it rests on, and how many of the given values make one. */
  readonly batches: number;
  readonly merged: number;
  readonly lag1: number;
  /** Half-width of `interval` in standard errors, for combining with other estimates. */
  readonly standardError: number;
}

/** Joining stops here: with fewer batches Student's t is so wide that the correlation matters less. */
const fewestBatches = 10;

/**
 * Batch means: neighbouring values are averaged until they no longer correlate, then Student's t bounds their mean (Law and Kelton, Simulation Modeling and Analysis;
 * the doubling rule of REQUIREMENTS.md 1.3). What correlation is left widens the interval as in an AR(1) process.
 * Values of equal weight. Undefined with fewer than two values: a mean of one has no interval.
 */
export function meanInterval(values: readonly number[], confidence: number): MeanInterval | undefined {
  if (values.length < 2) return undefined;
  let merged = 1;
  let batches = values;
  let lag1 = lag1Of(batches);
  while (lag1 > correlationLimit && Math.floor(batches.length / 2) >= fewestBatches) {
    merged *= 2;
    batches = pairMeans(batches);
    lag1 = lag1Of(batches);
  }
  const mean = meanOf(values);
  const left = Math.min(0.95, Math.max(0, lag1));
  const variance = (varianceOf(batches) * (1 + left)) / (1 - left);
  const standardError = Math.sqrt(variance / batches.length);
  const reach = standardError === 0 ? 0 : studentTQuantile(confidence, batches.length - 1) * standardError;
  return { mean, interval: [mean - reach, mean + reach], batches: batches.length, merged, lag1, standardError };
}

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

function pairMeans(values: readonly number[]): readonly number[] {
  const whole = Math.floor(values.length / 2);
  return Array.from({ length: whole }, (_, i) => meanOf(values.slice(2 * i, i === whole - 1 ? undefined : 2 * i + 2)));
}
