// The Universal Scalability Law: what keeps throughput from growing with capacity, and where it peaks.
import { fitCurve } from './levenberg-marquardt.ts';

export interface UslFit {
  /** Throughput of one unit. */
  readonly lambda: number;
  /** Contention: the share of work that cannot run side by side. */
  readonly sigma: number;
  /** Coherency: the cost of every pair talking to each other. */
  readonly kappa: number;
  /** Where throughput peaks: sqrt((1 - sigma) / kappa). Infinite without coherency cost. */
  readonly peak: number;
}

/** Throughput at N units. */
export function uslThroughput(n: number, lambda: number, sigma: number, kappa: number): number {
  return (lambda * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1));
}

/**
 * Fits X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1)), all three >= 0 (N. J. Gunther, Guerrilla Capacity Planning, 2007). Undefined with fewer than
 * three different N: three unknowns need three points.
 */
export function fitUsl(units: readonly number[], throughput: readonly number[]): UslFit | undefined {
  if (new Set(units).size < 3 || throughput.some((value) => !(value > 0))) return undefined;
  const first = Math.max(...units.map((n, i) => (throughput[i] ?? 0) / n));
  // In units of the best single-unit throughput all three parameters are near 1 or below.
  const fit = fitCurve({
    curve: (n, [lambda = 1, sigma = 0, kappa = 0]) => uslThroughput(n, lambda, sigma, kappa),
    xs: units,
    ys: throughput.map((value) => value / first),
    start: [1, 0.05, 0.001],
    lowest: [1e-9, 0, 0],
  });
  const [scaled = 1, sigma = 0, kappa = 0] = fit.parameters;
  const peak = kappa > 1e-12 ? Math.sqrt(Math.max(0, 1 - sigma) / kappa) : Number.POSITIVE_INFINITY;
  return { lambda: scaled * first, sigma, kappa, peak };
}
