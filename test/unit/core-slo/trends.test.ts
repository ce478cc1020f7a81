// Slopes, change points, scalability fits and error budgets.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  budgetRemaining,
  burnRate,
  burnWindows,
  canFire,
  fewestEvents,
  timeToExhaustion,
} from '../../../src/core/slo/statistics/burn-rate.ts';
import { changePoints } from '../../../src/core/slo/statistics/change-point.ts';
import { mannKendall } from '../../../src/core/slo/statistics/mann-kendall.ts';
import { randomStream } from '../../../src/core/slo/statistics/random.ts';
import { theilSen } from '../../../src/core/slo/statistics/theil-sen.ts';
import { fitUsl, uslThroughput } from '../../../src/core/slo/statistics/usl.ts';

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);
const noise = (seed: number) => {
  const random = randomStream(seed);
  return () => random() + random() + random() - 1.5;
};

test('the slope of a line with outliers is the line', () => {
  const values = range(40).map((i) => (i % 13 === 5 ? 1000 : 3 * i + 7));
  const found = theilSen(range(40), values, 0.95);
  assert.ok(found && Math.abs(found.slope - 3) < 1e-9);
});

test('a level series has a slope around 0 and no trend', () => {
  const next = noise(5);
  const found = theilSen(
    range(60),
    range(60).map(() => 100 + next()),
    0.95,
  );
  assert.ok(found && found.interval[0] < 0 && found.interval[1] > 0 && found.trend.p > 0.05);
});

test('a creeping series is seen', () => {
  const next = noise(5);
  const found = theilSen(
    range(60),
    range(60).map((i) => 100 + 0.1 * i + next()),
    0.95,
  );
  assert.ok(found && found.interval[0] > 0.05 && found.interval[1] < 0.15 && found.trend.p < 0.001);
  assert.equal(theilSen(range(9), range(9), 0.95), undefined);
});

test('the bounds are those of Gilbert, ranks M1 and M2 + 1', () => {
  // R. O. Gilbert, Statistical Methods for Environmental Pollution Monitoring (1987), section 16.5; Hollander and Wolfe number them M and Q + 1. n = 12: 66 slopes, C = 1.645 sqrt(212.67) = 23.99.
  const values = [0.4, 1.9, 2.2, 2.6, 5.9, 5.1, 8.2, 7.3, 9.9, 9.2, 11.4, 13.8];
  const slopes = range(12)
    .flatMap((i) => range(12 - i - 1).map((k) => ((values[i + k + 1] ?? 0) - (values[i] ?? 0)) / (k + 1)))
    .sort((a, b) => a - b);
  const reach = 1.6448536 * Math.sqrt((12 * 11 * 29) / 18);
  const first = Math.floor((66 - reach) / 2);
  const last = Math.ceil((66 + reach) / 2 + 1);
  assert.deepEqual([slopes.length, first, last], [66, 21, 46]);
  const found = theilSen(range(12), values, 0.95);
  assert.deepEqual(found?.interval, [slopes[first - 1], slopes[last - 1]]);
});

test('Mann-Kendall of ten rising values: s = 45', () => {
  const found = mannKendall(range(10));
  assert.equal(found.s, 45);
  assert.ok(Math.abs(found.deviation - Math.sqrt(125)) < 1e-9);
  assert.ok(found.p < 0.001);
  assert.equal(mannKendall([5, 5, 5, 5, 5]).p, 1);
  assert.equal(mannKendall([1, 2, 3]).p, 1);
});

test('a step in the history is found where it is, and only there', () => {
  const next = noise(11);
  const values = range(80).map((i) => (i < 40 ? 100 : 110) + next());
  const found = changePoints(values);
  assert.deepEqual(
    found.map((point) => point.index),
    [40],
  );
  assert.ok(Math.abs((found[0]?.after ?? 0) - 110) < 0.5);
});

test('noise has no change point, nor has a short history', () => {
  const next = noise(12);
  assert.deepEqual(changePoints(range(120).map(() => 100 + next())), []);
  assert.deepEqual(changePoints([1, 1, 9]), []);
  assert.deepEqual(changePoints([]), []);
});

test('two steps, up and down, are both found', () => {
  const next = noise(13);
  const values = range(150).map((i) => (i >= 50 && i < 100 ? 130 : 100) + next());
  assert.deepEqual(
    changePoints(values).map((point) => point.index),
    [50, 100],
  );
});

test('the scalability law is found again from its own curve', () => {
  const units = [1, 2, 4, 8, 16, 32];
  const found = fitUsl(
    units,
    units.map((n) => uslThroughput(n, 995, 0.0267, 0.000769)),
  );
  assert.ok(found);
  assert.ok(Math.abs(found.lambda / 995 - 1) < 0.01 && Math.abs(found.sigma - 0.0267) < 1e-3);
  assert.ok(Math.abs(found.peak - Math.sqrt((1 - 0.0267) / 0.000769)) < 1);
  assert.equal(fitUsl([1, 2, 2], [1, 2, 2]), undefined);
  const linear = fitUsl([1, 2, 4], [10, 20, 40]);
  assert.ok(linear && linear.sigma < 1e-6 && linear.peak > 100);
});

test('the burn rates of the workbook', () => {
  const day = 86_400_000;
  assert.deepEqual(
    burnWindows(30 * day).map(({ factor }) => Number(factor.toPrecision(6))),
    [14.4, 6, 3, 1],
  );
  assert.deepEqual(
    burnWindows(28 * day).map(({ factor }) => Number(factor.toPrecision(3))),
    [13.4, 5.6, 2.8, 0.933],
  );
  assert.ok(canFire(14.4, 0.999) && !canFire(14.4, 0.9));
  assert.ok(Math.abs(burnRate(0.002, 0.999) - 2) < 1e-9);
  assert.ok(Math.abs(budgetRemaining(0.00075, 0.999) - 0.25) < 1e-9);
  assert.equal(fewestEvents(0.999), 1000);
  assert.equal(timeToExhaustion(0.5, 1000, 2), 250);
  assert.equal(timeToExhaustion(-1, 1000, 2), 0);
  assert.equal(timeToExhaustion(0.5, 1000, 0), Number.POSITIVE_INFINITY);
  assert.equal(burnRate(0.1, 1), Number.POSITIVE_INFINITY);
});
