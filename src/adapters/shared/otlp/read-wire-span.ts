// One OTLP Span in Protobuf (opentelemetry/proto/trace/v1/trace.proto) becomes a span record.
import {
  type Attributes,
  type AttributeValue,
  type SpanLink,
  type SpanRecord,
  spanKind,
  spanStatus,
} from '../../../core/model/trace-set.ts';
import { addException } from './exception-attributes.ts';
import { maxUnixNanos } from './read-result.ts';
import { readWireAttribute } from './read-wire-attributes.ts';
import { type Wire, wireType } from './wire.ts';

/** Field number * 8 + wire type. Fields that no analysis needs (trace_state, dropped counts, flags) are skipped. */
const spanField = {
  traceId: (1 << 3) | wireType.bytes,
  spanId: (2 << 3) | wireType.bytes,
  parentSpanId: (4 << 3) | wireType.bytes,
  name: (5 << 3) | wireType.bytes,
  kind: (6 << 3) | wireType.varint,
  start: (7 << 3) | wireType.fixed64,
  end: (8 << 3) | wireType.fixed64,
  attributes: (9 << 3) | wireType.bytes,
  events: (11 << 3) | wireType.bytes,
  links: (13 << 3) | wireType.bytes,
  status: (15 << 3) | wireType.bytes,
} as const;

const eventField = { name: (2 << 3) | wireType.bytes, attributes: (3 << 3) | wireType.bytes } as const;
const linkField = { traceId: (1 << 3) | wireType.bytes, spanId: (2 << 3) | wireType.bytes } as const;
const statusCodeField = (3 << 3) | wireType.varint;

const noTraceId = '0'.repeat(32);
const noSpanId = '0'.repeat(16);

/** The record, or why the span cannot be taken (ids or start time missing). Throws WireFault on bytes that are not Protobuf. */
export function readWireSpan(wire: Wire, end: number, resource: Attributes): SpanRecord | string {
  let traceId = '';
  let spanId = '';
  let parentSpanId = '';
  let name = '';
  let kind = 0;
  let status = 0;
  let start = 0n;
  let stop = 0n;
  const attributes: Record<string, AttributeValue> = {};
  const exceptions: Attributes[] = [];
  const links: SpanLink[] = [];
  while (wire.at < end) {
    const tag = wire.tag(end);
    switch (tag) {
      case spanField.traceId:
        traceId = wire.hex(end);
        break;
      case spanField.spanId:
        spanId = wire.hex(end);
        break;
      case spanField.parentSpanId:
        parentSpanId = wire.hex(end);
        break;
      case spanField.name:
        name = wire.text(end);
        break;
      case spanField.kind:
        kind = wire.uint32(end);
        break;
      case spanField.start:
        start = wire.fixed64(end);
        break;
      case spanField.end:
        stop = wire.fixed64(end);
        break;
      case spanField.attributes:
        readWireAttribute(wire, wire.messageEnd(end), attributes);
        break;
      case spanField.events: {
        const exception = readException(wire, wire.messageEnd(end));
        if (exception !== undefined) exceptions.push(exception);
        break;
      }
      case spanField.links: {
        const link = readLink(wire, wire.messageEnd(end));
        if (link !== undefined) links.push(link);
        break;
      }
      case spanField.status:
        status = readStatus(wire, wire.messageEnd(end));
        break;
      default:
        wire.skip(tag, end);
    }
  }
  if (traceId.length !== 32 || traceId === noTraceId)
    return `trace_id must be 16 bytes and not all zeros, found "${traceId.slice(0, 40)}"`;
  if (spanId.length !== 16 || spanId === noSpanId)
    return `span_id must be 8 bytes and not all zeros, found "${spanId.slice(0, 40)}"`;
  if (start === 0n || start > maxUnixNanos) return `span ${spanId} has no valid start_time_unix_nano`;
  if (exceptions.length > 0) {
    const own = { ...attributes };
    for (const exception of exceptions) addException(attributes, own, exception);
  }
  return {
    traceId,
    spanId,
    parentSpanId: parentSpanId.length === 16 && parentSpanId !== noSpanId ? parentSpanId : undefined,
    name,
    kind: kind <= spanKind.consumer ? kind : 0,
    status: status <= spanStatus.error ? status : 0,
    startUnixNanos: start,
    endUnixNanos: stop === 0n || stop > maxUnixNanos ? start : stop,
    resource,
    attributes,
    ...(links.length > 0 ? { links } : {}),
  };
}

/** The attributes of an `exception` event; undefined for any other event. */
function readException(wire: Wire, end: number): Attributes | undefined {
  let name = '';
  const attributes: Record<string, AttributeValue> = {};
  while (wire.at < end) {
    const tag = wire.tag(end);
    if (tag === eventField.name) name = wire.text(end);
    else if (tag === eventField.attributes) readWireAttribute(wire, wire.messageEnd(end), attributes);
    else wire.skip(tag, end);
  }
  return name === 'exception' ? attributes : undefined;
}

function readLink(wire: Wire, end: number): SpanLink | undefined {
  let traceId = '';
  let spanId = '';
  while (wire.at < end) {
    const tag = wire.tag(end);
    if (tag === linkField.traceId) traceId = wire.hex(end);
    else if (tag === linkField.spanId) spanId = wire.hex(end);
    else wire.skip(tag, end);
  }
  const isValid = traceId.length === 32 && traceId !== noTraceId && spanId.length === 16 && spanId !== noSpanId;
  return isValid ? { traceId, spanId } : undefined;
}

function readStatus(wire: Wire, end: number): number {
  let code = 0;
  while (wire.at < end) {
    const tag = wire.tag(end);
    if (tag === statusCodeField) code = wire.uint32(end);
    else wire.skip(tag, end);
  }
  return code;
}
