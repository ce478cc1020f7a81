// Jaeger's own JSON (its UI's download and /api/traces): { data: [{ traceID, spans, processes }] } becomes span records.
import {
  type Attributes,
  type AttributeValue,
  type SpanLink,
  type SpanRecord,
  spanKind,
  spanStatus,
} from '../../core/model/trace-set.ts';
import { addException } from '../shared/otlp/exception-attributes.ts';
import { isRecord } from '../shared/otlp/read-json-attributes.ts';
import { maxUnixNanos, type ReadSpans } from '../shared/otlp/read-result.ts';
import { spanIdFrom, traceIdFrom, withLeadingZeros } from '../shared/otlp/span-ids.ts';

/** Whether a JSON value looks like one trace of Jaeger. */
export function isJaegerTrace(value: unknown): boolean {
  return isRecord(value) && Array.isArray(value['spans']) && isRecord(value['processes']);
}

/** Reads traces that `isJaegerTrace` accepts. A span without valid ids or start is refused by itself. */
export function readJaegerJson(traces: readonly unknown[]): ReadSpans {
  const spans: SpanRecord[] = [];
  let refused = 0;
  let firstRefusal: string | undefined;
  for (const trace of traces) {
    if (!isRecord(trace) || !Array.isArray(trace['spans'])) continue;
    const resources = resourcesOf(trace['processes']);
    for (const span of trace['spans']) {
      const record = isRecord(span) ? readSpan(span, resources) : 'a span is not an object';
      if (typeof record !== 'string') spans.push(record);
      else {
        refused += 1;
        firstRefusal ??= record;
      }
    }
  }
  return { spans, refused, firstRefusal };
}

const noResource: Attributes = {};

function resourcesOf(processes: unknown): ReadonlyMap<string, Attributes> {
  const resources = new Map<string, Attributes>();
  if (!isRecord(processes)) return resources;
  for (const [id, process] of Object.entries(processes)) {
    if (!isRecord(process)) continue;
    resources.set(id, { ...tagsOf(process['tags']), 'service.name': String(process['serviceName'] ?? '') });
  }
  return resources;
}

function readSpan(span: Record<string, unknown>, resources: ReadonlyMap<string, Attributes>): SpanRecord | string {
  const traceId = traceIdFrom(withLeadingZeros(span['traceID'], 32));
  const spanId = spanIdFrom(withLeadingZeros(span['spanID'], 16));
  if (traceId === undefined || spanId === undefined)
    return `a span has no valid traceID or spanID (${String(span['spanID'])})`;
  const start = microsToNanos(span['startTime']);
  const duration = microsToNanos(span['duration']);
  // A trace may begin at 0, but without a duration nothing says that the field was filled in.
  if (start === undefined || (start === 0n && duration === undefined)) return `span ${spanId} has no valid startTime`;
  const { 'span.kind': kind, ...attributes } = tagsOf(span['tags']);
  const { parentSpanId, links } = referencesOf(span, traceId);
  addExceptions(attributes, span['logs']);
  return {
    traceId,
    spanId,
    parentSpanId,
    name: String(span['operationName'] ?? ''),
    kind: spanKind[String(kind) as keyof typeof spanKind] ?? spanKind.unspecified,
    status: statusOf(attributes),
    startUnixNanos: start,
    endUnixNanos: start + (duration ?? 0n),
    resource: resources.get(String(span['processID'])) ?? embeddedResource(span['process']),
    attributes,
    ...(links.length > 0 ? { links } : {}),
  };
}

function embeddedResource(process: unknown): Attributes {
  return resourcesOf({ own: process }).get('own') ?? noResource;
}

/** Jaeger has no status field: `otel.status_code` or an `error` tag says it. */
function statusOf(attributes: Attributes): number {
  const code = attributes['otel.status_code'];
  const error = attributes['error'];
  if (code === 'ERROR' || error === true || error === 'true') return spanStatus.error;
  return code === 'OK' ? spanStatus.ok : spanStatus.unset;
}

/** The parent is the first CHILD_OF within the trace, else the first FOLLOWS_FROM, as Jaeger itself decides; the rest are links. */
function referencesOf(
  span: Record<string, unknown>,
  ownTraceId: string,
): { readonly parentSpanId: string | undefined; readonly links: readonly SpanLink[] } {
  const references = (Array.isArray(span['references']) ? span['references'] : []).flatMap((reference) => {
    if (!isRecord(reference)) return [];
    const traceId = traceIdFrom(withLeadingZeros(reference['traceID'], 32));
    const spanId = spanIdFrom(withLeadingZeros(reference['spanID'], 16));
    return traceId === undefined || spanId === undefined ? [] : [{ traceId, spanId, type: reference['refType'] }];
  });
  const local = references.filter((reference) => reference.traceId === ownTraceId);
  const parent = local.find((reference) => reference.type === 'CHILD_OF') ?? local[0];
  return {
    parentSpanId: parent?.spanId ?? spanIdFrom(withLeadingZeros(span['parentSpanID'], 16)),
    links: references.filter((reference) => reference !== parent).map(({ traceId, spanId }) => ({ traceId, spanId })),
  };
}

function addExceptions(attributes: Record<string, AttributeValue>, logs: unknown): void {
  const own = { ...attributes };
  for (const log of Array.isArray(logs) ? logs : []) {
    const fields = isRecord(log) ? tagsOf(log['fields']) : {};
    if (fields['event'] === 'exception') addException(attributes, own, fields);
  }
}

function tagsOf(tags: unknown): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  for (const tag of Array.isArray(tags) ? tags : []) {
    if (!isRecord(tag) || typeof tag['key'] !== 'string' || tag['key'] === '__proto__') continue;
    const value = tag['value'];
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      attributes[tag['key']] = value;
  }
  return attributes;
}

/** Whole and fractional microseconds. */
function microsToNanos(value: unknown): bigint | undefined {
  const micros = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof micros !== 'number' || !(micros >= 0) || micros > 9e15) return undefined;
  const whole = Math.trunc(micros);
  const nanos = BigInt(whole) * 1000n + BigInt(Math.round((micros - whole) * 1000));
  return nanos <= maxUnixNanos ? nanos : undefined;
}
