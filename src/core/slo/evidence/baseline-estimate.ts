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
const fewestForSpread = 3;

/**
 * The geometric mean of the runs' values. With three runs or more their scatter gives its interval and the noise of a single run (Student's t on logarithms); with fewer, the newest run's own
 * distribution gives the interval, on as many effective samples as bursts like the present run's leave. Undefined without a positive value.
 */
export function baselineEstimate(
  baselines: readonly BaselineObservation[],
  current: PhaseEstimate,
  q: number | undefined,
  confidence: number,
): BaselineEstimate | undefined {
  const known = baselines.filter((baseline) => baseline.value > 0 && Number.isFinite(baseline.value));
  const logs = known.map((baseline) => Math.log(baseline.value));
  if (logs.length === 0) return undefined;
  const value = Math.exp(meanOf(logs));
  if (logs.length >= fewestForSpread) {
    const reach = studentTQuantile(confidence, logs.length - 1) * Math.sqrt(varianceOf(logs));
    const ofMean = Math.exp(reach / Math.sqrt(logs.length));
    return { value, interval: [value / ofMean, value * ofMean], runs: logs.length, spread: Math.exp(reach), notes: [] };
  }
  const own = q === undefined ? undefined : ownInterval(known, current, q, confidence);
  const notes = [`noise between runs is not known from ${logs.length} earlier ${logs.length === 1 ? 'run' : 'runs'}`];
  return { value, interval: own ?? [value, value], runs: logs.length, spread: 1, notes };
}

function ownInterval(
  baselines: readonly BaselineObservation[],
  current: PhaseEstimate,
  q: number,
  confidence: number,
): readonly [number, number] | undefined {
  const histogram = baselines.find((baseline) => baseline.histogram !== undefined)?.histogram;
  if (histogram === undefined) return undefined;
  return histogramQuantile(histogram, q, effectiveSamples(histogram.count, current.effect, confidence), confidence)
    ?.interval;
}
