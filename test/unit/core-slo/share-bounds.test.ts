// The numbers of REQUIREMENTS.md 1.3: which counts of bad requests decide.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clopperPearson } from '../../../src/core/slo/statistics/clopper-pearson.ts';
import { normalQuantile } from '../../../src/core/slo/statistics/normal.ts';
import { shareBand } from '../../../src/core/slo/statistics/share-band.ts';
import { smallestDecidingSample } from '../../../src/core/slo/statistics/smallest-sample.ts';
import { shareDifference } from '../../../src/core/slo/statistics/two-proportions.ts';
import { wilson } from '../../../src/core/slo/statistics/wilson.ts';

test('the smallest sample that can pass', () => {
  const table = [
    [0.5, 5, 7],
    [0.1, 29, 44],
    [0.05, 59, 90],
    [0.01, 299, 459],
    [0.001, 2995, 4603],
    [0.0001, 29_956, 46_050],
  ] as const;
  for (const [allowed, at95, at99] of table) {
    assert.equal(smallestDecidingSample(allowed, 0.95), at95);
    assert.equal(smallestDecidingSample(allowed, 0.99), at99);
  }
  assert.equal(smallestDecidingSample(0, 0.95), Number.POSITIVE_INFINITY);
});

test('the bad requests that decide p99 at 95%', () => {
  const table = [
    [300, 0, 7],
    [500, 1, 10],
    [1000, 4, 16],
    [3000, 20, 40],
    [10_000, 83, 118],
  ] as const;
  for (const [samples, passUpTo, failFrom] of table) {
    const bounds = (bad: number) => clopperPearson(bad, samples, 0.95);
    assert.ok(bounds(passUpTo)[1] <= 0.01 && bounds(passUpTo + 1)[1] > 0.01, `pass at ${samples}`);
    assert.ok(bounds(failFrom)[0] > 0.01 && bounds(failFrom - 1)[0] <= 0.01, `fail at ${samples}`);
    const { pass, fail } = shareBand(0.01, samples, 0.95);
    assert.equal(Math.floor((pass ?? -1) * samples + 1e-9), passUpTo);
    assert.equal(Math.ceil((fail ?? -1) * samples - 1e-9), failFrom);
  }
});

test('a sample too small for its percentile has no passing share', () => {
  assert.equal(shareBand(0.01, 298, 0.95).pass, undefined);
  assert.notEqual(shareBand(0.01, 299, 0.95).pass, undefined);
  assert.deepEqual(shareBand(0.01, 0, 0.95), {});
});

test('nothing seen, everything bad, nothing bad', () => {
  assert.deepEqual(clopperPearson(0, 0, 0.95), [0, 1]);
  assert.equal(clopperPearson(10, 10, 0.95)[1], 1);
  assert.equal(clopperPearson(0, 10, 0.95)[0], 0);
  assert.ok(Math.abs(clopperPearson(0, 10, 0.95)[1] - (1 - 0.05 ** (1 / 10))) < 1e-12);
});

test("Wilson's bounds of 10 in 100", () => {
  const [low, high] = wilson(10, 100, normalQuantile(0.975));
  assert.ok(Math.abs(low - 0.0552291) < 1e-6 && Math.abs(high - 0.1743657) < 1e-6, `${low} ${high}`);
});

test("Newcombe's example: 56/70 against 48/80", () => {
  const found = shareDifference({ bad: 56, samples: 70 }, { bad: 48, samples: 80 }, 0.975);
  assert.ok(found && Math.abs(found.interval[0] - 0.0524) < 5e-5 && Math.abs(found.interval[1] - 0.3339) < 5e-5);
  assert.equal(shareDifference({ bad: 0, samples: 0 }, { bad: 1, samples: 2 }, 0.95), undefined);
});
