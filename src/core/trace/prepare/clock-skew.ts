// Moves the spans of a process whose clock is off back into the calls that caused them.
import { spanKind, spanStatus, type TraceSet } from '../../model/trace-set.ts';
import { recordedFactsOf } from '../spans/recorded-facts.ts';
import type { SpanTree } from './span-tree.ts';

export interface CorrectedTimes {
  /** Per span, nanoseconds from the trace's start; may be negative where a clock was ahead. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Number of SERVER spans that were moved (each with everything below it). */
  readonly corrected: number;
}

/** CRISP's allowance: a server may seem this much longer than its client. */
const longestServer = 1.01;

/**
 * A SERVER span that lies outside its CLIENT, though it would fit, is centred in it, with its whole subtree:
 *
 *     client      |--------------|                 client   |--------------|
 *     server  |------|               becomes       server       |------|
 *
 * Only for a single SERVER child from another process. A failed call whose server ends late is no skew, nor is one that timed out and whose server begins
 * after that: the caller gave up. Source: Jaeger's clock-skew adjuster; ANALYSIS.md 1.1 and 1.7.
 */
export function correctSkew(set: TraceSet, tree: SpanTree): CorrectedTimes {
  const start = Float64Array.from(set.start);
  const end = Float64Array.from(set.end);
  const shift = new Float64Array(start.length);
  let corrected = 0;
  for (const span of tree.order) {
    const above = tree.parent[span] ?? -1;
    if (above < 0) continue;
    const inherited = shift[above] ?? 0;
    const own = skewOf(
      set,
      tree,
      span,
      above,
      { start: (start[span] ?? 0) + inherited, end: (end[span] ?? 0) + inherited },
      {
        start: start[above] ?? 0,
        end: end[above] ?? 0,
      },
    );
    if (own !== 0) corrected += 1;
    shift[span] = inherited + own;
    start[span] = (start[span] ?? 0) + inherited + own;
    end[span] = (end[span] ?? 0) + inherited + own;
  }
  return { start, end, corrected };
}

interface Interval {
  readonly start: number;
  readonly end: number;
}

function skewOf(
  set: TraceSet,
  tree: SpanTree,
  span: number,
  above: number,
  server: Interval,
  client: Interval,
): number {
  if (set.kind[span] !== spanKind.server || set.kind[above] !== spanKind.client) return 0;
  if (server.start >= client.start && server.end <= client.end) return 0;
  if (set.resource[span] === set.resource[above] || !isOnlyServer(set, tree, span, above)) return 0;
  const clientDuration = client.end - client.start;
  const serverDuration = server.end - server.start;
  if (serverDuration > longestServer * clientDuration) return 0;
  if (server.start >= client.start && callerGaveUp(set, above, server.start <= client.end)) return 0;
  return client.start + (clientDuration - serverDuration) / 2 - server.start;
}

/** A server that takes a request up in time and ends late was left by a call that failed; one that takes it up later, by a call that timed out. */
function callerGaveUp(set: TraceSet, call: number, isTakenUpInTime: boolean): boolean {
  if (isTakenUpInTime && set.status[call] === spanStatus.error) return true;
  return recordedFactsOf(set).timedOut[call] === 1;
}

function isOnlyServer(set: TraceSet, tree: SpanTree, span: number, above: number): boolean {
  for (let child = tree.firstChild[above] ?? -1; child >= 0; child = tree.nextSibling[child] ?? -1) {
    if (child !== span && set.kind[child] === spanKind.server) return false;
  }
  return true;
}
