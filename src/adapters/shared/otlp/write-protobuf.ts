// Span records to OTLP/Protobuf; reading the result gives the records back.
import type { Attributes, AttributeValue, SpanRecord } from '../../../core/model/trace-set.ts';
import { wireType } from './wire.ts';
import { WireWriter } from './wire-writer.ts';

/** One ExportTraceServiceRequest: spans of one resource (by identity) share a batch. */
export function writeOtlpProtobuf(spans: readonly SpanRecord[]): Buffer {
  const writer = new WireWriter(4096);
  for (const [resource, batch] of Map.groupBy(spans, (span) => span.resource)) {
    writer.message(1, () => {
      writer.message(1, () => writeAttributes(writer, 1, resource));
      writer.message(2, () => {
        for (const span of batch) writer.message(2, () => writeSpan(writer, span));
      });
    });
  }
  return writer.bytes();
}

/** The fields of one Span message. */
export function writeSpan(writer: WireWriter, span: SpanRecord): void {
  writer.hex(1, span.traceId);
  writer.hex(2, span.spanId);
  if (span.parentSpanId) writer.hex(4, span.parentSpanId);
  if (span.name !== '') writer.text(5, span.name);
  if (span.kind !== 0) {
    writer.tag(6, wireType.varint);
    writer.varint(span.kind);
  }
  writer.tag(7, wireType.fixed64);
  writer.fixed64(span.startUnixNanos);
  writer.tag(8, wireType.fixed64);
  writer.fixed64(span.endUnixNanos);
  writeAttributes(writer, 9, span.attributes);
  for (const link of span.links ?? []) {
    writer.message(13, () => {
      writer.hex(1, link.traceId);
      writer.hex(2, link.spanId);
    });
  }
  if (span.status !== 0) {
    writer.message(15, () => {
      writer.tag(3, wireType.varint);
      writer.varint(span.status);
    });
  }
}

/** Each attribute as a KeyValue message under `field`. */
export function writeAttributes(writer: WireWriter, field: number, attributes: Attributes): void {
  for (const key in attributes) {
    writer.message(field, () => {
      writer.text(1, key);
      writer.message(2, () => writeAnyValue(writer, attributes[key] as AttributeValue));
    });
  }
}

function writeAnyValue(writer: WireWriter, value: AttributeValue): void {
  if (typeof value === 'string') writer.text(1, value);
  else if (typeof value === 'boolean') {
    writer.tag(2, wireType.varint);
    writer.varint(value ? 1 : 0);
  } else if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    writer.tag(3, wireType.varint);
    writer.int64(BigInt(value));
  } else {
    writer.tag(4, wireType.fixed64);
    writer.double(value);
  }
}
