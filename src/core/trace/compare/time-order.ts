// Puts traces in the order in which they began.
import type { PreparedTraces } from '../prepare/prepared-traces.ts';

/** Positions 0 .. traces.length - 1 by start of the trace, ties by trace index. */
export function timeOrder({ set }: PreparedTraces, traces: Uint32Array): Uint32Array {
  const first = set.startUnixNanos[traces[0] ?? 0] ?? 0n;
  const since = Float64Array.from(traces, (trace) => Number((set.startUnixNanos[trace] ?? 0n) - first));
  return Uint32Array.from(traces, (_, at) => at).sort(
    (a, b) => (since[a] ?? 0) - (since[b] ?? 0) || (traces[a] ?? 0) - (traces[b] ?? 0),
  );
}
