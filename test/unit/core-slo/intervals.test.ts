// Intervals of means, ratios, rates and resampled statistics.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockBootstrap } from '../../../src/core/slo/statistics/block-bootstrap.ts';
import { lag1Of, meanInterval, meanOf } from '../../../src/core/slo/statistics/mean-interval.ts';
import { poissonRate } from '../../../src/core/slo/statistics/poisson-rate.ts';
import { randomStream } from '../../../src/core/slo/statistics/random.ts';
import { productInterval, ratioInterval } from '../../../src/core/slo/statistics/ratio-interval.ts';

test('the mean of independent slices has the interval of Student', () => {
  const found = meanInterval([9, 11, 10, 12, 8], 0.975);
  assert.ok(found);
  assert.equal(found.mean, 10);
  // t(4) = 2.7764, s = sqrt 2.5
  assert.ok(Math.abs(found.interval[1] - 10 - 2.7764 * Math.sqrt(2.5 / 5)) < 1e-3);
});

test('values that do not vary have an interval of no width', () => {
  assert.deepEqual(meanInterval([200, 200, 200], 0.95)?.interval, [200, 200]);
  assert.equal(meanInterval([200], 0.95), undefined);
});

test('correlated slices are joined, and what correlation is left widens the interval', () => {
  const waves = Array.from({ length: 120 }, (_, i) => 100 + 10 * Math.sign(Math.sin(i / 5)));
  const shuffled = waves.map((_, i) => waves[(i * 49) % 120] as number);
  const wide = meanInterval(waves, 0.95);
  const narrow = meanInterval(shuffled, 0.95);
  assert.ok(wide && narrow && wide.merged > 1);
  assert.ok(lag1Of(waves) > 0.5);
});

test('the ratio of two estimates is as lopsided as they are', () => {
  const found = ratioInterval({ value: 200, interval: [180, 260] }, { value: 100, interval: [90, 105] });
  assert.ok(found);
  assert.ok(Math.abs(found.value - 2) < 1e-12);
  // exp(-hypot(ln 200/180, ln 105/100)) and exp(hypot(ln 260/200, ln 100/90)), times 2.
  assert.ok(Math.abs(found.interval[0] - 1.7807) < 1e-3 && Math.abs(found.interval[1] - 2.6534) < 1e-3);
  assert.equal(ratioInterval({ value: 1, interval: [0, 2] }, { value: 1, interval: [0.5, 2] }), undefined);
});

test('a product with an exact factor only scales', () => {
  const found = productInterval({ value: 10, interval: [9, 12] }, { value: 3, interval: [3, 3] });
  assert.ok(found && Math.abs(found.interval[0] - 27) < 1e-9 && Math.abs(found.interval[1] - 36) < 1e-9);
});

test("Garwood's bounds of ten events", () => {
  const [low, high] = poissonRate(10, 1, 1, 0.975);
  assert.ok(Math.abs(low - 4.795389) < 1e-5 && Math.abs(high - 18.390356) < 1e-5);
  assert.deepEqual(poissonRate(0, 0, 1, 0.95), [0, Number.POSITIVE_INFINITY]);
  assert.equal(poissonRate(0, 10, 1, 0.95)[0], 0);
});

test('the block bootstrap of a mean is repeatable and covers it', () => {
  const random = randomStream(3);
  const values = Array.from({ length: 400 }, () => random());
  const found = blockBootstrap(values, meanOf, { confidence: 0.95 });
  assert.deepEqual(found, blockBootstrap(values, meanOf, { confidence: 0.95 }));
  assert.ok(found && found[0] < 0.5 && found[1] > 0.5 && found[1] - found[0] < 0.08);
  assert.equal(blockBootstrap(values.slice(0, 29), meanOf, { confidence: 0.95 }), undefined);
});

test('random numbers repeat by seed and fill the unit interval', () => {
  const values = Array.from({ length: 1000 }, randomStream(7));
  assert.deepEqual(values, Array.from({ length: 1000 }, randomStream(7)));
  assert.ok(values.every((value) => value >= 0 && value < 1));
  assert.ok(Math.abs(meanOf(values) - 0.5) < 0.03);
});
