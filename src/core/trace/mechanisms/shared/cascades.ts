// Which requests hold a cascade of time-outs, and where it begins.

import type { PreparedTraces } from '../../prepare/prepared-traces.ts';
import type { MechanismContext } from '../mechanism.ts';
import { type Abandonment, abandonmentOf } from './abandonment.ts';
import { tally } from './tally.ts';

/** ANALYSIS.md 3: how many times the reference's. */
export const leastRise = 2;

export interface Cascade {
  /** The timed-out call furthest from the entry: the abandoned one, or one that it was waiting for. */
  readonly deepest: number;
  readonly wastedNs: number;
  /** How long the entry's side waited for calls that were given up, outermost ones only. */
  readonly waitedNs: number;
}

/** The cascade in a trace, undefined where there is none. */
export type CascadeIn = (trace: number) => Cascade | undefined;

/**
 * A call that is given up as often in requests that went well (the loser of a hedge, an optional call on a short leash) has nothing to do with the
 * failure above it, unless that failure is a time-out too and nothing new explains it.
 */
export function cascadesOf(context: MechanismContext): CascadeIn {
  const { prepared } = context;
  const abandonment = abandonmentOf(prepared);
  const isNews = newlyTimedOut(context, abandonment);
  const isNew = (span: number): boolean => isNews(prepared.edge[span] ?? -1);
  const isPassedOn = (span: number): boolean => abandonment.belowTimedOutServer[span] === 1;
  return (trace) =>
    cascadeAmong(prepared, abandonment, trace, isNew) ?? cascadeAmong(prepared, abandonment, trace, isPassedOn);
}

/** Whether calls on an edge time out in clearly more requests than they did, failed requests or not. */
function newlyTimedOut(context: MechanismContext, { timedOutDepth }: Abandonment): (edge: number) => boolean {
  const { prepared } = context;
  const { firstSpan } = prepared.set;
  const seen = new Set<number>();
  // The last place is for calls that lead nobody knows where.
  const sums = tally(context, prepared.edges.length + 1, (trace, add) => {
    seen.clear();
    for (let span = firstSpan[trace] ?? 0; span < (firstSpan[trace + 1] ?? 0); span += 1) {
      if ((timedOutDepth[span] ?? 0) > 0) seen.add(placeOf(prepared.edge[span] ?? -1));
    }
    for (const place of seen) add(place, 1);
  });
  return (edge) => (sums.violating[placeOf(edge)] ?? 0) >= leastRise * (sums.reference[placeOf(edge)] ?? 0);

  function placeOf(edge: number): number {
    return edge < 0 ? prepared.edges.length : edge;
  }
}

function cascadeAmong(
  prepared: PreparedTraces,
  { timedOutDepth, isAbandoned, isRecovered, wastedNs, belowFailedServer }: Abandonment,
  trace: number,
  mayTellWhy: (call: number) => boolean,
): Cascade | undefined {
  let deepest = -1;
  let wasted = 0;
  let waited = 0;
  let isCascade = false;
  for (let span = prepared.set.firstSpan[trace] ?? 0; span < (prepared.set.firstSpan[trace + 1] ?? 0); span += 1) {
    const depth = timedOutDepth[span] ?? 0;
    const isDealtWith = depth === 1 && isRecovered[span] === 1;
    if (depth === 0 || isDealtWith || !mayTellWhy(span)) continue;
    if (deepest < 0 || depth > (timedOutDepth[deepest] ?? 0)) deepest = span;
    if (depth === 1) waited += (prepared.end[span] ?? 0) - (prepared.start[span] ?? 0);
    if (isAbandoned[span] === 0) continue;
    wasted += wastedNs[span] ?? 0;
    if (belowFailedServer[span] === 1) isCascade = true;
  }
  return isCascade ? { deepest, wastedNs: wasted, waitedNs: waited } : undefined;
}
