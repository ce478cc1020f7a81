// What callers waited for: a span alone does not say it, but how work of its kind ends does.
import { spanKind, type TraceSet } from '../../model/trace-set.ts';
import { recordedFactsOf } from '../spans/recorded-facts.ts';
import { median } from '../statistics/quantiles.ts';
import type { PathInput } from './critical-path.ts';
import { type CallColumns, placesOf, type WorkKinds, workKinds } from './work-kinds.ts';

/** Times and tree of the spans, their calls and who took the work up (PreparedTraces). */
export interface AwaitedInput extends PathInput, CallColumns {
  readonly serverChild: Int32Array;
}

/** A kind of work has a habit when this part of its sightings, and at least so many, show it. */
const habit = { part: 0.75, fewest: 5 } as const;
/** Clocks and callbacks may make one end seem a little later than another. */
const toleranceNs = 10e6;
const tolerance = 0.1;
/** Siblings looked at for the one that begins next after a call. */
const nextWithin = 100;

/**
 * The input of the path walk with two habits read off all requests. Work that its handler never waits for leaves the path; a call whose span ends with
 * the headers of a streamed answer lasts as long as its server works, until its parent ends or goes on to something else.
 *
 *     not awaited   handler |-----------------|          streamed   handler |-------------------------|
 *                   work       |~~~~~~~~~~~~~~~~~~|                 call      |---|................|
 *                                                                   server     |-------------------|
 *
 * Told by kind, since the span of a handler whose caller gave up may end with the connection while what it waited for goes on: habits are learned from
 * the quicker half of the handler's stays, where nothing above failed. Linear, but for sorting the durations of handlers.
 */
export function awaitedWork(set: TraceSet, input: AwaitedInput): PathInput {
  const places = placesOf(set);
  const kinds = workKinds(input, places);
  const unawaited = habits(kinds);
  const streamed = habits(kinds);
  const failedAbove = belowFailure(set, input);
  const isQuick = quickerHalf(input, places);
  for (const span of input.order) {
    const kind = kinds.of[span] ?? -1;
    if (kind < 0 || failedAbove[span] === 1 || isQuick[input.handler[span] ?? span] === 0) continue;
    unawaited.see(kind, isLater(input, span, span, input.handler[span] ?? span));
    if (isAnsweredOnce(set, input, span)) streamed.see(kind, isStreamed(input, span));
  }
  const blocking = input.blocking.map((waits, span) => (unawaited.has(kinds.of[span] ?? -1) ? 0 : waits));
  const end = input.end.map((recorded, span) =>
    streamed.has(kinds.of[span] ?? -1) && isAnsweredOnce(set, input, span) && isStreamed(input, span)
      ? streamEnd(input, span)
      : recorded,
  );
  return { ...input, blocking, end };
}

/** Counts, kind by kind, how often something is seen. */
function habits({ count }: WorkKinds): {
  readonly see: (kind: number, isSo: boolean) => void;
  readonly has: (kind: number) => boolean;
} {
  const seen = new Uint32Array(count);
  const so = new Uint32Array(count);
  return {
    see(kind, isSo) {
      seen[kind] = (seen[kind] ?? 0) + 1;
      if (isSo) so[kind] = (so[kind] ?? 0) + 1;
    },
    has: (kind) => kind >= 0 && (seen[kind] ?? 0) >= habit.fewest && (so[kind] ?? 0) >= habit.part * (seen[kind] ?? 0),
  };
}

/** Per span: 1 when a span above it failed. */
function belowFailure(set: TraceSet, { order, parent }: PathInput): Uint8Array {
  const below = new Uint8Array(order.length);
  const { failed } = recordedFactsOf(set);
  for (const span of order) {
    const above = parent[span] ?? -1;
    if (above >= 0 && (below[above] === 1 || failed[above] === 1)) below[span] = 1;
  }
  return below;
}

/** Per handler: 1 when it lasts no longer than the median of its place. */
function quickerHalf({ handler, start, end }: AwaitedInput, places: Uint32Array): Uint8Array {
  const durations = new Map<number, number[]>();
  const duration = (span: number): number => (end[span] ?? 0) - (start[span] ?? 0);
  handler.forEach((door, span) => {
    if (door !== span) return;
    const known = durations.get(places[span] ?? 0);
    if (known === undefined) durations.set(places[span] ?? 0, [duration(span)]);
    else known.push(duration(span));
  });
  const medians = new Map([...durations].map(([place, known]) => [place, median(known)]));
  const isQuick = new Uint8Array(handler.length);
  for (let span = 0; span < handler.length; span += 1) {
    if (handler[span] === span && duration(span) <= (medians.get(places[span] ?? 0) ?? 0)) isQuick[span] = 1;
  }
  return isQuick;
}

/** Whether `late` ends clearly after `early`, measured by how long `work` lasts. */
function isLater({ start, end }: PathInput, work: number, late: number, early: number): boolean {
  const duration = (end[work] ?? 0) - (start[work] ?? 0);
  return (end[late] ?? 0) - (end[early] ?? 0) > Math.max(toleranceNs, tolerance * duration);
}

/** A call that went well and led to a single SERVER span. */
function isAnsweredOnce(set: TraceSet, { firstChild, nextSibling, serverChild }: AwaitedInput, span: number): boolean {
  const server = serverChild[span] ?? -1;
  if (server < 0 || set.kind[span] !== spanKind.client || recordedFactsOf(set).failed[span] === 1) return false;
  for (let child = firstChild[span] ?? -1; child >= 0; child = nextSibling[child] ?? -1) {
    if (child !== server && set.kind[child] === spanKind.server) return false;
  }
  return true;
}

/** The server goes on clearly after its call has ended, and is done when the handler is. */
function isStreamed(input: AwaitedInput, span: number): boolean {
  const server = input.serverChild[span] ?? span;
  return isLater(input, server, server, span) && !isLater(input, server, server, input.handler[span] ?? span);
}

function streamEnd({ parent, nextSibling, serverChild, start, end }: AwaitedInput, span: number): number {
  const headers = end[span] ?? 0;
  let until = Math.min(end[serverChild[span] ?? span] ?? 0, end[parent[span] ?? span] ?? 0);
  let next = nextSibling[span] ?? -1;
  let looked = 0;
  while (next >= 0 && (start[next] ?? 0) < headers && looked < nextWithin) {
    next = nextSibling[next] ?? -1;
    looked += 1;
  }
  if (next >= 0) until = Math.min(until, looked < nextWithin ? (start[next] ?? 0) : headers);
  return Math.max(headers, until);
}
