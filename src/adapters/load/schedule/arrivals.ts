// The arrivals of one worker: first the warm-up's, then the plan's.
import { type ArrivalCursor, arrivalSchedule } from '../../../core/load/arrival-schedule.ts';
import type { TimedPhase } from '../../../core/load/timeline.ts';

export interface ArrivalsOptions {
  readonly warmUp: TimedPhase | undefined;
  readonly phases: readonly TimedPhase[];
  readonly seed: number;
  readonly shard: number;
  readonly shards: number;
}

/** The next arrival, until `nextMs` is infinity. */
export interface Arrivals {
  nextMs: number;
  /** Index of the phase; the number of phases for the warm-up. */
  phase: number;
  /** Number of the arrival in the whole run; warm-up arrivals count from -1 downwards. */
  index: number;
  readonly advance: () => void;
  /** No more arrivals. */
  readonly end: () => void;
}

export function arrivals({ warmUp, phases, seed, shard, shards }: ArrivalsOptions): Arrivals {
  const plan = arrivalSchedule({ phases, seed, shard, shards });
  let warm: ArrivalCursor | undefined = warmUp && arrivalSchedule({ phases: [warmUp], seed: seed + 1, shard, shards });

  function advance(): void {
    if (warm !== undefined) {
      if (warm.advance()) {
        next.nextMs = warm.dueMs;
        next.index = -1 - warm.index;
        return;
      }
      warm = undefined;
    }
    next.nextMs = plan.advance() ? plan.dueMs : Number.POSITIVE_INFINITY;
    next.phase = plan.phase;
    next.index = plan.index;
  }

  const next: Arrivals = {
    nextMs: Number.POSITIVE_INFINITY,
    phase: phases.length,
    index: 0,
    advance,
    end() {
      next.nextMs = Number.POSITIVE_INFINITY;
    },
  };
  advance();
  return next;
}
