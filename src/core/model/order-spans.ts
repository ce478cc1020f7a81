// Puts collected spans into the order of a TraceSet: traces by id, spans by start, every span once, parents as indexes.
import type { CollectedSpans } from './collected-spans.ts';
import { type SpanIdIndex, spanIdIndex } from './span-id-index.ts';
import { missingParent, rootParent } from './trace-set.ts';
import { answerIdHigh, type UniqueSpans, uniqueSpans } from './unique-spans.ts';

/** Per trace and per span of the finished set. */
export interface OrderedSpans {
  readonly traceIds: readonly string[];
  readonly startUnixNanos: BigInt64Array;
  readonly firstSpan: Uint32Array;
  readonly spanIdHigh: Uint32Array;
  readonly spanIdLow: Uint32Array;
  readonly repeated: number;
  /** Per span: its place in order of arrival. */
  readonly arrivals: Uint32Array;
  readonly parent: Int32Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
}

/** Near-linear. Of spans with one id one stays: unique-spans.ts. */
export function orderSpans(from: CollectedSpans): OrderedSpans {
  const ids = from.traceIds.entries;
  const traces = Uint32Array.from(ids, (_, index) => index).sort((a, b) => ((ids[a] ?? '') < (ids[b] ?? '') ? -1 : 1));
  const unique = byTrace(from, traces);
  const { arrivals, firstSpan, idHigh, idLow } = unique;
  const times = wordsOf(from);
  const startUnixNanos = new BigInt64Array(traces.length);
  const parent = new Int32Array(arrivals.length);
  const start = new Float64Array(arrivals.length);
  const end = new Float64Array(arrivals.length);
  const index = spanIdIndex(idHigh, idLow);
  const parentArrival = parents(from, unique, index);
  const placeOf = new Uint32Array(from.trace.length);
  for (let trace = 0; trace < traces.length; trace += 1) {
    const [first, last] = [firstSpan[trace] ?? 0, firstSpan[trace + 1] ?? 0];
    const spans = arrivals.subarray(first, last);
    sortByStart(spans, unique, times);
    const origin = spans[0] ?? 0;
    startUnixNanos[trace] = from.start.data[origin] ?? 0n;
    index.reset(spans.length);
    for (let at = 0; at < spans.length; at += 1) {
      const arrival = spans[at] ?? 0;
      placeOf[arrival] = first + at;
      index.add(idHigh[arrival] ?? 0, idLow[arrival] ?? 0, arrival);
    }
    for (let at = 0; at < spans.length; at += 1) {
      const arrival = spans[at] ?? 0;
      const span = first + at;
      start[span] = times.since(times.start, arrival, origin);
      end[span] = Math.max(start[span] ?? 0, times.since(times.end, arrival, origin));
      const above = parentArrival(arrival);
      parent[span] = above < 0 ? above : (placeOf[above] ?? missingParent);
    }
  }
  return {
    traceIds: Array.from(traces, (id) => ids[id] ?? ''),
    startUnixNanos,
    firstSpan,
    spanIdHigh: arrivals.map((arrival) => idHigh[arrival] ?? 0),
    spanIdLow: arrivals.map((arrival) => idLow[arrival] ?? 0),
    repeated: unique.repeated,
    arrivals,
    parent,
    start,
    end,
  };
}

/**
 * The arrival of each span's parent within the trace that `index` holds, else rootParent or missingParent. A span that names itself as its parent has lost its
 * real one. Where the halves of a call shared an id, the answering half is below the other, and what names their id is below the answering half.
 */
function parents(from: CollectedSpans, { idHigh }: UniqueSpans, index: SpanIdIndex): (arrival: number) => number {
  const ownHigh = from.idHigh.data;
  const isRenamed = idHigh.some((high, arrival) => high !== ownHigh[arrival]);
  return (arrival) => {
    if (idHigh[arrival] !== ownHigh[arrival]) return index.find(ownHigh[arrival] ?? 0, from.idLow.data[arrival] ?? 0);
    if (from.hasParent.data[arrival] === 0) return rootParent;
    const high = from.parentHigh.data[arrival] ?? 0;
    const low = from.parentLow.data[arrival] ?? 0;
    if (high === ownHigh[arrival] && low === from.idLow.data[arrival]) return missingParent;
    const answer = isRenamed ? index.find(answerIdHigh(high), low) : -1;
    const found = answer < 0 || answer === arrival ? index.find(high, low) : answer;
    return found < 0 ? missingParent : found;
  };
}

/** Arrivals trace by trace (a counting sort), each span once. */
function byTrace(from: CollectedSpans, traces: Uint32Array): UniqueSpans {
  const count = from.trace.length;
  const rank = new Uint32Array(traces.length);
  traces.forEach((trace, at) => {
    rank[trace] = at;
  });
  const bounds = new Uint32Array(traces.length + 1);
  for (let arrival = 0; arrival < count; arrival += 1) {
    const at = (rank[from.trace.data[arrival] ?? 0] ?? 0) + 1;
    bounds[at] = (bounds[at] ?? 0) + 1;
  }
  for (let trace = 0; trace < traces.length; trace += 1)
    bounds[trace + 1] = (bounds[trace + 1] ?? 0) + (bounds[trace] ?? 0);
  const grouped = new Uint32Array(count);
  const filled = bounds.slice();
  for (let arrival = 0; arrival < count; arrival += 1) {
    const at = rank[from.trace.data[arrival] ?? 0] ?? 0;
    grouped[filled[at] ?? 0] = arrival;
    filled[at] = (filled[at] ?? 0) + 1;
  }
  return uniqueSpans(from, grouped, bounds);
}

/**
 * Epoch nanoseconds as pairs of 32-bit words, so that a million differences need no BigInt each. The words of a BigInt64Array are in the order of the
 * machine; all that Node.js runs on today are little-endian, and `high` finds out.
 */
interface Times {
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** Nanoseconds from the start of span `origin`; exact while below 2^53, which is 104 days. */
  readonly since: (words: Int32Array, span: number, origin: number) => number;
}

function wordsOf(from: CollectedSpans): Times {
  const start = new Int32Array(from.start.data.buffer);
  const end = new Int32Array(from.end.data.buffer);
  const high = new Int32Array(BigInt64Array.of(1n).buffer)[0] === 1 ? 1 : 0;
  return {
    start,
    end,
    since: (words, span, origin) =>
      ((words[2 * span + high] ?? 0) - (start[2 * origin + high] ?? 0)) * 2 ** 32 +
      (((words[2 * span + 1 - high] ?? 0) >>> 0) - ((start[2 * origin + 1 - high] ?? 0) >>> 0)),
  };
}

/** By start, then id. Most traces are small and nearly sorted: insertion for those, the engine's sort for the rest. */
function sortByStart(spans: Uint32Array, { idHigh, idLow }: UniqueSpans, times: Times): void {
  const order = (a: number, b: number): number =>
    times.since(times.start, a, b) || (idHigh[a] ?? 0) - (idHigh[b] ?? 0) || (idLow[a] ?? 0) - (idLow[b] ?? 0);
  if (spans.length > 32) {
    spans.sort(order);
    return;
  }
  for (let at = 1; at < spans.length; at += 1) {
    const span = spans[at] ?? 0;
    let to = at;
    while (to > 0 && order(spans[to - 1] ?? 0, span) > 0) {
      spans[to] = spans[to - 1] ?? 0;
      to -= 1;
    }
    spans[to] = span;
  }
}
