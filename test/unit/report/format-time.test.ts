import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { unixMillis } from '../../../src/core/model/units.ts';
import { formatDuration, isoTime, readableTime } from '../../../src/report/format-time.ts';

test('every time reads as Date would write it', () => {
  fc.assert(
    fc.property(fc.integer({ min: -6e13, max: 2.5e14 }), (at) => {
      assert.equal(isoTime(unixMillis(at)), new Date(at).toISOString());
    }),
  );
});

test('leap days and the turn of the year are right', () => {
  for (const text of [
    '2024-02-29T23:59:59.999Z',
    '2000-02-29T00:00:00.000Z',
    '2100-03-01T00:00:00.000Z',
    '1999-12-31T23:59:59.001Z',
  ]) {
    assert.equal(isoTime(unixMillis(Date.parse(text))), text);
  }
});

test('a time that is not a number is unknown, never the epoch', () => {
  assert.equal(isoTime(unixMillis(Number.NaN)), 'unknown');
  assert.equal(readableTime(unixMillis(Number.NaN)), 'unknown');
});

test('people read seconds and the zone', () => {
  assert.equal(readableTime(unixMillis(Date.UTC(2026, 2, 1, 10, 20, 30, 999))), '2026-03-01 10:20:30 UTC');
});

test('durations read in their two largest units', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0 ms'],
    [480.4, '480 ms'],
    [12_540, '12.5 s'],
    [59_990, '1 min'],
    [423_000, '7 min 3 s'],
    [3_599_900, '1 h'],
    [7_500_000, '2 h 5 min'],
    [Number.NaN, '–'],
  ];
  for (const [value, text] of cases) assert.equal(formatDuration(value), text);
});
