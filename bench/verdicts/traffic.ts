// Simulated traffic whose true percentiles are known: log-normal latencies, correlated from request to request.
import { normalQuantile } from '../../src/core/slo/statistics/normal.ts';
import { randomStream } from '../../src/core/slo/statistics/random.ts';

/** Spread of the logarithm of latency: p99 is 3.2 times the median, as in a healthy web service. */
const sigma = 0.5;
const medianMs = 100;

/** Latencies of `count` requests in ms, an AR(1) process with correlation `rho` on the logarithm. */
export function simulateLatencies(count: number, rho: number, seed: number): Float64Array {
  const gaussian = gaussianStream(seed);
  const latencies = new Float64Array(count);
  const fresh = Math.sqrt(1 - rho * rho);
  let state = gaussian();
  for (let i = 0; i < count; i++) {
    latencies[i] = medianMs * Math.exp(sigma * state);
    state = rho * state + fresh * gaussian();
  }
  return latencies;
}

/** The true q-quantile of that traffic. */
export function trueQuantile(q: number): number {
  return medianMs * Math.exp(sigma * normalQuantile(q));
}

/** Standard normal numbers by Box and Muller. */
export function gaussianStream(seed: number): () => number {
  const random = randomStream(seed);
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
