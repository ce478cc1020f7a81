// Calls that were given up while the callee went on working.
import { spanKind } from '../../../model/trace-set.ts';
import { callFactsOf } from '../../calls/call-facts.ts';
import type { PreparedTraces } from '../../prepare/prepared-traces.ts';
import type { CallFacts } from '../../spans/recorded-facts.ts';
import { remember } from '../../spans/remember.ts';

/** Per span; 0 for spans that are no CLIENT spans. */
export interface Abandonment {
  readonly isAbandoned: Uint8Array;
  /** How long the callee, or anything below it, went on after the caller had given up. */
  readonly wastedNs: Float64Array;
  /** Timed-out CLIENT spans: how many timed-out calls lead to it, itself included. */
  readonly timedOutDepth: Uint16Array;
  /** Whether a SERVER span above it failed, so that the time-out may not have been absorbed; and whether one timed out itself, so that it was not. */
  readonly belowFailedServer: Uint8Array;
  readonly belowTimedOutServer: Uint8Array;
  /** Timed-out CLIENT spans: whether the caller had the very same answer from another call, beside it or after it: a hedge, a retry. */
  readonly isRecovered: Uint8Array;
}

/** Clocks and callbacks may make a callee seem to end a little late. */
const toleranceNs = 10e6;
const tolerance = 0.1;

/**
 *     client   |-------------x (gave up)
 *     server    |~~~~~~~~~~~~~|          an HTTP server's span often ends with the connection,
 *     work        |-----------------|    what it had started goes on: the latest end below counts
 *
 * abandoned = time-out evidence and work below that ends later than the call by max(10 ms, 10%) (ANALYSIS.md 1.7). Linear.
 */
export const abandonmentOf: (prepared: PreparedTraces) => Abandonment = remember((prepared) => {
  const { set, order, parent, start, end } = prepared;
  // What nobody waits for anyway goes on whether or not the call was given up.
  const { blocking } = prepared.path;
  const facts = callFactsOf(prepared);
  const { timedOut, failed } = facts;
  const size = start.length;
  const lastBelow = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  for (let at = order.length - 1; at >= 0; at -= 1) {
    const span = order[at] ?? 0;
    const above = parent[span] ?? -1;
    if (above < 0 || blocking[span] === 0) continue;
    lastBelow[above] = Math.max(lastBelow[above] ?? 0, lastBelow[span] ?? 0, end[span] ?? 0);
  }
  const isAbandoned = new Uint8Array(size);
  const wastedNs = new Float64Array(size);
  const timedOutDepth = new Uint16Array(size);
  const depthOf = new Uint16Array(size);
  const belowFailedServer = new Uint8Array(size);
  const belowTimedOutServer = new Uint8Array(size);
  for (const span of order) {
    const above = parent[span] ?? -1;
    if (above >= 0) {
      depthOf[span] = depthOf[above] ?? 0;
      const isServer = set.kind[above] === spanKind.server;
      belowFailedServer[span] = (isServer && failed[above] === 1) || belowFailedServer[above] === 1 ? 1 : 0;
      belowTimedOutServer[span] = (isServer && timedOut[above] === 1) || belowTimedOutServer[above] === 1 ? 1 : 0;
    }
    if (set.kind[span] !== spanKind.client || timedOut[span] === 0) continue;
    depthOf[span] = (depthOf[span] ?? 0) + 1;
    timedOutDepth[span] = depthOf[span] ?? 0;
    const late = (lastBelow[span] ?? 0) - (end[span] ?? 0);
    if (late <= Math.max(toleranceNs, tolerance * ((end[span] ?? 0) - (start[span] ?? 0)))) continue;
    isAbandoned[span] = 1;
    wastedNs[span] = late;
  }
  return {
    isAbandoned,
    wastedNs,
    timedOutDepth,
    belowFailedServer,
    belowTimedOutServer,
    isRecovered: recovered(prepared, facts),
  };
});

/** Only where a URL says that both asked for the same; a loop asks one callee for different things. */
function recovered(
  { set, order, parent, end, edge }: PreparedTraces,
  { timedOut, failed, target }: CallFacts,
): Uint8Array {
  const answeredUntil = new Map<string, number>();
  const keyOf = (span: number): string => `${parent[span]} ${edge[span]} ${target[span]}`;
  const asksForUrl = (span: number): boolean =>
    set.kind[span] === spanKind.client && (target[span] ?? -1) >= 0 && (parent[span] ?? -1) >= 0;
  const mayMatter = new Set<number>();
  for (const span of order) if (timedOut[span] === 1 && asksForUrl(span)) mayMatter.add(parent[span] ?? -1);
  for (const span of order) {
    if (failed[span] === 1 || !mayMatter.has(parent[span] ?? -1) || !asksForUrl(span)) continue;
    answeredUntil.set(keyOf(span), Math.max(answeredUntil.get(keyOf(span)) ?? 0, end[span] ?? 0));
  }
  return Uint8Array.from(timedOut, (hasTimedOut, span) =>
    hasTimedOut === 1 && asksForUrl(span) && (answeredUntil.get(keyOf(span)) ?? -1) >= (end[span] ?? 0) ? 1 : 0,
  );
}
