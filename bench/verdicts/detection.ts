// How many requests it takes until a violation by a factor is found in nine runs of ten.
import { simulate, type Traffic } from './simulate.ts';

export interface Detection {
  readonly requests: number;
  /** At the rate simulated. */
  readonly seconds: number;
}

const wantedPower = 0.9;
/** Sizes are tried in steps of a quarter. */
const step = 1.25;

/** The smallest size tried at which the limit, `factor` below the true percentile, is found broken with 90%. Undefined when a million do not suffice. */
export function detectionSize(
  traffic: Omit<Traffic, 'requests'>,
  factor: number,
  runs: number,
  seed: number,
): Detection | undefined {
  for (let requests = 200; requests <= 1_000_000; requests = Math.ceil(requests * step)) {
    const [found] = simulate({ ...traffic, requests }, [{ limitFactor: 1 / factor, confidence: 0.95 }], runs, seed);
    if (found !== undefined && found.failed >= wantedPower) return { requests, seconds: requests / traffic.rate };
  }
  return undefined;
}
