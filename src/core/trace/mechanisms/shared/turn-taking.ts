// Whether overlapping visits leave one at a time.
import { quantileOfSorted } from './quantile-of-sorted.ts';
import type { Visit } from './visits.ts';

export interface TurnTaking {
  /** Visits that were still inside when another left and so may have waited for it; as a share of those counted, and their number. */
  readonly waiting: number;
  readonly waits: number;
  /** Median time between the departure of one and that of the next that was waiting, milliseconds. */
  readonly distanceMs: number;
  /** 10th percentile of those times over their median: near 1 for a fixed hold time, near 0.15 for departures that know nothing of each other. */
  readonly evenness: number;
  /** Median of the visits that waited, milliseconds. */
  readonly visitMs: number;
  /** How much those differ: from their 10th to their 90th percentile, over their median. */
  readonly visitSpread: number;
}

const fewestWaits = 20;

/**
 *     a  |-----|                leaving one by one, a hold time apart, although they came together:
 *     b   |----------|          distance = end - end of the one before
 *     c    |--------------|
 *
 * `visits` to one instance in order of end; those between the first and the last violating one count. Undefined when fewer than 20 had to wait.
 */
export function turnTaking(visits: readonly Visit[]): TurnTaking | undefined {
  const isCounted = whileViolating(visits);
  const distances: number[] = [];
  const waited: number[] = [];
  let counted = 0;
  visits.forEach((visit, at) => {
    if (!isCounted(visit)) return;
    counted += 1;
    const before = visits[at - 1];
    if (before === undefined || visit.start >= before.end) return;
    distances.push(visit.end - before.end);
    waited.push(visit.end - visit.start);
  });
  if (distances.length < fewestWaits) return undefined;
  const sorted = Float64Array.from(distances).sort();
  const distanceMs = quantileOfSorted(sorted, 0.5);
  return {
    waiting: distances.length / counted,
    waits: distances.length,
    distanceMs,
    evenness: quantileOfSorted(sorted, 0.1) / Math.max(distanceMs, 1e-9),
    ...spreadOf(Float64Array.from(waited).sort()),
  };
}

function spreadOf(sorted: Float64Array): Pick<TurnTaking, 'visitMs' | 'visitSpread'> {
  const visitMs = quantileOfSorted(sorted, 0.5);
  const range = quantileOfSorted(sorted, 0.9) - quantileOfSorted(sorted, 0.1);
  return { visitMs, visitSpread: range / Math.max(visitMs, 1e-9) };
}

/** Between the first and the last violating visit: the lock may be held for longer than it was before, or may not have been there at all. */
function whileViolating(visits: readonly Visit[]): (visit: Visit) => boolean {
  const violating = visits.filter(({ isViolating }) => isViolating);
  const from = violating.reduce((least, { start }) => Math.min(least, start), Number.POSITIVE_INFINITY);
  const to = violating.at(-1)?.end ?? Number.NEGATIVE_INFINITY;
  return ({ end }) => end >= from && end <= to;
}

/**
 * Lower quartile of the visits that met nobody, milliseconds; lowest tenth of all visits when everybody met somebody; NaN of none. Only visits between
 * the first and the last violating one count, as for turns: what a visit takes now, not what it took before.
 */
export function undisturbedVisit(instances: readonly (readonly Visit[])[]): number {
  const now = instances.map((visits) => visits.filter(whileViolating(visits)));
  const alone = now.flatMap((visits) =>
    visits.filter((visit, at) => {
      const before = visits[at - 1];
      const after = visits[at + 1];
      return (before === undefined || before.end <= visit.start) && (after === undefined || after.start >= visit.end);
    }),
  );
  const known = alone.length > 0 ? alone : now.flat();
  const durations = Float64Array.from(known, ({ start, end }) => end - start).sort();
  return quantileOfSorted(durations, alone.length > 0 ? 0.25 : 0.1);
}
