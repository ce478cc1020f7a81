// A clock that stands still until somebody waits: a replayed run sees the times of the recorded one and takes none.
import { millis, type UnixMillis, unixMillis } from '../../core/model/units.ts';
import type { Clock } from '../../ports/clock.ts';

/** Begins at the recorded run's start. Randomness is all zeros: ids are given, nothing else of a replay may be random. */
export function replayClock(startedAt: UnixMillis): Clock {
  let elapsed = 0;
  return {
    now: () => unixMillis(startedAt + elapsed),
    monotonic: () => millis(elapsed),
    sleep: async (duration) => {
      elapsed += Math.max(0, duration);
    },
    randomHex: (count) => '00'.repeat(count),
  };
}
