// What earlier runs say a value normally is, and how much it varies from run to run.
import type { BaselineObservation } from '../../model/observations.ts';
import { effectiveSamples } from '../statistics/design-effect.ts';
import { meanOf, varianceOf } from '../statistics/mean-interval.ts';
import type { Estimate } from '../statistics/ratio-interval.ts';
import { studentTQuantile } from '../statistics/student-t.ts';
import { histogramQuantile, type PhaseEstimate } from './phase-estimate.ts';

export interface BaselineEstimate extends Estimate {
  readonly runs: number;
  /** Factor within which one more run like these would lie, at the confidence asked for; 1 when unknown. */
  readonly spread: number;
  readonly notes: readonly string[];
}

/** From this many runs on, their scatter tells the noise between runs. */
export const fewestForSpread = 3;

/** Earlier runs there are, but too few to tell how much their value may be off. */
export interface TooFewRuns {
  readonly runs: number;
}

/**
 * The geometric mean of the runs' values. With three runs or more their scatter gives its interval and the noise of a single run (Student's t on logarithms); with fewer, the widest of the
 * runs' own intervals does, or of their distributions, on as many effective samples as bursts like the present run's leave. A value without any interval is never taken as exact.
 * Undefined without a positive value.
 */
export function baselineEstimate(
  baselines: readonly BaselineObservation[],
  current: PhaseEstimate,
  q: number | undefined,
  confidence: number,
): BaselineEstimate | TooFewRuns | undefined {
  const known = baselines.filter((baseline) => baseline.value > 0 && Number.isFinite(baseline.value));
  const logs = known.map((baseline) => Math.log(baseline.value));
  if (logs.length === 0) return undefined;
  const value = Math.exp(meanOf(logs));
  if (logs.length >= fewestForSpread) {
    const reach = studentTQuantile(confidence, logs.length - 1) * Math.sqrt(varianceOf(logs));
    const ofMean = Math.exp(reach / Math.sqrt(logs.length));
    return { value, interval: [value / ofMean, value * ofMean], runs: logs.length, spread: Math.exp(reach), notes: [] };
  }
  const own = known.flatMap((baseline) => ownEstimate(baseline, current, q, confidence) ?? []);
  if (own.length === 0) return { runs: logs.length };
  const notes = [`noise between runs is not known from ${logs.length} earlier ${logs.length === 1 ? 'run' : 'runs'}`];
  const down = Math.min(...own.map((each) => each.interval[0] / each.value));
  const up = Math.max(...own.map((each) => each.interval[1] / each.value));
  return { value, interval: [value * down, value * up], runs: logs.length, spread: 1, notes };
}

function ownEstimate(
  { value, interval, confidence: kept, histogram, samples }: BaselineObservation,
  current: PhaseEstimate,
  q: number | undefined,
  confidence: number,
): Estimate | undefined {
  if (interval !== undefined && (kept ?? 0) >= confidence) return { value, interval };
  if (q === undefined || histogram === undefined) return undefined;
  const effective = effectiveSamples(samples, current.effect, confidence);
  return histogramQuantile({ answered: histogram, samples }, q, effective, confidence);
}
