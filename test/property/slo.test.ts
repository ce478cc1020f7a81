// Properties of the verdict mathematics, and the simulation suite in a shortened form.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cells, measureAtLimit } from '../../bench/verdicts/suite.ts';
import { clopperPearson } from '../../src/core/slo/statistics/clopper-pearson.ts';
import { designEffect, mergeSlices, type SliceCount } from '../../src/core/slo/statistics/design-effect.ts';
import { meanInterval } from '../../src/core/slo/statistics/mean-interval.ts';
import { shareBand } from '../../src/core/slo/statistics/share-band.ts';
import { decideShare } from '../../src/core/slo/statistics/share-decision.ts';
import { theilSen } from '../../src/core/slo/statistics/theil-sen.ts';

const slice = fc
  .tuple(fc.nat(200), fc.nat(200))
  .map(([requests, bad]): SliceCount => ({ requests, bad: Math.min(requests, bad) }));
const slices = fc.array(slice, { maxLength: 80 });
const allowed = fc.double({ min: 0.001, max: 0.999, noNaN: true });

const decide = (counted: readonly SliceCount[], limit: number) =>
  decideShare({ slices: counted, sliceMs: 1000, allowed: limit, confidence: 0.95, minSamples: 0 });

test('bounds enclose the share, in order, and tighten with less confidence', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(5000), (samples, some) => {
      const bad = Math.min(some, samples);
      const [low, high] = clopperPearson(bad, samples, 0.95);
      const [narrowLow, narrowHigh] = clopperPearson(bad, samples, 0.8);
      assert.ok(0 <= low && low <= bad / samples && bad / samples <= high && high <= 1);
      assert.ok(low <= narrowLow && narrowHigh <= high);
    }),
  );
});

test('the deciding band says what the bounds say', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      allowed,
      (samples, share, limit) => {
        const [low, high] = clopperPearson(share * samples, samples, 0.95);
        const { pass, fail } = shareBand(limit, samples, 0.95);
        const slack = 1e-6;
        if (pass !== undefined && share < pass - slack) assert.ok(high <= limit + slack);
        if (pass === undefined || share > pass + slack) assert.ok(high >= limit - slack);
        if (fail !== undefined && share > fail + slack) assert.ok(low >= limit - slack);
        if (fail === undefined || share < fail - slack) assert.ok(low <= limit + slack);
      },
    ),
  );
});

test('a decision never contradicts the share that was seen', () => {
  fc.assert(
    fc.property(slices, allowed, (counted, limit) => {
      const { verdict, decision } = decide(counted, limit);
      const [low, high] = decision.interval;
      assert.ok(low <= decision.badShare + 1e-9 && decision.badShare <= high + 1e-9);
      assert.ok(decision.designEffect >= 1);
      if (verdict === 'pass') assert.ok(decision.badShare <= limit);
      if (verdict === 'fail') assert.ok(decision.badShare > limit);
    }),
  );
});

test('a laxer limit never turns a pass into a failure', () => {
  fc.assert(
    fc.property(slices, allowed, allowed, (counted, a, b) => {
      const [strict, lax] = [Math.min(a, b), Math.max(a, b)];
      if (decide(counted, strict).verdict === 'pass') assert.notEqual(decide(counted, lax).verdict, 'fail');
      if (decide(counted, lax).verdict === 'fail') assert.equal(decide(counted, strict).verdict, 'fail');
    }),
  );
});

test('merging slices loses no request, and the effect keeps its floor', () => {
  fc.assert(
    fc.property(slices, fc.integer({ min: 1, max: 12 }), (counted, size) => {
      const merged = mergeSlices(counted, size);
      const sum = (items: readonly SliceCount[], key: 'requests' | 'bad') =>
        items.reduce((total, item) => total + item[key], 0);
      assert.equal(sum(merged, 'requests'), sum(counted, 'requests'));
      assert.equal(sum(merged, 'bad'), sum(counted, 'bad'));
      assert.ok(designEffect(counted, { merge: size, floor: 1 }).effect >= 1);
    }),
  );
});

test('an interval of means moves and stretches with its values', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      (values, factor) => {
        const one = meanInterval(
          values.map((total) => ({ total, weight: 1 })),
          0.95,
        );
        const other = meanInterval(
          values.map((value) => ({ total: factor * value + 7, weight: 1 })),
          0.95,
        );
        assert.ok(one && other && one.interval[0] <= one.mean && one.mean <= one.interval[1]);
        assert.ok(
          Math.abs(other.interval[1] - (factor * one.interval[1] + 7)) < 1e-6 * (1 + Math.abs(other.interval[1])),
        );
      },
    ),
  );
});

test('a slope turns with the sign of its values', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 10, maxLength: 40 }), (values) => {
      const times = values.map((_, i) => i);
      const up = theilSen(times, values, 0.95);
      const down = theilSen(
        times,
        values.map((value) => -value),
        0.95,
      );
      assert.ok(up && down && up.interval[0] <= up.slope && up.slope <= up.interval[1]);
      assert.ok(Math.abs(up.slope + down.slope) < 1e-9);
    }),
    { numRuns: 50 },
  );
});

test('simulated at the limit, verdicts are as rarely wrong as they claim', () => {
  const runs = 30;
  const measured = cells()
    .filter((traffic) => traffic.requests <= 6000)
    .map((traffic) => measureAtLimit(traffic, runs));
  const mean = (pick: (cell: (typeof measured)[number]) => number): number =>
    measured.reduce((sum, cell) => sum + pick(cell), 0) / measured.length;
  for (const { traffic, verdicts } of measured) {
    const where = `p${traffic.q * 100}, correlation ${traffic.rho}, ${traffic.requests} requests`;
    // Ten percent are allowed; thirty runs of a method at ten percent stay below 0.3 with 99.8%.
    assert.ok(verdicts.passed < 0.3, `${where}: ${verdicts.passed} passed wrongly`);
    assert.ok(verdicts.failed < 0.3, `${where}: ${verdicts.failed} failed wrongly`);
  }
  assert.ok(mean(({ verdicts }) => verdicts.passed) <= 0.07);
  assert.ok(mean(({ verdicts }) => verdicts.failed) <= 0.07);
  const covering = measured.filter(({ intervals }) => intervals.withInterval > 0.5);
  assert.ok(covering.reduce((sum, { intervals }) => sum + intervals.covered, 0) / covering.length >= 0.93);
});
