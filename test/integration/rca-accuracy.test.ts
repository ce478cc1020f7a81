// Attribution on labelled data must be as right as the product says; docs/accuracy.md has the figures in full.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { type Scores, scoresOf } from '../../bench/rca/scores.ts';

const data = join(import.meta.dirname, '../../../shared/data');
const isHere = existsSync(data);

describe('attribution on labelled data', {
  skip: isHere ? false : 'the labelled data is not here (../shared/data)',
}, () => {
  let scores: Scores = {};
  before(async () => {
    scores = await scoresOf(data);
  });

  test('of latency faults, nine in ten have the true service first and nearly all among the first three', () => {
    const latency = scores.cases?.byClass['latency'];
    assert.ok(latency !== undefined);
    assert.ok(latency.ac1 >= 0.9 && latency.ac3 >= 0.95, JSON.stringify(latency));
  });

  test('of all faults, six in ten', () => {
    assert.ok((scores.cases?.all.ac1 ?? 0) >= 0.6, JSON.stringify(scores.cases?.all));
  });

  test('findings of high confidence are right nine times in ten, and hardly ever wrong', () => {
    const high = scores.cases?.calibration.find(({ confidence }) => confidence === 'high');
    assert.ok((high?.right ?? 0) >= 0.9, JSON.stringify(high));
    assert.ok((scores.cases?.confidentlyWrong ?? 1) <= 0.05);
  });

  test('every rewritten pattern is named at its edge, and no look-alike', () => {
    const wrong = scores.patterns?.patterns.filter(({ isRight }) => !isRight);
    assert.deepEqual(wrong, []);
  });

  test('metrics alone find six in ten first and nearly all among the first three', () => {
    const all = scores.metrics?.all;
    assert.ok((all?.ac1 ?? 0) >= 0.6 && (all?.ac3 ?? 0) >= 0.93, JSON.stringify(all));
  });
});
