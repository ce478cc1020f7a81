// Span records on their way into a set, taken apart into columns at once, so that a million of them need no million objects.
import { type Dictionary, dictionary } from './dictionary.ts';
import {
  append,
  type GrowingI64,
  type GrowingU8,
  type GrowingU32,
  growingI64,
  growingU8,
  growingU32,
} from './growing-columns.ts';
import type { Attributes, AttributeValue, SpanLink, SpanRecord } from './trace-set.ts';

/** Columns in order of arrival. */
export interface CollectedSpans {
  readonly traceIds: Dictionary<string>;
  readonly strings: Dictionary<string>;
  readonly values: Dictionary<AttributeValue>;
  readonly resources: readonly Attributes[];
  readonly trace: GrowingU32;
  readonly idHigh: GrowingU32;
  readonly idLow: GrowingU32;
  /** 0 for a root, 1 where parentHigh and parentLow name a parent. */
  readonly hasParent: GrowingU8;
  readonly parentHigh: GrowingU32;
  readonly parentLow: GrowingU32;
  readonly start: GrowingI64;
  readonly end: GrowingI64;
  readonly service: GrowingU32;
  readonly name: GrowingU32;
  readonly kind: GrowingU8;
  readonly status: GrowingU8;
  readonly resource: GrowingU32;
  /** Where the span's attributes begin; they end where the next span's begin. */
  readonly attributeFirst: GrowingU32;
  readonly attributeKey: GrowingU32;
  readonly attributeValue: GrowingU32;
  /** By order of arrival. */
  readonly links: Map<number, readonly SpanLink[]>;
  /** Parent ids that are no 16 hex digits, as they were written, by order of arrival. */
  readonly oddParents: Map<number, string>;
}

export function collectedSpans(): CollectedSpans & { readonly add: (span: SpanRecord) => void } {
  const resources: Attributes[] = [];
  const columns: CollectedSpans = {
    traceIds: dictionary(),
    strings: dictionary(''),
    values: dictionary(),
    resources,
    trace: growingU32(),
    idHigh: growingU32(),
    idLow: growingU32(),
    hasParent: growingU8(),
    parentHigh: growingU32(),
    parentLow: growingU32(),
    start: growingI64(),
    end: growingI64(),
    service: growingU32(),
    name: growingU32(),
    kind: growingU8(),
    status: growingU8(),
    resource: growingU32(),
    attributeFirst: growingU32(),
    attributeKey: growingU32(),
    attributeValue: growingU32(),
    links: new Map(),
    oddParents: new Map(),
  };
  const resourceIndex = resourceIndexes(resources);
  return { ...columns, add: (span) => addSpan(columns, span, resourceIndex(span.resource)) };
}

/** Resources with the same content are one, whichever batch they came in. */
function resourceIndexes(resources: Attributes[]): (resource: Attributes) => number {
  const byIdentity = new WeakMap<Attributes, number>();
  const byContent = new Map<string, number>();
  return (resource) => {
    const seen = byIdentity.get(resource);
    if (seen !== undefined) return seen;
    const content = JSON.stringify(Object.entries(resource).sort(([a], [b]) => (a < b ? -1 : 1)));
    let index = byContent.get(content);
    if (index === undefined) {
      index = resources.length;
      resources.push(resource);
      byContent.set(content, index);
    }
    byIdentity.set(resource, index);
    return index;
  };
}

function addSpan(to: CollectedSpans, span: SpanRecord, resource: number): void {
  const at = to.trace.length;
  append(to.trace, to.traceIds.indexOf(span.traceId));
  writeId(to.idHigh, to.idLow, span.spanId);
  const parent = span.parentSpanId;
  const hasParent = parent !== undefined && parent !== '' && parent !== '0000000000000000';
  append(to.hasParent, hasParent ? 1 : 0);
  const isOdd = writeId(to.parentHigh, to.parentLow, hasParent ? parent : '0000000000000000') === 'odd';
  if (isOdd && parent !== undefined) to.oddParents.set(at, parent);
  append(to.start, span.startUnixNanos);
  append(to.end, span.endUnixNanos);
  append(to.service, to.strings.indexOf(String(span.resource['service.name'] ?? '')));
  append(to.name, to.strings.indexOf(span.name));
  append(to.kind, span.kind);
  append(to.status, span.status);
  append(to.resource, resource);
  append(to.attributeFirst, to.attributeKey.length);
  for (const key in span.attributes) {
    append(to.attributeKey, to.strings.indexOf(key));
    append(to.attributeValue, to.values.indexOf(span.attributes[key] as AttributeValue));
  }
  if (span.links !== undefined && span.links.length > 0) to.links.set(at, span.links);
}

/** Both halves of the id. What is not 16 hex digits is hashed: still told apart, and the same in any order of arrival. */
function writeId(high: GrowingU32, low: GrowingU32, id: string): 'hex' | 'odd' {
  const upper = id.length === 16 ? hexOf(id, 0) : -1;
  const lower = upper < 0 ? -1 : hexOf(id, 8);
  const isOdd = lower < 0;
  append(high, isOdd ? hashOf(id, 0x811c9dc5) : upper);
  append(low, isOdd ? hashOf(id, 0x9747b28c) : lower);
  return isOdd ? 'odd' : 'hex';
}

/** Eight hex digits from `from` as a number; -1 when one of them is none. Digit by digit: parseInt would make a string of each half. */
function hexOf(id: string, from: number): number {
  let value = 0;
  for (let at = from; at < from + 8; at += 1) {
    const code = id.charCodeAt(at) | 0x20;
    const digit = code >= 0x30 && code <= 0x39 ? code - 0x30 : code >= 0x61 && code <= 0x66 ? code - 0x57 : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/** FNV-1a over UTF-16 units. */
function hashOf(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
