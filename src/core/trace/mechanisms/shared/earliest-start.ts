// The zero of a clock that all traces of a set share.
import type { TraceSet } from '../../../model/trace-set.ts';

/** Epoch nanoseconds of the earliest span of the set; 0 for an empty one. */
export function earliestStart({ startUnixNanos }: TraceSet): bigint {
  let earliest = startUnixNanos[0] ?? 0n;
  for (const time of startUnixNanos) if (time < earliest) earliest = time;
  return earliest;
}
