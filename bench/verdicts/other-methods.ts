// The methods beside percentiles, each at its limit: how often the interval lies wholly on the wrong side.
import { blockBootstrap } from '../../src/core/slo/statistics/block-bootstrap.ts';
import { designEffect, effectiveSamples } from '../../src/core/slo/statistics/design-effect.ts';
import { meanInterval, meanOf } from '../../src/core/slo/statistics/mean-interval.ts';
import { normalQuantile } from '../../src/core/slo/statistics/normal.ts';
import { poissonRate } from '../../src/core/slo/statistics/poisson-rate.ts';
import { decideShare } from '../../src/core/slo/statistics/share-decision.ts';
import { theilSen } from '../../src/core/slo/statistics/theil-sen.ts';
import { shareDifference } from '../../src/core/slo/statistics/two-proportions.ts';
import { gaussianStream } from './traffic.ts';

export interface MethodCase {
  readonly name: string;
  readonly used: string;
  readonly rho: number;
  /** Two one-sided 95% bounds of one simulated run; undefined when the method declines. */
  readonly bounds: (seed: number) => readonly [number, number] | undefined;
  readonly truth: number;
}

export interface MethodOutcome {
  readonly below: number;
  readonly above: number;
  readonly declined: number;
}

/** How often the truth lies above the upper bound, below the lower one, and how often there were none. */
export function measureMethod(method: MethodCase, runs: number): MethodOutcome {
  const found = Array.from({ length: runs }, (_, run) => method.bounds(1000 + run * 7919));
  const share = (isSo: (bounds: readonly [number, number]) => boolean): number =>
    found.filter((bounds) => bounds !== undefined && isSo(bounds)).length / runs;
  return {
    below: share(([, high]) => high < method.truth),
    above: share(([low]) => low > method.truth),
    declined: found.filter((bounds) => bounds === undefined).length / runs,
  };
}

const confidence = 0.95;

/** An AR(1) series of standard normal numbers. */
function correlated(count: number, rho: number, seed: number): number[] {
  const next = gaussianStream(seed);
  const values = [next()];
  while (values.length < count) values.push(rho * (values.at(-1) ?? 0) + Math.sqrt(1 - rho * rho) * next());
  return values;
}

function sliced(values: readonly number[], size: number, isBad: (value: number) => boolean) {
  return Array.from({ length: Math.floor(values.length / size) }, (_, i) => {
    const part = values.slice(i * size, (i + 1) * size);
    return { requests: part.length, bad: part.filter(isBad).length };
  });
}

function errorRate(allowed: number, rho: number, requests: number): MethodCase {
  const level = normalQuantile(1 - allowed);
  return {
    name: `errors, ${allowed * 100}% of ${requests.toLocaleString('en-US')} requests`,
    used: 'share without a commoner event to learn bursts from',
    rho,
    truth: allowed,
    bounds: (seed) => {
      const slices = sliced(correlated(requests, rho, seed), requests / 60, (value) => value > level);
      return decideShare({ slices, sliceMs: 1000, allowed, confidence, minSamples: 0 }).decision.interval;
    },
  };
}

function growth(rho: number): MethodCase {
  const level = normalQuantile(0.95);
  return {
    name: 'error growth, 5% before and now',
    used: 'two shares (Newcombe) with design effect',
    rho,
    truth: 0,
    bounds: (seed) => {
      const [now, before] = [0, 1].map((run) => {
        const slices = sliced(correlated(6000, rho, seed + run), 100, (value) => value > level);
        const effect = designEffect(slices, { merge: 1, floor: 1 });
        return { bad: slices.reduce((sum, slice) => sum + slice.bad, 0), samples: 6000, effect };
      });
      return now && before && shareDifference(now, before, confidence)?.interval;
    },
  };
}

function meanRate(rho: number): MethodCase {
  return {
    name: 'throughput, 60 slices',
    used: 'batch means',
    rho,
    truth: 200,
    bounds: (seed) =>
      meanInterval(
        correlated(60, rho, seed).map((value) => ({ total: 200 + 10 * value, weight: 1 })),
        confidence,
      )?.interval,
  };
}

function pathShare(rho: number): MethodCase {
  return {
    name: 'critical path share, 300 traces',
    used: 'moving-block bootstrap',
    rho,
    truth: 0.3 * Math.exp(0.5 * 0.4 * 0.4),
    bounds: (seed) =>
      blockBootstrap(
        correlated(300, rho, seed).map((value) => 0.3 * Math.exp(0.4 * value)),
        meanOf,
        { confidence, resamples: 400 },
      ),
  };
}

function slope(rho: number): MethodCase {
  const times = Array.from({ length: 54 }, (_, i) => i / 60);
  return {
    name: 'slope, 54 slices of one minute',
    used: 'Theil-Sen, Mann-Kendall',
    rho,
    truth: 5,
    bounds: (seed) => {
      const noise = correlated(times.length, rho, seed);
      return theilSen(
        times,
        times.map((time, i) => 100 + 5 * time + 4 * (noise[i] ?? 0)),
        confidence,
      )?.interval;
    },
  };
}

function amplification(rho: number): MethodCase {
  const level = normalQuantile(0.95);
  return {
    name: 'retry amplification, 600 calls',
    used: 'Poisson rate with design effect',
    rho,
    truth: 0.05,
    bounds: (seed) => {
      const slices = sliced(correlated(600, rho, seed), 10, (value) => value > level);
      const effect = designEffect(slices, { merge: 1, floor: 1, of: 'events' });
      const worth = effectiveSamples(1, effect, confidence);
      const events = slices.reduce((sum, slice) => sum + slice.bad, 0);
      return worth <= 0 ? undefined : poissonRate(events, 600, 1 / worth, confidence);
    },
  };
}

export const methodCases: readonly MethodCase[] = [
  ...[0, 0.5, 0.9].flatMap((rho) => [errorRate(0.01, rho, 6000), errorRate(0.001, rho, 30_000)]),
  ...[0, 0.5, 0.9].map(growth),
  ...[0, 0.3, 0.6].map(meanRate),
  ...[0, 0.5].map(pathShare),
  ...[0, 0.3, 0.6].map(slope),
  ...[0, 0.5, 0.9].map(amplification),
];
