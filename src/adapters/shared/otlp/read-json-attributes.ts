// OTLP/JSON attributes: a list of { key, value: { stringValue | intValue | ... } } becomes a flat record.
import type { Attributes, AttributeValue } from '../../../core/model/trace-set.ts';
import { maxValueDepth } from './read-result.ts';

/** Attributes by key; entries without a key or a value are left out, arrays and key-value lists become JSON text, bytes stay base64 text. */
export function readJsonAttributes(list: unknown): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  if (!Array.isArray(list)) return attributes;
  for (const entry of list) {
    const key = isRecord(entry) ? entry['key'] : undefined;
    if (typeof key !== 'string' || key === '' || key === '__proto__') continue;
    const value = flatten(plainValue(entry['value'], 0));
    if (value !== undefined) attributes[key] = value;
  }
  return attributes;
}

/** Attributes of a resource or scope object; empty when there is none. */
export function attributesOfJson(holder: unknown): Attributes {
  return isRecord(holder) ? readJsonAttributes(holder['attributes']) : {};
}

/** Whether a JSON value is an object with fields. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type PlainValue = AttributeValue | null | readonly PlainValue[] | { readonly [key: string]: PlainValue };

function flatten(value: PlainValue): AttributeValue | undefined {
  if (value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

function plainValue(value: unknown, depth: number): PlainValue {
  if (!isRecord(value) || depth > maxValueDepth) return null;
  for (const kind in value) {
    const content = value[kind];
    switch (kind) {
      case 'stringValue':
      case 'string_value':
      case 'bytesValue':
      case 'bytes_value':
        return typeof content === 'string' ? content : null;
      case 'boolValue':
      case 'bool_value':
        return typeof content === 'boolean' ? content : null;
      case 'intValue':
      case 'int_value':
        return integer(content);
      case 'doubleValue':
      case 'double_value':
        return double(content);
      case 'arrayValue':
      case 'array_value':
        return valuesOf(content).map((element) => plainValue(element, depth + 1));
      case 'kvlistValue':
      case 'kvlist_value':
        return Object.fromEntries(
          valuesOf(content).flatMap((entry) => {
            if (!isRecord(entry)) return [];
            // An absent key is the empty one, as Protobuf has it.
            const key = typeof entry['key'] === 'string' ? entry['key'] : '';
            return [[key, plainValue(entry['value'], depth + 1)]];
          }),
        );
    }
  }
  return null;
}

function valuesOf(content: unknown): readonly unknown[] {
  return isRecord(content) && Array.isArray(content['values']) ? content['values'] : [];
}

/** 64-bit integers come as text; what a double cannot hold exactly stays text. */
function integer(content: unknown): PlainValue {
  if (typeof content === 'number') return content;
  if (typeof content !== 'string' || !/^-?\d{1,20}$/.test(content)) return null;
  const number = Number(content);
  return Number.isSafeInteger(number) ? number : content;
}

/** Protobuf's JSON writes the numbers that JSON does not have as text. */
function double(content: unknown): PlainValue {
  if (typeof content === 'number') return content;
  if (typeof content !== 'string' || content.trim() === '') return null;
  const number = Number(content);
  return Number.isNaN(number) && content !== 'NaN' ? null : number;
}
