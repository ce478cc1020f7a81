// When each journey of an open model is due: pure arithmetic, no clock and no waiting.
//
// Let N(t) be the integral of the planned rate. With constant arrivals the k-th journey is due when N(t) = k, so a rate of 2.5/s gives
// 0, 0.4, 0.8 s, and a ramp is integrated exactly:
//
//   N(t) = from t + (to - from) t^2 / 2D      t(N) = 2N / (from + sqrt(from^2 + 2 (to - from)/D N))     (stable for falling and flat ramps)
//
// N runs on over phases, so fractions carry over and no boundary adds or swallows a journey. A Poisson process of a varying rate is the same
// with k replaced by sums of unit exponentials (inversion, Cinlar 1975): exact, no thinning.
import { createRandom } from './random.ts';
import type { TimedPhase } from './timeline.ts';

export interface ArrivalScheduleOptions {
  readonly phases: readonly TimedPhase[];
  readonly seed: number;
  /** This cursor yields the arrivals whose index is `shard` modulo `shards`; together the shards yield all. */
  readonly shard: number;
  readonly shards: number;
}

/** Walks the schedule without allocating. Its fields describe the current arrival and are valid after `advance` returned true. */
export interface ArrivalCursor {
  /** Moves to the next arrival; false after the last one, for good. */
  readonly advance: () => boolean;
  /** Milliseconds on the run's clock; never falls. */
  dueMs: number;
  /** Index into the phases. */
  phase: number;
  /** Number of the arrival in the whole schedule, from 0. */
  index: number;
}

interface Segment {
  readonly startMs: number;
  readonly poisson: boolean;
  readonly from: number;
  /** Change of the rate in arrivals/ms^2. */
  readonly slope: number;
  /** N at the start and at the end of the phase. */
  readonly base: number;
  readonly end: number;
}

// Rounding must not create or drop the arrival that falls exactly on a boundary.
const EPSILON = 1e-7;

/** A cursor in front of the first arrival. Phases of a closed model have none. */
export function arrivalSchedule({ phases, seed, shard, shards }: ArrivalScheduleOptions): ArrivalCursor {
  const segments = segmentsOf(phases);
  const random = createRandom(seed);
  let mass = firstMass(segments[0]);
  const cursor: ArrivalCursor = { advance, dueMs: 0, phase: 0, index: -1 };

  function firstMass(segment: Segment | undefined): number {
    if (segment === undefined) return 0;
    return segment.poisson ? segment.base - Math.log(1 - random.next()) : Math.ceil(segment.base - EPSILON);
  }

  function advance(): boolean {
    for (;;) {
      const segment = segments[cursor.phase];
      if (segment === undefined) return false;
      if (mass >= segment.end - EPSILON) {
        cursor.phase += 1;
        mass = firstMass(segments[cursor.phase]);
        continue;
      }
      const current = mass;
      mass += segment.poisson ? -Math.log(1 - random.next()) : 1;
      cursor.index += 1;
      if (cursor.index % shards !== shard) continue;
      cursor.dueMs = dueAt(segment, current - segment.base);
      return true;
    }
  }

  return cursor;
}

function segmentsOf(phases: readonly TimedPhase[]): readonly Segment[] {
  let base = 0;
  return phases.map((phase) => {
    const { pace, startMs, endMs } = phase;
    const [from, to] = pace.kind === 'rate' ? [pace.from / 1000, pace.to / 1000] : [0, 0];
    const end = base + expectedArrivals(phase);
    const segment: Segment = {
      startMs,
      poisson: pace.kind === 'rate' && pace.arrivals === 'poisson',
      from,
      slope: endMs > startMs ? (to - from) / (endMs - startMs) : 0,
      base,
      end,
    };
    base = end;
    return segment;
  });
}

function dueAt({ startMs, from, slope }: Segment, mass: number): number {
  if (mass <= 0) return startMs;
  return startMs + (2 * mass) / (from + Math.sqrt(Math.max(0, from * from + 2 * slope * mass)));
}

/** The integral of the planned rate over a phase; 0 in a closed model. Constant arrivals come within one of it, Poisson ones around it. */
export function expectedArrivals({ pace, startMs, endMs }: TimedPhase): number {
  return pace.kind === 'rate' ? ((pace.from + pace.to) / 2000) * (endMs - startMs) : 0;
}
