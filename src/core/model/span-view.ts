// Looks at single spans and attributes of a TraceSet.
import type { Attributes, AttributeValue, Span, TraceSet } from './trace-set.ts';
import { nanos } from './units.ts';

/** The span's id as 16 hex digits. */
export function spanIdOf(set: TraceSet, index: number): string {
  return hex8(set.spanIdHigh[index] ?? 0) + hex8(set.spanIdLow[index] ?? 0);
}

const hex8 = (value: number): string => value.toString(16).padStart(8, '0');

export function serviceOf(set: TraceSet, index: number): string {
  return set.strings[set.service[index] ?? 0] ?? '';
}

export function nameOf(set: TraceSet, index: number): string {
  return set.strings[set.name[index] ?? 0] ?? '';
}

/** The span's own attribute of the first of `keys` that it has; undefined when it has none of them. */
export function attributeOf(set: TraceSet, index: number, ...keys: readonly string[]): AttributeValue | undefined {
  const from = set.attributeFirst[index] ?? 0;
  const to = set.attributeFirst[index + 1] ?? from;
  for (const key of keys) {
    for (let i = from; i < to; i += 1) {
      if (set.strings[set.attributeKey[i] ?? 0] === key) return set.values[set.attributeValue[i] ?? 0];
    }
  }
  return undefined;
}

export function attributesOf(set: TraceSet, index: number): Attributes {
  const from = set.attributeFirst[index] ?? 0;
  const to = set.attributeFirst[index + 1] ?? from;
  const attributes: Record<string, AttributeValue> = {};
  for (let i = from; i < to; i += 1) {
    const value = set.values[set.attributeValue[i] ?? 0];
    if (value !== undefined) attributes[set.strings[set.attributeKey[i] ?? 0] ?? ''] = value;
  }
  return attributes;
}

/** Everything about one span of trace `trace`. */
export function spanAt(set: TraceSet, trace: number, index: number): Span {
  return {
    index,
    traceId: set.traceIds[trace] ?? '',
    spanId: spanIdOf(set, index),
    parent: set.parent[index] ?? -1,
    service: serviceOf(set, index),
    name: nameOf(set, index),
    kind: set.kind[index] ?? 0,
    status: set.status[index] ?? 0,
    start: nanos(set.start[index] ?? 0),
    end: nanos(set.end[index] ?? 0),
    attributes: attributesOf(set, index),
    resource: set.resources[set.resource[index] ?? 0] ?? {},
  };
}

/** All spans of one trace, in order of start. */
export function spansOf(set: TraceSet, trace: number): readonly Span[] {
  const spans: Span[] = [];
  for (let i = set.firstSpan[trace] ?? 0; i < (set.firstSpan[trace + 1] ?? 0); i += 1)
    spans.push(spanAt(set, trace, i));
  return spans;
}
