// Bucket arithmetic: every whole value in exactly one bucket, edges narrow, quantiles and counts bounded.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  bucketHigh,
  bucketLow,
  bucketOf,
  countAbove,
  histogramOf,
  mergeHistograms,
  quantileOf,
  valueAtRank,
} from '../../../src/core/model/histogram-data.ts';

const value = fc.oneof(fc.nat(3000), fc.nat(120_000_000), fc.maxSafeNat());

test('a value lies between the edges of its bucket, and the bucket is narrow', () => {
  fc.assert(
    fc.property(value, (v) => {
      const bucket = bucketOf(v);
      assert.ok(bucketLow(bucket) <= v && v <= bucketHigh(bucket));
      assert.ok(bucketHigh(bucket) - bucketLow(bucket) <= bucketLow(bucket) / 128);
    }),
  );
});

test('buckets are contiguous and in order', () => {
  for (let bucket = 0; bucket < 4000; bucket++) assert.equal(bucketHigh(bucket) + 1, bucketLow(bucket + 1));
  for (const [v, bucket] of [
    [0, 0],
    [255, 255],
    [256, 256],
    [257, 256],
    [258, 257],
    [511, 383],
    [512, 384],
    [1024, 512],
  ] as const)
    assert.equal(bucketOf(v), bucket, String(v));
});

test('just below a power of two stays in the lower octave', () => {
  for (let k = 9; k <= 52; k++) assert.equal(bucketOf(2 ** k) - bucketOf(2 ** k - 1), 1, `2^${k}`);
});

test('the value of a rank and the count above a limit enclose the truth', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(10_000_000), { minLength: 1, maxLength: 200 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, q) => {
        const histogram = histogramOf(values);
        const sorted = values.toSorted((a, b) => a - b);
        const rank = Math.max(1, Math.ceil(q * values.length));
        const truth = sorted[rank - 1]!;
        const [low, high] = valueAtRank(histogram, rank)!;
        assert.ok(low <= truth && truth <= high);
        const above = countAbove(histogram, truth);
        const exact = values.filter((v) => v > truth).length;
        assert.ok(above.least <= exact && exact <= above.most);
        assert.ok(Math.abs(quantileOf(histogram, q)! - truth) <= truth * 0.004 + 1);
      },
    ),
  );
});

test('merging equals recording everything in one', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1e6)), fc.array(fc.nat(1e6)), (a, b) => {
      assert.deepEqual(mergeHistograms([histogramOf(a), histogramOf(b)]), histogramOf([...a, ...b]));
    }),
  );
});

test('an empty histogram answers nothing', () => {
  const empty = histogramOf([]);
  assert.equal(quantileOf(empty, 0.5), undefined);
  assert.deepEqual(countAbove(empty, 0), { least: 0, most: 0 });
  assert.deepEqual(mergeHistograms([empty, empty]), empty);
});
