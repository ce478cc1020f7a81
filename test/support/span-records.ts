// Span records for tests: one by one, and arbitrary ones.
import fc from 'fast-check';
import type { AttributeValue, SpanRecord } from '../../src/core/model/trace-set.ts';

/** Some afternoon of 2023, so that tests read the same every day. */
export const testEpochNanos = 1_700_000_000_000_000_000n;

/** A span of service `checkout` from 0 to 10 ms, but for what is given. */
export function spanRecord(given: Partial<SpanRecord> = {}): SpanRecord {
  return {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    name: 'POST /checkout',
    kind: 2,
    status: 0,
    startUnixNanos: testEpochNanos,
    endUnixNanos: testEpochNanos + 10_000_000n,
    resource: { 'service.name': 'checkout' },
    attributes: {},
    ...given,
  };
}

/** Hex of so many digits, never all zeros. */
function hexId(digits: number): fc.Arbitrary<string> {
  return fc
    .array(fc.integer({ min: 0, max: 15 }), { minLength: digits, maxLength: digits })
    .map((values) => values.map((value) => value.toString(16)).join(''))
    .filter((id) => /[1-9a-f]/.test(id));
}

const attributeValue: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.boolean(),
  fc.maxSafeInteger(),
  fc.double(),
);

const arbitraryAttributes: fc.Arbitrary<Record<string, AttributeValue>> = fc.dictionary(
  fc.string({ minLength: 1, unit: 'grapheme' }).filter((key) => key !== '__proto__'),
  attributeValue,
  { maxKeys: 6, noNullPrototype: true },
);

/** Any span that OTLP can carry. */
export const arbitrarySpan: fc.Arbitrary<SpanRecord> = fc
  .record({
    traceId: hexId(32),
    spanId: hexId(16),
    parentSpanId: fc.option(hexId(16), { nil: undefined }),
    name: fc.string({ unit: 'grapheme' }),
    kind: fc.integer({ min: 0, max: 5 }),
    status: fc.integer({ min: 0, max: 2 }),
    startUnixNanos: fc.bigInt({ min: 1n, max: 2n ** 62n }),
    duration: fc.bigInt({ min: 0n, max: 2n ** 40n }),
    resource: arbitraryAttributes,
    attributes: arbitraryAttributes,
    links: fc.array(fc.record({ traceId: hexId(32), spanId: hexId(16) }, { noNullPrototype: true }), { maxLength: 2 }),
  })
  .map(({ duration, links, ...span }) => ({
    ...span,
    endUnixNanos: span.startUnixNanos + duration,
    ...(links.length > 0 ? { links } : {}),
  }));
