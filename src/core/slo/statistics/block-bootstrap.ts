// The interval of any statistic of a time series, by resampling whole blocks of neighbours.
import { randomStream } from './random.ts';

export interface BootstrapOptions {
  /** Of each one-sided bound. */
  readonly confidence: number;
  /** Neighbours in a block. Default: the cube root of the series' length, as Hall, Horowitz and Jing (Biometrika 82, 1995) derive for a variance. */
  readonly block?: number;
  /** Default 1,000. */
  readonly resamples?: number;
  readonly seed?: number;
}

/** Fewer points than this give no interval worth the name. */
const fewestPoints = 30;

/**
 * Two one-sided percentile bounds of `statistic` by the moving-block bootstrap (H. R. Kuensch, Annals of Statistics 17, 1989): blocks may overlap and are drawn
 * with replacement, so correlation within a block survives. For means and middle quantiles only: it covers too little in tails (REQUIREMENTS.md 1.3).
 * Undefined with fewer than 30 points.
 */
export function blockBootstrap<T>(
  points: readonly T[],
  statistic: (sample: readonly T[]) => number,
  options: BootstrapOptions,
): readonly [number, number] | undefined {
  if (points.length < fewestPoints) return undefined;
  const block = Math.max(1, Math.min(points.length, options.block ?? Math.ceil(Math.cbrt(points.length))));
  const resamples = options.resamples ?? 1000;
  const random = randomStream(options.seed ?? 1);
  const values = Array.from({ length: resamples }, () => statistic(resample(points, block, random)))
    .filter((value) => !Number.isNaN(value))
    .sort((a, b) => a - b);
  if (values.length < resamples / 2) return undefined;
  const tail = Math.floor((1 - options.confidence) * (values.length + 1));
  const low = values[Math.max(0, tail - 1)];
  const high = values[Math.min(values.length - 1, values.length - tail)];
  return low === undefined || high === undefined ? undefined : [low, high];
}

function resample<T>(points: readonly T[], block: number, random: () => number): readonly T[] {
  const sample: T[] = [];
  while (sample.length < points.length) {
    const start = Math.floor(random() * (points.length - block + 1));
    for (let i = 0; i < block && sample.length < points.length; i++) sample.push(points[start + i] as T);
  }
  return sample;
}
