// Readers side by side on the same bytes, turn by turn, so that a noisy machine disturbs all of them alike.
import { performance } from 'node:perf_hooks';
import { checkWireSpan } from '../../src/adapters/shared/otlp/check-wire-span.ts';
import { readOtlpJson } from '../../src/adapters/shared/otlp/read-json.ts';
import { readOtlpProtobuf, walkProtobuf } from '../../src/adapters/shared/otlp/read-protobuf.ts';
import { writeOtlpProtobuf } from '../../src/adapters/shared/otlp/write-protobuf.ts';
import { requestType } from '../../test/support/otlp-schema.ts';
import { batchOf, jsonOf } from './batches.ts';

export interface DecodeRate {
  readonly name: string;
  readonly kiloSpansPerSecond: number;
}

const turns = 5;
const spans = 512;

export function decodeRates(seconds: number): readonly DecodeRate[] {
  const body = writeOtlpProtobuf(batchOf(1, spans));
  const json = jsonOf(body);
  for (const read of [readOtlpProtobuf(body), readOtlpJson(json)]) {
    if (!read.ok || read.value.spans.length !== spans) throw new Error('the readers do not take the whole batch');
  }
  const readers: readonly (readonly [string, () => unknown])[] = [
    ['own reader, Protobuf to records', () => readOtlpProtobuf(body)],
    [
      'own checker, Protobuf (receiver)',
      () => walkProtobuf(body, { resource: () => undefined, span: (wire, end) => void checkWireSpan(wire, end) }),
    ],
    ['own reader, JSON to records', () => readOtlpJson(json)],
    ['protobufjs, its own objects', () => requestType.decode(body)],
    // What one would write with protobufjs in place of our reader.
    [
      'protobufjs to records',
      () => readOtlpJson(requestType.toObject(requestType.decode(body), { longs: String, bytes: String, json: true })),
    ],
    ['JSON.parse alone', () => JSON.parse(json)],
  ];
  const rates = readers.map(() => [] as number[]);
  for (let turn = 0; turn <= turns; turn += 1) {
    readers.forEach(([, read], i) => {
      const rate = rateOf(read, (seconds * 1000) / turns);
      // The first turn is for the compiler.
      if (turn > 0) rates[i]?.push(rate);
    });
  }
  return readers.map(([name], i) => ({ name, kiloSpansPerSecond: median(rates[i] ?? []) }));
}

function rateOf(read: () => unknown, milliseconds: number): number {
  const began = performance.now();
  let bodies = 0;
  do {
    read();
    bodies += 1;
  } while (performance.now() - began < milliseconds);
  return (bodies * spans) / (performance.now() - began);
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
