// Whether overlapping visits leave one at a time.
import { quantileOfSorted } from './quantile-of-sorted.ts';
import type { Visit } from './visits.ts';

export interface TurnTaking {
  /** Visits that were still inside when another left and so may have waited for it; as a share of all, and counted. */
  readonly waiting: number;
  readonly waits: number;
  /** Median time between the departure of one and that of the next that was waiting, milliseconds. */
  readonly distanceMs: number;
  /** 10th percentile of those times over their median: near 1 for a fixed hold time, near 0.15 for departures that know nothing of each other. */
  readonly evenness: number;
  /** Lower quartile of visits that met nobody; of all visits when everybody met somebody. Milliseconds. */
  readonly undisturbedMs: number;
  /** Median of the visits that waited, milliseconds. */
  readonly visitMs: number;
}

const fewestWaits = 20;

/**
 *     a  |-----|                leaving one by one, a hold time apart, although they came together:
 *     b   |----------|          distance = end - end of the one before
 *     c    |--------------|
 *
 * `visits` are in order of end. Undefined when fewer than 20 had to wait.
 */
export function turnTaking(visits: readonly Visit[]): TurnTaking | undefined {
  const distances: number[] = [];
  const waited: number[] = [];
  const alone: number[] = [];
  visits.forEach((visit, at) => {
    const before = visits[at - 1];
    const after = visits[at + 1];
    if (before !== undefined && visit.start < before.end) {
      distances.push(visit.end - before.end);
      waited.push(visit.end - visit.start);
    } else if (after === undefined || after.start >= visit.end) alone.push(visit.end - visit.start);
  });
  if (distances.length < fewestWaits) return undefined;
  const sorted = Float64Array.from(distances).sort();
  const durations = alone.length > 0 ? alone : visits.map(({ start, end }) => end - start);
  return {
    waiting: distances.length / visits.length,
    waits: distances.length,
    distanceMs: quantileOfSorted(sorted, 0.5),
    evenness: quantileOfSorted(sorted, 0.1) / Math.max(quantileOfSorted(sorted, 0.5), 1e-9),
    undisturbedMs: quantileOfSorted(Float64Array.from(durations).sort(), 0.25),
    visitMs: quantileOfSorted(Float64Array.from(waited).sort(), 0.5),
  };
}
