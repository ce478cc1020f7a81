// How many requests one journey of a workload stands for.
import type { Pace, Scenario } from '../model/workload.ts';

/** Steps of a journey, on average over the weights of the scenarios; 1 where no scenario has a weight. */
export function requestsPerJourney(scenarios: readonly Pick<Scenario, 'weight' | 'steps'>[]): number {
  const weights = scenarios.reduce((sum, { weight }) => sum + weight, 0);
  if (weights === 0) return 1;
  return scenarios.reduce((sum, { weight, steps }) => sum + weight * steps.length, 0) / weights;
}

/** Requests a second at the fastest moment of a pace, to six digits; 0 for users, whose speed is the system's. */
export function peakRequests(pace: Pace, scenarios: Parameters<typeof requestsPerJourney>[0]): number {
  if (pace.kind !== 'rate') return 0;
  return Number((Math.max(pace.from, pace.to) * requestsPerJourney(scenarios)).toPrecision(6));
}
