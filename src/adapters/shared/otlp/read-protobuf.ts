// OTLP/Protobuf: ExportTraceServiceRequest or TracesData (same fields) becomes span records.
import { err, ok, type Result } from '../../../core/model/result.ts';
import type { Attributes, AttributeValue, SpanRecord } from '../../../core/model/trace-set.ts';
import type { DecodeError, ReadSpans } from './read-result.ts';
import { readWireAttribute } from './read-wire-attributes.ts';
import { readWireSpan } from './read-wire-span.ts';
import { Wire, WireFault, wireType } from './wire.ts';

/** Every field that leads to a span is a message: resource_spans = 1 > resource = 1, scope_spans = 2 > spans = 2. */
const resourceSpansField = (1 << 3) | wireType.bytes;
const resourceField = (1 << 3) | wireType.bytes;
const scopeSpansField = (2 << 3) | wireType.bytes;
const spansField = (2 << 3) | wireType.bytes;
const resourceAttributesField = (1 << 3) | wireType.bytes;

/** Reads one request. Empty bytes are an empty request, as Protobuf has it. Unknown fields are skipped; bytes that are not Protobuf are malformed. */
export function readOtlpProtobuf(body: Uint8Array): Result<ReadSpans, DecodeError> {
  const spans: SpanRecord[] = [];
  let refused = 0;
  let firstRefusal: string | undefined;
  let resource: Attributes = {};
  const walked = walkProtobuf(body, {
    resource(wire, end) {
      resource = readResource(wire, end);
    },
    span(wire, end) {
      const record = readWireSpan(wire, end, resource);
      if (typeof record !== 'string') spans.push(record);
      else {
        refused += 1;
        firstRefusal ??= record;
      }
    },
  });
  return walked.ok ? ok({ spans, refused, firstRefusal }) : walked;
}

/** Told where things lie, in order: the resource of a batch, then its spans. The cursor stands at the first byte; where it is left does not matter. */
export interface ProtobufVisitor {
  readonly resource: (wire: Wire, end: number) => void;
  readonly span: (wire: Wire, end: number) => void;
}

/** Walks a request without making anything. A batch without a resource is told as an empty one. */
export function walkProtobuf(body: Uint8Array, visitor: ProtobufVisitor): Result<void, DecodeError> {
  const wire = new Wire(body);
  try {
    eachField(wire, body.length, resourceSpansField, (batchEnd) => {
      const batchStart = wire.at;
      let hasResource = false;
      // A writer may put the resource after the spans: find it first; skipping over the spans is one step a scope.
      eachField(wire, batchEnd, resourceField, (end) => {
        hasResource = true;
        visitor.resource(wire, end);
      });
      if (!hasResource) visitor.resource(wire, wire.at);
      wire.at = batchStart;
      eachField(wire, batchEnd, scopeSpansField, (scopeEnd) => {
        eachField(wire, scopeEnd, spansField, (end) => visitor.span(wire, end));
      });
    });
    return ok(undefined);
  } catch (error) {
    if (error instanceof WireFault) return err({ kind: 'malformed', message: `not valid Protobuf: ${error.message}` });
    throw error;
  }
}

/** Attributes of a Resource message ending at `end`. */
export function readResource(wire: Wire, end: number): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  eachField(wire, end, resourceAttributesField, (to) => readWireAttribute(wire, to, attributes));
  return attributes;
}

function eachField(wire: Wire, end: number, field: number, visit: (end: number) => void): void {
  while (wire.at < end) {
    const tag = wire.tag(end);
    if (tag !== field) {
      wire.skip(tag, end);
      continue;
    }
    const to = wire.messageEnd(end);
    visit(to);
    wire.at = to;
  }
}
