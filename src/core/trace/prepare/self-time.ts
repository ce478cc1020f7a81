// Time a span spent itself, not waiting for its children.
import type { PathInput } from './critical-path.ts';

/**
 * Per span: duration minus the union of the children's intervals, clipped to the span; CONSUMER children of a PRODUCER are left out. Nanoseconds.
 * Measures work: over a tree with overlapping siblings the sum exceeds the root's duration. Children must stand in order of start. Linear.
 */
export function selfTimes(input: PathInput): Float64Array {
  const { firstChild, nextSibling, blocking, start, end } = input;
  const self = new Float64Array(start.length);
  for (let span = 0; span < start.length; span += 1) {
    const from = start[span] ?? 0;
    const to = end[span] ?? 0;
    let coveredTo = from;
    let idle = 0;
    for (let child = firstChild[span] ?? -1; child >= 0; child = nextSibling[child] ?? -1) {
      if (blocking[child] === 0) continue;
      const childStart = Math.min(start[child] ?? 0, to);
      if (childStart > coveredTo) idle += childStart - coveredTo;
      coveredTo = Math.max(coveredTo, Math.min(end[child] ?? 0, to));
    }
    self[span] = idle + Math.max(0, to - coveredTo);
  }
  return self;
}
