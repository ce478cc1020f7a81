// Collects span records in any order and lays them out as a TraceSet.
import {
  type Attributes,
  type AttributeValue,
  missingParent,
  rootParent,
  type SpanLink,
  type SpanRecord,
  type TraceSet,
} from './trace-set.ts';

export interface TraceSetBuilder {
  /** Number of spans added so far. */
  readonly size: () => number;
  readonly add: (span: SpanRecord) => void;
  /** The finished set; the builder may be used on and built again. Duplicate span ids within a trace are kept once (the first). */
  readonly build: () => TraceSet;
}

/** Builds a set from records given all at once. */
export function traceSet(spans: Iterable<SpanRecord>): TraceSet {
  const builder = traceSetBuilder();
  for (const span of spans) builder.add(span);
  return builder.build();
}

/** An empty builder. Memory: what is added, until it is dropped; bounds are the caller's. */
export function traceSetBuilder(): TraceSetBuilder {
  const byTrace = new Map<string, SpanRecord[]>();
  let size = 0;
  return {
    size: () => size,
    add(span) {
      const spans = byTrace.get(span.traceId);
      if (spans === undefined) byTrace.set(span.traceId, [span]);
      else spans.push(span);
      size += 1;
    },
    build: () => layOut(byTrace),
  };
}

function layOut(byTrace: ReadonlyMap<string, readonly SpanRecord[]>): TraceSet {
  const ordered = [...byTrace.keys()]
    .sort()
    .map((traceId) => ({ traceId, spans: inOrder(byTrace.get(traceId) ?? []) }));
  const count = ordered.reduce((sum, trace) => sum + trace.spans.length, 0);
  const strings = dictionary<string>('');
  const values = dictionary<AttributeValue>();
  const resources = dictionary<Attributes>();
  const serviceOf = new Map<Attributes, number>();
  const columns = {
    firstSpan: new Uint32Array(ordered.length + 1),
    startUnixNanos: new BigInt64Array(ordered.length),
    spanIdHigh: new Uint32Array(count),
    spanIdLow: new Uint32Array(count),
    parent: new Int32Array(count),
    start: new Float64Array(count),
    end: new Float64Array(count),
    service: new Uint32Array(count),
    name: new Uint32Array(count),
    kind: new Uint8Array(count),
    status: new Uint8Array(count),
    resource: new Uint32Array(count),
    attributeFirst: new Uint32Array(count + 1),
  };
  const attributeKey: number[] = [];
  const attributeValue: number[] = [];
  const missingParents = new Map<number, string>();
  const links = new Map<number, readonly SpanLink[]>();
  let at = 0;
  ordered.forEach(({ spans }, traceIndex) => {
    const first = at;
    const origin = spans[0]?.startUnixNanos ?? 0n;
    columns.firstSpan[traceIndex] = first;
    columns.startUnixNanos[traceIndex] = origin;
    const indexOf = new Map<string, number>();
    spans.forEach((span, i) => {
      indexOf.set(span.spanId, first + i);
    });
    for (const span of spans) {
      columns.spanIdHigh[at] = Number.parseInt(span.spanId.slice(0, 8), 16);
      columns.spanIdLow[at] = Number.parseInt(span.spanId.slice(8, 16), 16);
      const parent = parentIndex(span, indexOf);
      columns.parent[at] = parent;
      if (parent === missingParent) missingParents.set(at, span.parentSpanId ?? '');
      const start = Number(span.startUnixNanos - origin);
      columns.start[at] = start;
      columns.end[at] = Math.max(start, Number(span.endUnixNanos - origin));
      let service = serviceOf.get(span.resource);
      if (service === undefined) {
        service = strings.indexOf(String(span.resource['service.name'] ?? ''));
        serviceOf.set(span.resource, service);
      }
      columns.service[at] = service;
      columns.name[at] = strings.indexOf(span.name);
      columns.kind[at] = span.kind;
      columns.status[at] = span.status;
      columns.resource[at] = resources.indexOf(span.resource);
      columns.attributeFirst[at] = attributeKey.length;
      for (const key in span.attributes) {
        attributeKey.push(strings.indexOf(key));
        attributeValue.push(values.indexOf(span.attributes[key] as AttributeValue));
      }
      if (span.links !== undefined && span.links.length > 0) links.set(at, span.links);
      at += 1;
    }
  });
  columns.firstSpan[ordered.length] = at;
  columns.attributeFirst[at] = attributeKey.length;
  return {
    ...columns,
    traceIds: ordered.map((trace) => trace.traceId),
    strings: strings.entries,
    values: values.entries,
    resources: resources.entries,
    attributeKey: Uint32Array.from(attributeKey),
    attributeValue: Uint32Array.from(attributeValue),
    missingParents,
    links,
  };
}

/** By start, then span id; a span id seen before in the trace is left out. */
function inOrder(spans: readonly SpanRecord[]): readonly SpanRecord[] {
  const seen = new Set<string>();
  const kept = spans.filter((span) => !seen.has(span.spanId) && seen.add(span.spanId));
  return kept.sort((a, b) =>
    a.startUnixNanos < b.startUnixNanos ? -1 : a.startUnixNanos > b.startUnixNanos ? 1 : a.spanId < b.spanId ? -1 : 1,
  );
}

function parentIndex(span: SpanRecord, indexOf: ReadonlyMap<string, number>): number {
  if (span.parentSpanId === undefined || span.parentSpanId === '' || span.parentSpanId === '0000000000000000')
    return rootParent;
  if (span.parentSpanId === span.spanId) return missingParent;
  return indexOf.get(span.parentSpanId) ?? missingParent;
}

interface Dictionary<T> {
  readonly entries: readonly T[];
  readonly indexOf: (entry: T) => number;
}

function dictionary<T>(...first: readonly T[]): Dictionary<T> {
  const entries: T[] = [...first];
  const indexes = new Map<T, number>(entries.map((entry, i) => [entry, i]));
  return {
    entries,
    indexOf(entry) {
      const known = indexes.get(entry);
      if (known !== undefined) return known;
      indexes.set(entry, entries.length);
      entries.push(entry);
      return entries.length - 1;
    },
  };
}
