// Traces as OTLP-JSON, one trace a line: what `faultline analyze` and every OTLP tool reads.
import { recordsOf } from '../../core/model/records-of.ts';
import type { Attributes, AttributeValue, SpanRecord, TraceSet } from '../../core/model/trace-set.ts';

/** Ends in a newline; empty without traces. */
export function writeTraces(set: TraceSet): string {
  const traces = new Map<string, SpanRecord[]>(set.traceIds.map((id) => [id, []]));
  for (const span of recordsOf(set)) traces.get(span.traceId)?.push(span);
  return [...traces.values()].map((spans) => `${JSON.stringify(requestOf(spans))}\n`).join('');
}

function requestOf(spans: readonly SpanRecord[]): unknown {
  const byResource = new Map<Attributes, SpanRecord[]>();
  for (const span of spans) byResource.set(span.resource, [...(byResource.get(span.resource) ?? []), span]);
  return {
    resourceSpans: [...byResource].map(([resource, members]) => ({
      resource: { attributes: attributeList(resource) },
      scopeSpans: [{ spans: members.map(spanOf) }],
    })),
  };
}

function spanOf(span: SpanRecord): unknown {
  const { traceId, spanId, parentSpanId, name, kind, status, startUnixNanos, endUnixNanos, attributes, links } = span;
  return {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name,
    kind,
    startTimeUnixNano: String(startUnixNanos),
    endTimeUnixNano: String(endUnixNanos),
    attributes: attributeList(attributes),
    ...(links === undefined || links.length === 0 ? {} : { links }),
    ...(status === 0 ? {} : { status: { code: status } }),
  };
}

function attributeList(attributes: Attributes): readonly unknown[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: AttributeValue): unknown {
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'boolean':
      return { boolValue: value };
    default:
      return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  }
}
