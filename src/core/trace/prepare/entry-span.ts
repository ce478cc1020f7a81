// Finds the span by which a request entered the system, and says when it is missing.
import { rootParent, spanKind, type TraceSet } from '../../model/trace-set.ts';

/**
 * Per trace: its entry span, or -1.
 *
 * A span that names no parent is the entry; of several one that answers a request (SERVER: the others are work beside it), then the longest. Without one, the request came with a parent that was not recorded (the load
 * generator's, a browser's): then the earliest root is the entry, if it is one that answers requests (SERVER, CONSUMER; any kind when no span of the
 * trace says) and the other roots start before it ends. Anything else means that the entry span was lost.
 */
export function entrySpans(set: TraceSet, parent: Int32Array): Int32Array {
  return new Int32Array(set.traceIds.length).map((_, trace) => {
    const from = set.firstSpan[trace] ?? 0;
    const to = set.firstSpan[trace + 1] ?? 0;
    return trueRoot(set, from, to) ?? coveringOrphan(set, parent, from, to);
  });
}

function trueRoot(set: TraceSet, from: number, to: number): number | undefined {
  let best: number | undefined;
  for (let span = from; span < to; span += 1) {
    if (set.parent[span] !== rootParent) continue;
    if (best === undefined || isEntrySooner(set, span, best)) best = span;
  }
  return best;
}

function isEntrySooner(set: TraceSet, span: number, than: number): boolean {
  const [isServer, isOther] = [span, than].map((each) => set.kind[each] === spanKind.server);
  return isServer === isOther ? duration(set, span) > duration(set, than) : isServer === true;
}

const duration = (set: TraceSet, span: number): number => (set.end[span] ?? 0) - (set.start[span] ?? 0);

/** Spans of a trace are in order of start. */
function coveringOrphan(set: TraceSet, parent: Int32Array, from: number, to: number): number {
  const isRoot = (span: number): boolean => (parent[span] ?? -1) < 0;
  let first = from;
  while (first < to && !isRoot(first)) first += 1;
  if (first === to || !answersRequests(set, first, from, to)) return -1;
  for (let span = first + 1; span < to; span += 1) {
    if (isRoot(span) && (set.start[span] ?? 0) > (set.end[first] ?? 0)) return -1;
  }
  return first;
}

function answersRequests(set: TraceSet, span: number, from: number, to: number): boolean {
  const kind = set.kind[span];
  if (kind === spanKind.server || kind === spanKind.consumer || kind === spanKind.unspecified) return true;
  if (kind !== spanKind.internal) return false;
  for (let other = from; other < to; other += 1) {
    if (set.kind[other] === spanKind.server || set.kind[other] === spanKind.client) return false;
  }
  return true;
}
