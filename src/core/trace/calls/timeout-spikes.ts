// Recognises time-outs that no attribute admits: failed calls of one edge that all end after the same time.
import type { PreparedTraces } from '../prepare/prepared-traces.ts';

const fewest = 5;
/** Width of the spike, as a share of its duration. */
const width = 0.02;
/** A limit worth the name; quick refusals are alike too, but they are no time-outs. */
const shortestNs = 50e6;

/**
 * Marks failed CLIENT spans as timed out when at least 5 of their edge lie within 2% of each other at the upper end of the edge's durations: a limit
 * cuts a distribution off, so nothing of that edge may last clearly longer.
 */
export function markTimeoutSpikes(
  prepared: PreparedTraces,
  facts: { readonly failed: Uint8Array; readonly timedOut: Uint8Array },
): void {
  const longest = new Float64Array(prepared.edges.length);
  const failures = new Map<number, number[]>();
  for (let span = 0; span < prepared.edge.length; span += 1) {
    const edge = prepared.edge[span] ?? -1;
    if (edge < 0) continue;
    longest[edge] = Math.max(longest[edge] ?? 0, duration(prepared, span));
    if (facts.failed[span] === 1 && facts.timedOut[span] === 0) {
      const spans = failures.get(edge);
      if (spans === undefined) failures.set(edge, [span]);
      else spans.push(span);
    }
  }
  for (const [edge, spans] of failures) {
    const limit = longest[edge] ?? 0;
    if (limit < shortestNs) continue;
    const spike = spans.filter((span) => duration(prepared, span) >= limit * (1 - width));
    if (spike.length < fewest) continue;
    for (const span of spike) facts.timedOut[span] = 1;
  }
}

const duration = (prepared: PreparedTraces, span: number): number =>
  (prepared.end[span] ?? 0) - (prepared.start[span] ?? 0);
