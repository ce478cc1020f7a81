// Intervals of means, ratios, rates and resampled statistics.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockBootstrap } from '../../../src/core/slo/statistics/block-bootstrap.ts';
import { lag1Of, meanInterval, meanOf, type SliceTotal } from '../../../src/core/slo/statistics/mean-interval.ts';
import { poissonRate } from '../../../src/core/slo/statistics/poisson-rate.ts';
import { randomStream } from '../../../src/core/slo/statistics/random.ts';
import { productInterval, ratioInterval } from '../../../src/core/slo/statistics/ratio-interval.ts';

const evenly = (values: readonly number[]): SliceTotal[] => values.map((total) => ({ total, weight: 1 }));

test('the mean of independent slices has the interval of Student', () => {
  const found = meanInterval(evenly([9, 11, 10, 12, 8]), 0.975);
  assert.ok(found);
  assert.equal(found.mean, 10);
  // t(4) = 2.7764, s = sqrt 2.5
  assert.ok(Math.abs(found.interval[1] - 10 - 2.7764 * Math.sqrt(2.5 / 5)) < 1e-3);
});

test('values that do not vary have an interval of no width', () => {
  assert.deepEqual(meanInterval(evenly([200, 200, 200]), 0.95)?.interval, [200, 200]);
  assert.equal(meanInterval(evenly([200]), 0.95), undefined);
});

test('correlated slices are joined, and what correlation is left widens the interval', () => {
  const waves = Array.from({ length: 120 }, (_, i) => 100 + 10 * Math.sign(Math.sin(i / 5)));
  const shuffled = waves.map((_, i) => waves[(i * 49) % 120] as number);
  const wide = meanInterval(evenly(waves), 0.95);
  const narrow = meanInterval(evenly(shuffled), 0.95);
  assert.ok(wide && narrow && wide.merged > 1);
  assert.ok(lag1Of(waves) > 0.5);
});

test('a slice has the say of its requests', () => {
  // Ten fast requests beside a hundred slow ones, in turn.
  const slices = Array.from({ length: 60 }, (_, i) =>
    i % 2 === 0 ? { total: 10 * 5, weight: 10 } : { total: 100 * 40, weight: 100 },
  );
  const found = meanInterval(slices, 0.95);
  assert.ok(found && Math.abs(found.mean - 4050 / 110) < 1e-9);
  // Residuals of (5 - R) * 10 and (40 - R) * 100 for R = 36.8, in 59 degrees of freedom.
  assert.ok(found.interval[0] < found.mean && found.mean - found.interval[0] < 2.5, String(found.interval));
});

test('a planned change of load is no scatter', () => {
  const noise = randomStream(11);
  const phase = (stratum: string, rate: number) =>
    Array.from({ length: 40 }, () => ({ total: 5 * rate + noise() - 0.5, weight: 5, stratum }));
  const found = meanInterval([...phase('idle', 10), ...phase('peak', 100)], 0.95);
  assert.ok(found && Math.abs(found.mean - 55) < 0.1);
  assert.ok(found.interval[1] - found.interval[0] < 0.05, String(found.interval));
  assert.equal(
    meanInterval(
      [
        { total: 1, weight: 1, stratum: 'a' },
        { total: 9, weight: 1, stratum: 'b' },
      ],
      0.95,
    ),
    undefined,
  );
});

test('the interval of a mean over slices of very different size holds it as often as it says', () => {
  let below = 0;
  let above = 0;
  for (let seed = 1; seed <= 1000; seed++) {
    const random = randomStream(seed);
    const slices = Array.from({ length: 60 }, () => {
      const weight = random() < 0.5 ? 10 : 100;
      const level = 20 + 8 * (random() - 0.5);
      const values = Array.from({ length: weight }, () => level - 10 * Math.log(1 - random()) - 10);
      return { total: values.reduce((sum, value) => sum + value, 0), weight };
    });
    const found = meanInterval(slices, 0.95);
    assert.ok(found);
    if (found.interval[1] < 20) below++;
    if (found.interval[0] > 20) above++;
  }
  assert.ok(below <= 75 && above <= 75, `too low ${below}, too high ${above} of 1,000`);
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
