// Keeps every span of a trace once: halves of a call that share one id get an id each, and of spans that repeat an id one stays.
import type { CollectedSpans } from './collected-spans.ts';
import { spanIdIndex } from './span-id-index.ts';
import { spanKind } from './trace-set.ts';

export interface UniqueSpans {
  /** Spans that stay, as their places in order of arrival, trace by trace. */
  readonly arrivals: Uint32Array;
  /** Per trace, one longer than the number of traces. */
  readonly firstSpan: Uint32Array;
  /** By arrival: ids as they were recorded, but for answering halves (`answerIdHigh`). */
  readonly idHigh: Uint32Array;
  readonly idLow: Uint32Array;
  /** Spans left out although they were other spans than the one that has their id: by service, name, kind, start or end. */
  readonly repeated: number;
}

/** Upper half of the id that the SERVER half of a call gets when it shares the CLIENT half's; the lower half stays. The same in every set, so that sets can be merged. */
export const answerIdHigh = (high: number): number => (high ^ 0x9e3779b9) >>> 0;

/**
 * Zipkin's clients give both halves of a call one id: then the SERVER half is renamed, as Jaeger does it [src jaegertracing/jaeger, zipkin_span_id_uniquify.go].
 * Of other spans with one id the most complete stays, by their content alone. `grouped` has all arrivals trace by trace, trace t at bounds[t] .. bounds[t + 1] - 1.
 * Linear where no id repeats.
 */
export function uniqueSpans(from: CollectedSpans, grouped: Uint32Array, bounds: Uint32Array): UniqueSpans {
  const idHigh = from.idHigh.data.slice(0, from.idHigh.length);
  const idLow = from.idLow.data.slice(0, from.idLow.length);
  const index = spanIdIndex(idHigh, idLow);
  const arrivals = new Uint32Array(grouped.length);
  const firstSpan = new Uint32Array(bounds.length);
  const order = contentOrder(from);
  let kept = 0;
  let repeated = 0;
  const holderOf = (arrival: number): number => index.add(idHigh[arrival] ?? 0, idLow[arrival] ?? 0, arrival);
  const groupsById = (spans: Uint32Array): readonly (readonly number[])[] => {
    const groups = new Map<number, number[]>();
    index.reset(spans.length);
    for (const arrival of spans) {
      const holder = holderOf(arrival);
      if (holder === arrival) groups.set(arrival, [arrival]);
      else groups.get(holder)?.push(arrival);
    }
    return [...groups.values()];
  };
  for (let trace = 0; trace + 1 < bounds.length; trace += 1) {
    const spans = grouped.subarray(bounds[trace], bounds[trace + 1]);
    firstSpan[trace] = kept;
    index.reset(spans.length);
    if (spans.every((arrival) => holderOf(arrival) === arrival)) {
      arrivals.set(spans, kept);
      kept += spans.length;
      continue;
    }
    for (const half of groupsById(spans).flatMap((group) => answeringHalves(from, group)))
      idHigh[half] = answerIdHigh(idHigh[half] ?? 0);
    for (const group of groupsById(spans)) {
      const [best = 0, ...others] = group.toSorted(order);
      arrivals[kept] = best;
      kept += 1;
      repeated += others.filter((other) => isAnother(from, best, other)).length;
    }
  }
  firstSpan[bounds.length - 1] = kept;
  return { arrivals: arrivals.slice(0, kept), firstSpan, idHigh, idLow, repeated };
}

function answeringHalves({ kind }: CollectedSpans, group: readonly number[]): readonly number[] {
  const isCalled = group.some((arrival) => kind.data[arrival] === spanKind.client);
  return isCalled ? group.filter((arrival) => kind.data[arrival] === spanKind.server) : [];
}

function isAnother({ service, name, kind, start, end }: CollectedSpans, a: number, b: number): boolean {
  return [service, name, kind, start, end].some(({ data }) => data[a] !== data[b]);
}

type Order = (a: number, b: number) => number;

/** The longest first, then what says more: a span sent while it still ran gives way to the finished one. */
function contentOrder(from: CollectedSpans): Order {
  const { start, end, status, kind, hasParent, parentHigh, parentLow } = from;
  const attributeEnd = (at: number): number =>
    at + 1 < from.trace.length ? (from.attributeFirst.data[at + 1] ?? 0) : from.attributeKey.length;
  const attributes = (at: number): number => attributeEnd(at) - (from.attributeFirst.data[at] ?? 0);
  const contentOf = (at: number): string => {
    const pairs = Array.from({ length: attributes(at) }, (_, offset) => {
      const entry = (from.attributeFirst.data[at] ?? 0) + offset;
      const value = from.values.entries[from.attributeValue.data[entry] ?? 0];
      return [from.strings.entries[from.attributeKey.data[entry] ?? 0], typeof value, String(value)].join('\n');
    });
    const name = from.strings.entries[from.name.data[at] ?? 0];
    const resource = Object.entries(from.resources[from.resource.data[at] ?? 0] ?? {}).map((pair) => pair.join('\n'));
    return JSON.stringify([name, pairs.sort(), resource.sort(), from.links.get(at) ?? [], from.oddParents.get(at)]);
  };
  const texts: Order = (a, b) => {
    const [first, second] = [contentOf(a), contentOf(b)];
    return first === second ? 0 : first < second ? -1 : 1;
  };
  return (a, b) =>
    Number((end.data[b] ?? 0n) - (end.data[a] ?? 0n)) ||
    Number((start.data[a] ?? 0n) - (start.data[b] ?? 0n)) ||
    (status.data[b] ?? 0) - (status.data[a] ?? 0) ||
    (kind.data[b] ?? 0) - (kind.data[a] ?? 0) ||
    (hasParent.data[b] ?? 0) - (hasParent.data[a] ?? 0) ||
    attributes(b) - attributes(a) ||
    (parentHigh.data[a] ?? 0) - (parentHigh.data[b] ?? 0) ||
    (parentLow.data[a] ?? 0) - (parentLow.data[b] ?? 0) ||
    texts(a, b);
}
