// Checks one OTLP Span in Protobuf down to its last byte without making anything of it but its trace id.
import { maxUnixNanos, maxValueDepth } from './read-result.ts';
import { type Wire, wireType } from './wire.ts';

/** What a field holds, by tag: another message to look into, or (absent) something to step over. */
type Shape = (Shape | undefined)[];

const bytesTag = (field: number): number => (field << 3) | wireType.bytes;
const shape = (...fields: readonly (readonly [number, Shape])[]): Shape => {
  const made: Shape = [];
  for (const [field, inner] of fields) made[bytesTag(field)] = inner;
  return made;
};

const leaf: Shape = shape();
const anyValue: Shape = shape();
const keyValue: Shape = shape([2, anyValue]);
anyValue[bytesTag(5)] = shape([1, anyValue]);
anyValue[bytesTag(6)] = shape([1, keyValue]);
const span: Shape = shape([9, keyValue], [11, shape([3, keyValue])], [13, shape([4, keyValue])], [15, leaf]);

/** The reader looks into values 32 deep; a level is at most three messages (list, entry, value). What lies deeper it never looks at, nor do we. */
const maxDepth = 3 * maxValueDepth + 4;

/** The trace id in hex, or why the span cannot be taken. What passes here `readWireSpan` reads; bytes that are not Protobuf throw WireFault. */
export function checkWireSpan(wire: Wire, end: number): { readonly traceId: string } | string {
  let traceId = '';
  let hasSpanId = false;
  let hasStart = false;
  while (wire.at < end) {
    const tag = wire.tag(end);
    switch (tag) {
      case bytesTag(1):
        traceId = wire.hex(end);
        break;
      case bytesTag(2): {
        const to = wire.messageEnd(end);
        hasSpanId =
          to - wire.at === 8 && (wire.view.getUint32(wire.at) !== 0 || wire.view.getUint32(wire.at + 4) !== 0);
        wire.at = to;
        break;
      }
      case (7 << 3) | wireType.fixed64: {
        const start = wire.fixed64(end);
        hasStart = start > 0n && start <= maxUnixNanos;
        break;
      }
      default:
        checkField(wire, tag, end, span, 0);
    }
  }
  if (traceId.length !== 32 || /^0+$/.test(traceId)) return 'trace_id must be 16 bytes and not all zeros';
  if (!hasSpanId) return 'span_id must be 8 bytes and not all zeros';
  return hasStart ? { traceId } : 'a span has no valid start_time_unix_nano';
}

function checkField(wire: Wire, tag: number, end: number, shape: Shape, depth: number): void {
  const inner = tag < shape.length ? shape[tag] : undefined;
  if (inner === undefined) {
    wire.skip(tag, end);
    return;
  }
  const to = wire.messageEnd(end);
  if (depth > maxDepth) wire.at = to;
  while (wire.at < to) checkField(wire, wire.tag(to), to, inner, depth + 1);
}
