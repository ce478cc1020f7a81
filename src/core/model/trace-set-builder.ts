// Collects span records in any order and lays them out as a TraceSet.
import { type CollectedSpans, collectedSpans } from './collected-spans.ts';
import { type OrderedSpans, orderSpans } from './order-spans.ts';
import { missingParent, type SpanLink, type SpanRecord, type TraceSet } from './trace-set.ts';

export interface TraceSetBuilder {
  /** Number of spans added so far. */
  readonly size: () => number;
  readonly add: (span: SpanRecord) => void;
  /** The finished set; the builder may be used on and built again. Spans that repeat an id of their trace are kept once (unique-spans.ts). */
  readonly build: () => TraceSet;
}

/** Builds a set from records given all at once. */
export function traceSet(spans: Iterable<SpanRecord>): TraceSet {
  const builder = traceSetBuilder();
  for (const span of spans) builder.add(span);
  return builder.build();
}

/** An empty builder. Memory: about 70 bytes a span, 8 an attribute, and every text once, until it is dropped; bounds are the caller's. */
export function traceSetBuilder(): TraceSetBuilder {
  const collected = collectedSpans();
  return { size: () => collected.trace.length, add: collected.add, build: () => layOut(collected) };
}

function layOut(from: CollectedSpans): TraceSet {
  const { arrivals, ...ordered } = orderSpans(from);
  return {
    ...ordered,
    strings: [...from.strings.entries],
    values: [...from.values.entries],
    resources: [...from.resources],
    service: gather(from.service.data, arrivals),
    name: gather(from.name.data, arrivals),
    kind: Uint8Array.from(arrivals, (arrival) => from.kind.data[arrival] ?? 0),
    status: Uint8Array.from(arrivals, (arrival) => from.status.data[arrival] ?? 0),
    resource: gather(from.resource.data, arrivals),
    ...attributesOf(from, arrivals),
    missingParents: missingParents(from, { arrivals, parent: ordered.parent }),
    links: linksOf(from, arrivals),
  };
}

function gather(column: Uint32Array, arrivals: Uint32Array): Uint32Array {
  const gathered = new Uint32Array(arrivals.length);
  for (let span = 0; span < arrivals.length; span += 1) gathered[span] = column[arrivals[span] ?? 0] ?? 0;
  return gathered;
}

function attributesOf(
  from: CollectedSpans,
  arrivals: Uint32Array,
): Pick<TraceSet, 'attributeFirst' | 'attributeKey' | 'attributeValue'> {
  const attributeFirst = new Uint32Array(arrivals.length + 1);
  const attributeKey = new Uint32Array(from.attributeKey.length);
  const attributeValue = new Uint32Array(from.attributeKey.length);
  let filled = 0;
  for (let span = 0; span < arrivals.length; span += 1) {
    const arrival = arrivals[span] ?? 0;
    const end =
      arrival + 1 < from.trace.length ? (from.attributeFirst.data[arrival + 1] ?? 0) : from.attributeKey.length;
    attributeFirst[span] = filled;
    for (let at = from.attributeFirst.data[arrival] ?? 0; at < end; at += 1) {
      attributeKey[filled] = from.attributeKey.data[at] ?? 0;
      attributeValue[filled] = from.attributeValue.data[at] ?? 0;
      filled += 1;
    }
  }
  attributeFirst[arrivals.length] = filled;
  return {
    attributeFirst,
    attributeKey: attributeKey.slice(0, filled),
    attributeValue: attributeValue.slice(0, filled),
  };
}

/** The parents' ids as they were written, per span of the set that names a parent which is not there. */
function missingParents(
  from: CollectedSpans,
  { arrivals, parent }: Pick<OrderedSpans, 'arrivals' | 'parent'>,
): ReadonlyMap<number, string> {
  const missing = new Map<number, string>();
  for (let span = 0; span < arrivals.length; span += 1) {
    if (parent[span] !== missingParent) continue;
    const arrival = arrivals[span] ?? 0;
    const id = hex8(from.parentHigh.data[arrival] ?? 0) + hex8(from.parentLow.data[arrival] ?? 0);
    missing.set(span, from.oddParents.get(arrival) ?? id);
  }
  return missing;
}

const hex8 = (value: number): string => value.toString(16).padStart(8, '0');

function linksOf(from: CollectedSpans, arrivals: Uint32Array): ReadonlyMap<number, readonly SpanLink[]> {
  const links = new Map<number, readonly SpanLink[]>();
  if (from.links.size === 0) return links;
  for (let span = 0; span < arrivals.length; span += 1) {
    const own = from.links.get(arrivals[span] ?? 0);
    if (own !== undefined) links.set(span, own);
  }
  return links;
}
