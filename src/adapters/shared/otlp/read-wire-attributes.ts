// OTLP/Protobuf attributes: KeyValue { key = 1, value = 2 } and AnyValue { string = 1, bool = 2, int = 3, double = 4, array = 5, kvlist = 6, bytes = 7 }.
import type { AttributeValue } from '../../../core/model/trace-set.ts';
import { maxValueDepth } from './read-result.ts';
import { type Wire, wireType } from './wire.ts';

const keyField = (1 << 3) | wireType.bytes;
const valueField = (2 << 3) | wireType.bytes;

const any = {
  string: (1 << 3) | wireType.bytes,
  bool: (2 << 3) | wireType.varint,
  int: (3 << 3) | wireType.varint,
  double: (4 << 3) | wireType.fixed64,
  array: (5 << 3) | wireType.bytes,
  kvlist: (6 << 3) | wireType.bytes,
  bytes: (7 << 3) | wireType.bytes,
} as const;

/** Both list messages hold their elements in field 1. */
const elementField = (1 << 3) | wireType.bytes;

/** Reads one KeyValue ending at `end` into `target`. No key or no value: nothing is added. Arrays and lists become JSON text, bytes become base64 text. */
export function readWireAttribute(wire: Wire, end: number, target: Record<string, AttributeValue>): void {
  // The same as readKeyValue, without an object in between: this runs a dozen times a span.
  let key = '';
  let value: PlainValue = null;
  while (wire.at < end) {
    const tag = wire.tag(end);
    if (tag === keyField) key = wire.text(end);
    else if (tag === valueField) value = readAnyValue(wire, wire.messageEnd(end), 0);
    else wire.skip(tag, end);
  }
  if (key === '' || key === '__proto__' || value === null) return;
  target[key] = typeof value === 'object' ? JSON.stringify(value) : value;
}

type PlainValue = AttributeValue | null | readonly PlainValue[] | { readonly [key: string]: PlainValue };

function readKeyValue(wire: Wire, end: number, depth: number): { readonly key: string; readonly value: PlainValue } {
  let key = '';
  let value: PlainValue = null;
  while (wire.at < end) {
    const tag = wire.tag(end);
    if (tag === keyField) key = wire.text(end);
    else if (tag === valueField) value = readAnyValue(wire, wire.messageEnd(end), depth);
    else wire.skip(tag, end);
  }
  return { key, value };
}

function readAnyValue(wire: Wire, end: number, depth: number): PlainValue {
  if (depth > maxValueDepth) {
    wire.at = end;
    return null;
  }
  let value: PlainValue = null;
  while (wire.at < end) {
    const tag = wire.tag(end);
    switch (tag) {
      case any.string:
        value = wire.text(end);
        break;
      case any.bool:
        value = wire.uint32(end) !== 0;
        break;
      case any.int:
        value = wire.int64(end);
        break;
      case any.double:
        value = wire.double(end);
        break;
      case any.array:
        value = readArray(wire, wire.messageEnd(end), depth + 1);
        break;
      case any.kvlist:
        value = readList(wire, wire.messageEnd(end), depth + 1);
        break;
      case any.bytes: {
        const to = wire.messageEnd(end);
        value = wire.bytes.toString('base64', wire.at, to);
        wire.at = to;
        break;
      }
      default:
        wire.skip(tag, end);
    }
  }
  return value;
}

function readArray(wire: Wire, end: number, depth: number): readonly PlainValue[] {
  const values: PlainValue[] = [];
  while (wire.at < end) {
    const tag = wire.tag(end);
    if (tag === elementField) values.push(readAnyValue(wire, wire.messageEnd(end), depth));
    else wire.skip(tag, end);
  }
  return values;
}

function readList(wire: Wire, end: number, depth: number): { readonly [key: string]: PlainValue } {
  const entries: [string, PlainValue][] = [];
  while (wire.at < end) {
    const tag = wire.tag(end);
    if (tag === elementField) {
      const { key, value } = readKeyValue(wire, wire.messageEnd(end), depth);
      entries.push([key, value]);
    } else wire.skip(tag, end);
  }
  return Object.fromEntries(entries);
}
