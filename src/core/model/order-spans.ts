// Puts collected spans into the order of a TraceSet: traces by id, spans by start, every span once, parents as indexes.
import type { CollectedSpans } from './collected-spans.ts';
import { spanIdIndex } from './span-id-index.ts';
import { missingParent, rootParent } from './trace-set.ts';

/** Per trace and per span of the finished set. */
export interface OrderedSpans {
  readonly traceIds: readonly string[];
  readonly startUnixNanos: BigInt64Array;
  readonly firstSpan: Uint32Array;
  /** Per span: its place in order of arrival. */
  readonly arrivals: Uint32Array;
  readonly parent: Int32Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
}

/** Near-linear. Of spans with one id the first to arrive stays. */
export function orderSpans(from: CollectedSpans): OrderedSpans {
  const ids = from.traceIds.entries;
  const traces = Uint32Array.from(ids, (_, index) => index).sort((a, b) => ((ids[a] ?? '') < (ids[b] ?? '') ? -1 : 1));
  const { arrivals, firstSpan } = uniqueByTrace(from, traces);
  const times = wordsOf(from);
  const startUnixNanos = new BigInt64Array(traces.length);
  const parent = new Int32Array(arrivals.length);
  const start = new Float64Array(arrivals.length);
  const end = new Float64Array(arrivals.length);
  const index = spanIdIndex(from.idHigh.data, from.idLow.data);
  const placeOf = new Uint32Array(from.trace.length);
  for (let trace = 0; trace < traces.length; trace += 1) {
    const [first, last] = [firstSpan[trace] ?? 0, firstSpan[trace + 1] ?? 0];
    const spans = arrivals.subarray(first, last);
    sortByStart(spans, from, times);
    const origin = spans[0] ?? 0;
    startUnixNanos[trace] = from.start.data[origin] ?? 0n;
    index.reset(spans.length);
    for (let at = 0; at < spans.length; at += 1) {
      const arrival = spans[at] ?? 0;
      placeOf[arrival] = first + at;
      index.add(from.idHigh.data[arrival] ?? 0, from.idLow.data[arrival] ?? 0, arrival);
    }
    for (let at = 0; at < spans.length; at += 1) {
      const arrival = spans[at] ?? 0;
      const span = first + at;
      start[span] = times.since(times.start, arrival, origin);
      end[span] = Math.max(start[span] ?? 0, times.since(times.end, arrival, origin));
      parent[span] = parentOf(
        from,
        arrival,
        index.find(from.parentHigh.data[arrival] ?? 0, from.parentLow.data[arrival] ?? 0),
        placeOf,
      );
    }
  }
  return {
    traceIds: Array.from(traces, (id) => ids[id] ?? ''),
    startUnixNanos,
    firstSpan,
    arrivals,
    parent,
    start,
    end,
  };
}

/** A span that names itself as its parent has lost its real one. */
function parentOf(from: CollectedSpans, arrival: number, found: number, placeOf: Uint32Array): number {
  if (from.hasParent.data[arrival] === 0) return rootParent;
  return found < 0 || found === arrival ? missingParent : (placeOf[found] ?? missingParent);
}

/** Arrivals trace by trace (a counting sort), without the repeated ones. */
function uniqueByTrace(
  from: CollectedSpans,
  traces: Uint32Array,
): { readonly arrivals: Uint32Array; readonly firstSpan: Uint32Array } {
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
  return withoutRepeats(from, grouped, bounds);
}

function withoutRepeats(
  from: CollectedSpans,
  grouped: Uint32Array,
  bounds: Uint32Array,
): { readonly arrivals: Uint32Array; readonly firstSpan: Uint32Array } {
  const index = spanIdIndex(from.idHigh.data, from.idLow.data);
  const firstSpan = new Uint32Array(bounds.length);
  let kept = 0;
  for (let trace = 0; trace + 1 < bounds.length; trace += 1) {
    const [first, last] = [bounds[trace] ?? 0, bounds[trace + 1] ?? 0];
    firstSpan[trace] = kept;
    index.reset(last - first);
    for (let at = first; at < last; at += 1) {
      const arrival = grouped[at] ?? 0;
      if (index.add(from.idHigh.data[arrival] ?? 0, from.idLow.data[arrival] ?? 0, arrival) !== arrival) continue;
      grouped[kept] = arrival;
      kept += 1;
    }
  }
  firstSpan[bounds.length - 1] = kept;
  return { arrivals: grouped.slice(0, kept), firstSpan };
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
function sortByStart(spans: Uint32Array, from: CollectedSpans, times: Times): void {
  const order = (a: number, b: number): number =>
    times.since(times.start, a, b) ||
    (from.idHigh.data[a] ?? 0) - (from.idHigh.data[b] ?? 0) ||
    (from.idLow.data[a] ?? 0) - (from.idLow.data[b] ?? 0);
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
