// A stretch that keeps a limit: looking at many of them must not find one by luck.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { millis } from '../../../src/core/model/units.ts';
import type { VerdictName } from '../../../src/core/model/verdict.ts';
import { judgeSustained } from '../../../src/core/slo/clauses/sustained-clause.ts';
import type { RateSlice } from '../../../src/core/slo/evidence/rate-slices.ts';
import { normalQuantile } from '../../../src/core/slo/statistics/normal.ts';
import { randomStream } from '../../../src/core/slo/statistics/random.ts';
import { clauseOf, fixed, named, requirementOf, ruleOf } from '../../support/requirement-of.ts';

const sliceMs = 5000;
const atLeast = clauseOf({ stat: named('goodput'), op: 'gte', limit: fixed(100, '/s'), text: 'goodput >= 100/s' });
const requirement = requirementOf({ type: 'throughput', slice: millis(sliceMs), require: ruleOf(atLeast) });

/** Rates whose neighbours correlate by `rho`. */
function slicesOf(seed: number, rho: number, truth: (i: number) => number, count = 72): RateSlice[] {
  const random = randomStream(seed);
  let before = 0;
  return Array.from({ length: count }, (_, i) => {
    before = rho * before + Math.sqrt(1 - rho * rho) * normalQuantile(Math.min(0.9999, Math.max(0.0001, random())));
    const counted = Math.round((truth(i) + 5 * before) * 5);
    return { startMs: i * sliceMs, durationMs: sliceMs, phase: 'peak', requests: counted, counted };
  });
}

const judged = (slices: readonly RateSlice[], forMs: number): VerdictName =>
  judgeSustained(atLeast, { slices, sliceMs, forMs, name: 'goodput' }, requirement).verdict;

test('at the limit a stretch passes by luck no more often than asked for', () => {
  for (const rho of [0, 0.3]) {
    let passed = 0;
    for (let seed = 1; seed <= 100; seed++)
      if (
        judged(
          slicesOf(seed, rho, () => 100),
          120_000,
        ) === 'pass'
      )
        passed++;
    assert.ok(passed <= 5, `rho ${rho}: ${passed} of 100 passed`);
  }
});

test('one that keeps the limit is found, wherever it begins', () => {
  const plateau = (i: number): number => (i >= 17 && i < 47 ? 110 : 60);
  assert.equal(judged(slicesOf(3, 0, plateau), 120_000), 'pass');
});

test('where every one breaks it, it fails', () => {
  assert.equal(
    judged(
      slicesOf(3, 0, () => 90),
      120_000,
    ),
    'fail',
  );
});

test('where one may keep it, it is open', () => {
  const seeds = Array.from({ length: 30 }, (_, i) => i + 1);
  const fails = seeds.filter(
    (seed) =>
      judged(
        slicesOf(seed, 0, (i) => (i < 30 ? 100 : 60)),
        120_000,
      ) === 'fail',
  );
  assert.ok(fails.length <= 1, `${fails.length} of 30 failed`);
});
