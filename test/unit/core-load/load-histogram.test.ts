// The histogram's buckets, its figures and its two forms.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  addData,
  BUCKET_COUNT,
  bucketOf,
  clear,
  createHistogram,
  mergeData,
  record,
  toData,
} from '../../../src/core/load/histogram.ts';
import {
  bucketHigh,
  bucketLow,
  countAbove,
  emptyHistogram,
  quantileOf,
} from '../../../src/core/model/histogram-data.ts';
import type { HistogramData } from '../../../src/core/model/load.ts';

const of = (...values: readonly number[]): HistogramData => {
  const histogram = createHistogram();
  for (const value of values) record(histogram, value);
  return toData(histogram);
};

describe('histogram buckets', () => {
  it('cover every value once, in order, without a gap', () => {
    for (let bucket = 1; bucket < BUCKET_COUNT; bucket += 1) {
      assert.equal(bucketLow(bucket), bucketHigh(bucket - 1) + 1);
      assert.equal(bucketOf(bucketLow(bucket)), bucket);
      assert.equal(bucketOf(bucketHigh(bucket)), bucket);
    }
    assert.equal(bucketHigh(BUCKET_COUNT - 1), 2 ** 32 - 1);
  });

  it('are exact below 256 and never wider than 1/128 of their value', () => {
    for (let bucket = 0; bucket < BUCKET_COUNT; bucket += 1) {
      const width = bucketHigh(bucket) - bucketLow(bucket) + 1;
      assert.ok(bucket < 256 ? width === 1 : width <= bucketLow(bucket) / 128);
    }
  });
});

describe('histogram figures', () => {
  it('keep count, sum, min and max exactly', () => {
    const data = of(3, 1_000_000, 17.6, 0);
    assert.deepEqual([data.count, data.sum, data.min, data.max], [4, 1_000_021, 0, 1_000_000]);
  });

  it('count a negative value as 0 and a value beyond the range in the last bucket with its true maximum', () => {
    const data = of(-5, 2 ** 33);
    assert.deepEqual(data.buckets, [0, BUCKET_COUNT - 1]);
    assert.equal(data.max, 2 ** 33);
  });

  it('answer nothing without values', () => {
    assert.equal(quantileOf(emptyHistogram, 0.5), undefined);
    assert.deepEqual(toData(createHistogram()), emptyHistogram);
  });

  it('take the smallest value with enough below it as the quantile', () => {
    const data = of(...Array.from({ length: 100 }, (_, i) => i + 1));
    assert.equal(quantileOf(data, 0), 1);
    assert.equal(quantileOf(data, 0.5), 50);
    assert.equal(quantileOf(data, 0.99), 99);
    assert.equal(quantileOf(data, 1), 100);
  });

  it('count above a limit only what is surely above', () => {
    const data = of(100, 101, 5_000, 5_001, 9_000);
    assert.equal(countAbove(data, 100).least, 4);
    assert.equal(countAbove(data, 5_000).least, 1);
    assert.equal(countAbove(data, 9_000).least, 0);
  });

  it('add up over parts, and are forgotten by clear', () => {
    const merged = mergeData([of(1, 2, 3), emptyHistogram, of(3, 700)]);
    assert.deepEqual(merged, of(1, 2, 3, 3, 700));
    const histogram = createHistogram();
    addData(histogram, merged);
    assert.deepEqual(toData(histogram), merged);
    clear(histogram);
    assert.deepEqual(toData(histogram), emptyHistogram);
  });
});
