// OTLP bodies from hell: whatever comes, the readers answer, in bounded time, and never throw. FUZZ_SECONDS makes it longer than the few seconds of CI.
import assert from 'node:assert/strict';
import process from 'node:process';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ingestJson, ingestProtobuf } from '../../src/adapters/otlp/ingest.ts';
import { SpanStore } from '../../src/adapters/otlp/span-store.ts';
import { readOtlpJson } from '../../src/adapters/shared/otlp/read-json.ts';
import { readOtlpProtobuf } from '../../src/adapters/shared/otlp/read-protobuf.ts';
import { writeOtlpProtobuf } from '../../src/adapters/shared/otlp/write-protobuf.ts';
import { requestType } from '../support/otlp-schema.ts';
import { arbitrarySpan } from '../support/span-records.ts';

const timeLimit = {
  numRuns: 1_000_000,
  interruptAfterTimeLimit: Number(process.env['FUZZ_SECONDS'] ?? 1) * 1000,
  markInterruptAsFailure: false,
};

/** Everything that OTLP defines, much of it unusual. */
const request = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.constant({}),
    fc.record({ stringValue: fc.string({ unit: 'grapheme' }) }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ intValue: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String) }),
    fc.record({ doubleValue: fc.double() }),
    fc.record({ bytesValue: fc.uint8Array({ maxLength: 9 }) }),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie('any'), { maxLength: 3 }) }) }),
    fc.record({ kvlistValue: fc.record({ values: fc.array(tie('keyValue'), { maxLength: 3 }) }) }),
  ),
  keyValue: fc.record({ key: fc.string(), value: tie('any') }),
  attributes: fc.array(tie('keyValue'), { maxLength: 4 }),
  span: fc.record(
    {
      traceId: fc.uint8Array({ minLength: 16, maxLength: 16 }),
      spanId: fc.uint8Array({ minLength: 8, maxLength: 8 }),
      parentSpanId: fc.uint8Array({ maxLength: 8 }),
      traceState: fc.string(),
      name: fc.string({ unit: 'grapheme' }),
      kind: fc.integer({ min: 0, max: 7 }),
      startTimeUnixNano: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
      endTimeUnixNano: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
      attributes: tie('attributes'),
      events: fc.array(fc.record({ name: fc.constantFrom('exception', 'log'), attributes: tie('attributes') }), {
        maxLength: 2,
      }),
      links: fc.array(
        fc.record({ traceId: fc.uint8Array({ maxLength: 17 }), spanId: fc.uint8Array({ maxLength: 9 }) }),
        { maxLength: 2 },
      ),
      status: fc.record({ code: fc.integer({ min: -1, max: 4 }), message: fc.string() }),
      flags: fc.nat(),
    },
    { requiredKeys: ['traceId', 'spanId'] },
  ),
  request: fc.record({
    resourceSpans: fc.array(
      fc.record({
        resource: fc.record({ attributes: tie('attributes') }),
        scopeSpans: fc.array(
          fc.record({ scope: fc.record({ name: fc.string() }), spans: fc.array(tie('span'), { maxLength: 4 }) }),
          { maxLength: 2 },
        ),
      }),
      { maxLength: 3 },
    ),
  }),
})).request as fc.Arbitrary<object>;

const encode = (body: object): Buffer => Buffer.from(requestType.encode(requestType.fromObject(body)).finish());

describe('OTLP bodies', () => {
  test('our reader takes what protobufjs wrote, and finds in it what JSON says', () => {
    fc.assert(
      fc.property(request, (body) => {
        const bytes = encode(body);
        const fromProtobuf = readOtlpProtobuf(bytes);
        const asJson = requestType.toObject(requestType.decode(bytes), {
          longs: String,
          bytes: String,
          json: true,
          defaults: false,
        });
        const fromJson = readOtlpJson(asJson);
        assert.ok(fromProtobuf.ok && fromJson.ok);
        assert.equal(fromProtobuf.value.refused, fromJson.value.refused);
        assert.deepEqual(fromProtobuf.value.spans.map(comparable), fromJson.value.spans.map(comparable));
      }),
      timeLimit,
    );
  });

  test('protobufjs reads what our writer wrote', () => {
    fc.assert(
      fc.property(fc.array(arbitrarySpan, { maxLength: 3 }), (spans) => {
        const decoded = requestType.toObject(requestType.decode(writeOtlpProtobuf(spans)), {
          longs: String,
          bytes: String,
          json: true,
          defaults: false,
        });
        const read = readOtlpJson(decoded);
        assert.ok(read.ok);
        assert.deepEqual(read.value.spans.map(comparable), spans.map(comparable));
      }),
      timeLimit,
    );
  });

  /** Cuts, overwrites, doubles or inserts bytes here and there. */
  const mutation = fc.array(fc.record({ at: fc.nat(5000), kind: fc.nat(3), bytes: fc.uint8Array({ maxLength: 6 }) }), {
    minLength: 1,
    maxLength: 4,
  });
  const mutate = (body: Buffer, changes: readonly { at: number; kind: number; bytes: Uint8Array }[]): Buffer => {
    let bytes = body;
    for (const change of changes) {
      const at = bytes.length === 0 ? 0 : change.at % bytes.length;
      const behind = [at, Math.min(bytes.length, at + change.bytes.length), at, at][change.kind] ?? at;
      const inserted =
        change.kind === 2 ? bytes.subarray(at, at + 20) : change.kind === 3 ? Buffer.alloc(0) : change.bytes;
      bytes = Buffer.concat([
        bytes.subarray(0, at),
        inserted,
        bytes.subarray(change.kind === 3 ? at + change.bytes.length : behind),
      ]);
    }
    return bytes;
  };

  test('of damaged Protobuf the store takes all or nothing, and can read back what it took', () => {
    const store = new SpanStore({ maxSpans: 500, maxBytes: 2 ** 20, maxSpansPerTrace: 50 }, '0');
    fc.assert(
      fc.property(request, mutation, (body, changes) => {
        const bytes = mutate(encode(body), changes);
        const read = readOtlpProtobuf(bytes);
        const ingested = ingestProtobuf(store, bytes);
        assert.equal(ingested.ok, read.ok);
        if (!ingested.ok) return;
        for (const traceId of store.traceIds().slice(0, 3)) assert.ok(store.spansOf(traceId).length > 0);
        const { heldSpans } = store.counts();
        assert.ok(heldSpans <= 500);
      }),
      timeLimit,
    );
  });

  test('of damaged JSON likewise', () => {
    const store = new SpanStore({ maxSpans: 500, maxBytes: 2 ** 20, maxSpansPerTrace: 50 }, undefined);
    fc.assert(
      fc.property(request, mutation, (body, changes) => {
        const asJson = requestType.toObject(requestType.decode(encode(body)), {
          longs: String,
          bytes: String,
          json: true,
        });
        ingestJson(store, mutate(Buffer.from(JSON.stringify(asJson)), changes).toString('utf8'));
      }),
      timeLimit,
    );
  });

  test('JSON of any shape is answered', () => {
    const names = fc.constantFrom(
      'resourceSpans',
      'scopeSpans',
      'spans',
      'traceId',
      'attributes',
      'value',
      'key',
      'events',
      'links',
      'status',
      'kind',
      '__proto__',
    );
    const { any } = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 6 },
        fc.jsonValue(),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(names, tie('any'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(any, (body) => {
        readOtlpJson(body);
      }),
      timeLimit,
    );
  });

  test('bytes at random are answered', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        readOtlpProtobuf(bytes);
      }),
      timeLimit,
    );
  });
});

/** Absent and undefined are one; JSON does not tell -0 from 0. */
function comparable(span: object): unknown {
  return JSON.parse(
    JSON.stringify(span, (_key, value) =>
      typeof value === 'bigint'
        ? `${value}n`
        : typeof value === 'number' && !Number.isFinite(value)
          ? String(value)
          : value,
    ),
  );
}
