// OTLP/JSON, as text or parsed: resourceSpans > scopeSpans > spans become span records. Lenient in what it takes: enum names, base64 ids, numbers for times, snake_case.
import { err, ok, type Result } from '../../../core/model/result.ts';
import {
  type Attributes,
  type SpanLink,
  type SpanRecord,
  spanKind,
  spanStatus,
} from '../../../core/model/trace-set.ts';
import { addException } from './exception-attributes.ts';
import { attributesOfJson, isRecord, readJsonAttributes } from './read-json-attributes.ts';
import { type DecodeError, maxUnixNanos, type ReadSpans } from './read-result.ts';
import { spanIdFrom, traceIdFrom } from './span-ids.ts';

/** Reads one ExportTraceServiceRequest or TracesData. An empty object is an empty body, as in Protobuf; anything but an object is malformed. */
export function readOtlpJson(body: unknown): Result<ReadSpans, DecodeError> {
  const parsed = typeof body === 'string' ? parseJsonExactly(body) : ok(body);
  if (!parsed.ok) return parsed;
  if (!isRecord(parsed.value))
    return malformed(`expected an object with resourceSpans, found ${describe(parsed.value)}`);
  const resourceSpans = listOf(parsed.value, 'resourceSpans', 'resource_spans');
  if (resourceSpans === undefined) return malformed('resourceSpans must be a list');
  const reading: Reading = { spans: [], refused: 0 };
  for (const batch of resourceSpans) readResourceSpans(batch, reading);
  return ok(reading);
}

/** JSON.parse that keeps epoch nanoseconds exact when they are written as numbers, which a double would round by up to 128 ns. */
export function parseJsonExactly(text: string): Result<unknown, DecodeError> {
  try {
    return ok(JSON.parse(hasBareNanos.test(text) ? text.replace(bareNanos, '$1"$2"') : text));
  } catch (error) {
    return malformed(`not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Looked for first, since it is rare and its search is cheap. */
const hasBareNanos = /(?:TimeUnixNano|time_unix_nano)"\s*:\s*\d/;
/** Inside a JSON text value the quotes are escaped, so only real fields match. */
const bareNanos = /("(?:\w*TimeUnixNano|\w*time_unix_nano)"\s*:\s*)(\d{16,20})(?=\s*[,}])/g;

interface Reading {
  readonly spans: SpanRecord[];
  refused: number;
  firstRefusal?: string;
}

function readResourceSpans(batch: unknown, reading: Reading): void {
  const resource = attributesOfJson(isRecord(batch) ? batch['resource'] : undefined);
  // OTLP before 0.19 called scopes "instrumentation libraries".
  const scopes = isRecord(batch)
    ? listOf(batch, 'scopeSpans', 'scope_spans', 'instrumentationLibrarySpans')
    : undefined;
  if (scopes === undefined) refuse(reading, 'an entry of resourceSpans has no list of scopeSpans');
  for (const scope of scopes ?? []) {
    const spans = isRecord(scope) ? listOf(scope, 'spans') : undefined;
    if (spans === undefined) refuse(reading, 'spans must be a list');
    for (const span of spans ?? []) {
      const record = readSpan(span, resource);
      if (typeof record === 'string') refuse(reading, record);
      else reading.spans.push(record);
    }
  }
}

function refuse(reading: Reading, why: string): void {
  reading.refused += 1;
  reading.firstRefusal ??= why;
}

/** The record, or why the span cannot be taken. */
function readSpan(span: unknown, resource: Attributes): SpanRecord | string {
  if (!isRecord(span)) return 'a span is not an object';
  const traceId = traceIdFrom(span['traceId'] ?? span['trace_id']);
  if (traceId === undefined)
    return `traceId must be 16 bytes in hex and not all zeros, found ${describe(span['traceId'])}`;
  const spanId = spanIdFrom(span['spanId'] ?? span['span_id']);
  if (spanId === undefined) return `spanId must be 8 bytes in hex and not all zeros, found ${describe(span['spanId'])}`;
  const startUnixNanos = unixNanos(span['startTimeUnixNano'] ?? span['start_time_unix_nano']);
  const endUnixNanos = unixNanos(span['endTimeUnixNano'] ?? span['end_time_unix_nano']);
  if (startUnixNanos === undefined || (startUnixNanos === 0n && isFarFromZero(endUnixNanos)))
    return `span ${spanId} has no valid startTimeUnixNano`;
  const links = readLinks(span['links']);
  return {
    traceId,
    spanId,
    parentSpanId: spanIdFrom(span['parentSpanId'] ?? span['parent_span_id']),
    name: typeof span['name'] === 'string' ? span['name'] : '',
    kind: enumNumber(span['kind'], 'SPAN_KIND_', spanKind, spanKind.consumer),
    status: isRecord(span['status'])
      ? enumNumber(span['status']['code'], 'STATUS_CODE_', spanStatus, spanStatus.error)
      : 0,
    startUnixNanos,
    // Not ended is absent or 0.
    endUnixNanos: endUnixNanos === undefined || endUnixNanos === 0n ? startUnixNanos : endUnixNanos,
    resource,
    attributes: attributesWithException(span),
    ...(links.length > 0 ? { links } : {}),
  };
}

function attributesWithException(span: Record<string, unknown>): Attributes {
  const attributes = readJsonAttributes(span['attributes']);
  const events = span['events'];
  if (!Array.isArray(events) || events.length === 0) return attributes;
  const own = { ...attributes };
  for (const event of events) {
    if (isRecord(event) && event['name'] === 'exception')
      addException(attributes, own, readJsonAttributes(event['attributes']));
  }
  return attributes;
}

function readLinks(links: unknown): readonly SpanLink[] {
  if (!Array.isArray(links)) return [];
  return links.flatMap((link) => {
    if (!isRecord(link)) return [];
    const traceId = traceIdFrom(link['traceId'] ?? link['trace_id']);
    const spanId = spanIdFrom(link['spanId'] ?? link['span_id']);
    return traceId === undefined || spanId === undefined ? [] : [{ traceId, spanId }];
  });
}

/** Epoch nanoseconds from text or number; undefined when absent or out of range. Zero is a time: traces may begin there. */
function unixNanos(value: unknown): bigint | undefined {
  const nanos =
    typeof value === 'string' && /^\d{1,20}$/.test(value)
      ? BigInt(value)
      : typeof value === 'number' && Number.isFinite(value)
        ? BigInt(Math.trunc(value))
        : -1n;
  return nanos >= 0n && nanos <= maxUnixNanos ? nanos : undefined;
}

const yearNanos = 365n * 86_400_000_000_000n;

/** Whether an end is absent, or so late that a start of 0 beside it was never set. */
const isFarFromZero = (end: bigint | undefined): boolean => end === undefined || end > yearNanos;

/** 2, "2", "SPAN_KIND_SERVER" and "SERVER" all mean 2; anything unknown is 0, as Protobuf has it. */
function enumNumber(value: unknown, prefix: string, names: Readonly<Record<string, number>>, highest: number): number {
  const number =
    typeof value === 'string' ? (names[value.replace(prefix, '').toLowerCase()] ?? Number(value)) : Number(value ?? 0);
  return Number.isInteger(number) && number >= 0 && number <= highest ? number : 0;
}

/** The list under the first name that is there; empty when none is; undefined when it is no list. */
function listOf(holder: Record<string, unknown>, ...names: readonly string[]): readonly unknown[] | undefined {
  for (const name of names) {
    const list = holder[name];
    if (list !== undefined && list !== null) return Array.isArray(list) ? list : undefined;
  }
  return [];
}

/** A short picture of a value for messages. */
function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? typeof value);
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

function malformed(message: string): Result<never, DecodeError> {
  return err({ kind: 'malformed', message });
}
