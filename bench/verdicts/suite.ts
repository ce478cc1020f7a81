// The simulation suite: which traffic is judged how often, in full and shortened for CI.
import { type Detection, detectionSize } from './detection.ts';
import { type MethodCase, type MethodOutcome, measureMethod, methodCases } from './other-methods.ts';
import { type Outcome, simulate, type Traffic } from './simulate.ts';

export interface AtLimit {
  readonly traffic: Traffic;
  readonly runs: number;
  /** One-sided 95% bounds, the limit on the true percentile. */
  readonly verdicts: Outcome;
  /** Two-sided 95% intervals, the limit on the true percentile and 1.3 times above. */
  readonly intervals: Outcome;
  readonly intervalsAway: Outcome;
}

export interface ClearCase {
  readonly traffic: Traffic;
  /** Outcomes by limit factor. */
  readonly outcomes: readonly Outcome[];
}

export interface Suite {
  readonly atLimit: readonly AtLimit[];
  readonly clear: readonly ClearCase[];
  readonly detection: readonly { readonly q: number; readonly rho: number; readonly found: Detection | undefined }[];
  readonly methods: readonly { readonly method: MethodCase; readonly outcome: MethodOutcome }[];
}

/** Limits of the clear cases, as multiples of the true percentile. */
export const clearFactors: readonly number[] = [0.5, 1 / 1.3, 1.3, 2, 3];

const quantiles = [0.5, 0.9, 0.95, 0.99, 0.999];
const correlations = [0, 0.5, 0.9];

/** A demo's run, a minute in CI, a load test of five minutes. */
const sizes = [
  { requests: 1000, rate: 40, sliceMs: 1000 },
  { requests: 6000, rate: 100, sliceMs: 5000 },
  { requests: 60_000, rate: 200, sliceMs: 5000 },
] as const;

export interface SuiteOptions {
  /** Simulated runs a cell. */
  readonly runs: number;
  /** The largest size is simulated with this share of the runs. */
  readonly largeShare: number;
  readonly onCell?: (said: string) => void;
}

export function runSuite({ runs, largeShare, onCell = () => undefined }: SuiteOptions): Suite {
  const atLimit = cells().map((traffic) => {
    const count = traffic.requests > 10_000 ? Math.ceil(runs * largeShare) : runs;
    onCell(`at the limit: p${traffic.q * 100}, correlation ${traffic.rho}, ${traffic.requests} requests`);
    return measureAtLimit(traffic, count);
  });
  onCell('clear cases');
  const clear = [0.9, 0.95, 0.99].flatMap((q) =>
    correlations.map((rho) => {
      const traffic = { q, rho, requests: 1000, rate: 40, sliceMs: 1000 };
      const questions = clearFactors.map((limitFactor) => ({ limitFactor, confidence: 0.95 }));
      return { traffic, outcomes: simulate(traffic, questions, runs, 77) };
    }),
  );
  onCell('detection');
  const detection = quantiles.flatMap((q) =>
    correlations.map((rho) => ({
      q,
      rho,
      found: detectionSize({ q, rho, rate: 200, sliceMs: 1000 }, 1.3, Math.ceil(runs / 5), 5),
    })),
  );
  onCell('other methods');
  const methods = methodCases.map((method) => ({ method, outcome: measureMethod(method, runs) }));
  return { atLimit, clear, detection, methods };
}

/** Sizes in which the percentile can be decided at all, with twice the smallest deciding sample. */
export function cells(): readonly Traffic[] {
  return sizes.flatMap((size) =>
    quantiles
      .filter((q) => size.requests * (1 - q) >= 6 && (size.requests < 10_000 || q > 0.95))
      .flatMap((q) => correlations.map((rho) => ({ ...size, q, rho }))),
  );
}

export function measureAtLimit(traffic: Traffic, runs: number): AtLimit {
  const [verdicts, intervals, intervalsAway] = simulate(
    traffic,
    [
      { limitFactor: 1, confidence: 0.95 },
      { limitFactor: 1, confidence: 0.975 },
      { limitFactor: 1.3, confidence: 0.975 },
    ],
    runs,
    Math.round(1000 * traffic.q) + 31 * Math.round(10 * traffic.rho) + traffic.requests,
  );
  if (verdicts === undefined || intervals === undefined || intervalsAway === undefined)
    throw new Error('three questions have three outcomes');
  return { traffic, runs, verdicts, intervals, intervalsAway };
}
