// A minimal reader of OTLP-JSON for the benches, until they read through the adapters.
import type { Attributes, AttributeValue, SpanRecord } from '../../src/core/model/trace-set.ts';

interface KeyValue {
  readonly key: string;
  readonly value: { stringValue?: string; intValue?: string | number; doubleValue?: number; boolValue?: boolean };
}

export interface OtlpRequest {
  readonly resourceSpans?: readonly {
    readonly resource?: { readonly attributes?: readonly KeyValue[] };
    readonly scopeSpans?: readonly { readonly spans?: readonly OtlpSpan[] }[];
  }[];
}

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind?: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly KeyValue[];
  readonly status?: { readonly code?: number };
  readonly events?: readonly { readonly name: string; readonly attributes?: readonly KeyValue[] }[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

/** The spans of one export request. */
export function* readOtlp(request: OtlpRequest): Generator<SpanRecord> {
  for (const batch of request.resourceSpans ?? []) {
    const resource = attributesOf(batch.resource?.attributes);
    for (const scope of batch.scopeSpans ?? []) {
      for (const span of scope.spans ?? []) yield recordOf(span, resource);
    }
  }
}

function recordOf(span: OtlpSpan, resource: Attributes): SpanRecord {
  const exception = span.events?.find((event) => event.name === 'exception');
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: span.name,
    kind: span.kind ?? 0,
    status: span.status?.code ?? 0,
    startUnixNanos: BigInt(span.startTimeUnixNano),
    endUnixNanos: BigInt(span.endTimeUnixNano),
    resource,
    attributes: { ...attributesOf(span.attributes), ...attributesOf(exception?.attributes) },
    links: span.links,
  };
}

function attributesOf(list: readonly KeyValue[] | undefined): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  for (const { key, value } of list ?? []) {
    const found = value.stringValue ?? value.boolValue ?? value.doubleValue ?? (value.intValue === undefined ? undefined : Number(value.intValue));
    if (found !== undefined) attributes[key] = found;
  }
  return attributes;
}
