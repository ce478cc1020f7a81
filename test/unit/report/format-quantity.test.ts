import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CanonicalUnit } from '../../../src/core/model/requirement.ts';
import { formatCount, formatInterval, formatQuantity } from '../../../src/report/format-quantity.ts';

const values: readonly (readonly [number, CanonicalUnit, string])[] = [
  [412, 'ms', '412 ms'],
  [0, 'ms', '0 ms'],
  [0.83, 'ms', '0.83 ms'],
  [0.0123, 'ms', '12.3 µs'],
  [1240, 'ms', '1.24 s'],
  [119_000, 'ms', '119 s'],
  [180_000, 'ms', '3 min'],
  [9_000_000, 'ms', '2.5 h'],
  [0.0234, 'ratio', '2.34%'],
  [0.001, 'ratio', '0.1%'],
  [0.9995, 'ratio', '99.95%'],
  [0.999999, 'ratio', '99.9999%'],
  [1, 'ratio', '100%'],
  [0, 'ratio', '0%'],
  [1.25, 'ratio', '125%'],
  [190, '/s', '190/s'],
  [25_300, '/s', '25,300/s'],
  [10 * 2 ** 20, 'B', '10 MiB'],
  [10 * 2 ** 20, 'B/h', '10 MiB/h'],
  [25.04, 'tok/s', '25 tok/s'],
  [0.0041, 'USD', '0.0041 USD'],
  [5, 'ms/h', '5 ms/h'],
  [-3.25, 'ms/h', '-3.25 ms/h'],
  [2.3, '', '2.3'],
  [Number.NaN, 'ms', '–'],
  [Number.POSITIVE_INFINITY, 'ratio', '–'],
];

for (const [value, unit, text] of values) {
  test(`${value} ${unit || 'plain'} reads ${text}`, () => assert.equal(formatQuantity(value, unit), text));
}

const intervals: readonly (readonly [readonly [number, number], CanonicalUnit, string])[] = [
  [[398, 431], 'ms', '398–431 ms'],
  [[980, 1040], 'ms', '0.98–1.04 s'],
  [[1234.1, 1234.9], 'ms', '1.2341–1.2349 s'],
  [[0.0207, 0.0264], 'ratio', '2.07–2.64%'],
  [[-1.5, 3.2], 'ms/h', '-1.5 to 3.2 ms/h'],
  [[244, 244], 'ms', '244–244 ms'],
  [[100, Number.POSITIVE_INFINITY], 'ms', '≥ 100 ms'],
  [[Number.NEGATIVE_INFINITY, 100], 'ms', '≤ 100 ms'],
  [[Number.NaN, Number.NaN], 'ms', '–'],
];

for (const [interval, unit, text] of intervals) {
  test(`the interval ${interval.join(' to ')} ${unit} reads ${text}`, () =>
    assert.equal(formatInterval(interval, unit), text));
}

test('counts mark thousands', () => {
  assert.deepEqual([0, 999, 48_013, 1_234_567].map(formatCount), ['0', '999', '48,013', '1,234,567']);
});

test('no number ever shows an exponent or loses more than half a percent', () => {
  const units: readonly CanonicalUnit[] = ['ms', 'ratio', '/s', 'B', 'tok/s', 'USD', 'ms/h', 'B/h', ''];
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), fc.constantFrom(...units), (value, unit) => {
      const text = formatQuantity(value, unit);
      assert.doesNotMatch(text, /e[+-]?\d/);
      if (unit === '')
        assert.ok(
          Math.abs(Number(text.replaceAll(',', '')) - value) <= Math.max(value * 0.0051, 1e-8),
          `${value} ${text}`,
        );
    }),
  );
});
