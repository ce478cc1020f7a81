// How much less bursts prove than the same values spread out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clustering, type SeriesMoments } from '../../../src/core/trace/statistics/serial-correlation.ts';

function momentsOf(values: readonly number[]): SeriesMoments {
  const sum = (of: readonly number[]): number => of.reduce((total, value) => total + value, 0);
  return {
    count: values.length,
    sum: sum(values),
    squares: sum(values.map((value) => value * value)),
    products: sum(values.slice(1).map((value, at) => value * (values[at] ?? 0))),
    first: values[0] ?? 0,
    last: values.at(-1) ?? 0,
  };
}

const burst = [1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0];

test('one long burst counts as few', () => {
  assert.ok(clustering(momentsOf(burst)) > 5);
});

test('values that alternate count in full, never more', () => {
  assert.equal(clustering(momentsOf([0, 1, 0, 1, 0, 1, 0, 1])), 1);
});

test('a series that never varies says nothing', () => {
  assert.equal(clustering(momentsOf([1, 1, 1, 1]), momentsOf([0, 0, 0])), 1);
});

test('a level that differs between two series is no burst', () => {
  assert.equal(clustering(momentsOf([5, 6, 5, 6, 5, 6]), momentsOf([50, 51, 50, 51])), 1);
});

test('a single value has no neighbour', () => {
  assert.equal(clustering(momentsOf([3]), momentsOf([])), 1);
});
