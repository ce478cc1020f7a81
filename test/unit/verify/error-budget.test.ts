// Budgets counted in slices of time: only the slices that there are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Verdict } from '../../../src/core/model/verdict.ts';
import { freshStore, shopVerification, verifyWorld } from '../../support/verified-run.ts';
import { traffic } from '../core-slo/cases/simulated.ts';

/** 28 days are 8,064 slices of five minutes; so many have a value, and this share of them is good. */
async function judge(slices: number | undefined, good = 1): Promise<Verdict> {
  const verification = shopVerification(['{ id: B-1, type: errorBudget, sloRef: slo1, require: remaining >= 25% }'], {
    method: 'Timeslices',
  });
  const world = {
    requests: traffic(),
    phases: [{ name: 'peak', startMs: 0, endMs: 300_000 }],
    answer: (query: string) => {
      if (!query.startsWith('count_over_time')) return [() => good];
      return slices === undefined ? [] : [() => slices];
    },
  };
  const [verdict] = (await verifyWorld(verification, world, freshStore(), '01')).verdicts;
  assert.ok(verdict);
  return verdict;
}

test('a whole window of slices is judged on as many as there are', async () => {
  const kept = await judge(8000);
  assert.equal(kept.verdict, 'pass', kept.explanation);
  assert.match(kept.explanation, /of 8,000 slices$/);
  assert.equal((await judge(8064, 0.95)).verdict, 'fail');
});

test('one day of slices does not speak for 28', async () => {
  const found = await judge(288);
  assert.deepEqual([found.verdict, found.reason], ['inconclusive', 'stale-data'], found.explanation);
  assert.match(found.explanation, /have a value for 288 of 8,064 slices of 5 min only$/);
});

test('slices that nobody counted are no pass', async () => {
  const found = await judge(undefined);
  assert.deepEqual([found.verdict, found.reason], ['inconclusive', 'no-data'], found.explanation);
});
