// Deciding a share of bad requests: bursts, short runs, what is missing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  designEffect,
  effectiveSamples,
  mergeSlices,
  type SliceCount,
} from '../../../src/core/slo/statistics/design-effect.ts';
import { decideBuckets } from '../../../src/core/slo/statistics/histogram-decision.ts';
import { decideShare, type ShareQuestion } from '../../../src/core/slo/statistics/share-decision.ts';

const slices = (count: number, requests: number, bad: (i: number) => number): SliceCount[] =>
  Array.from({ length: count }, (_, i) => ({ requests, bad: bad(i) }));

const question = (counted: readonly SliceCount[], part: Partial<ShareQuestion> = {}): ShareQuestion => ({
  slices: counted,
  sliceMs: 1000,
  allowed: 0.01,
  confidence: 0.95,
  minSamples: 0,
  ...part,
});

test('evenly spread bad requests have a design effect of 1', () => {
  assert.equal(
    designEffect(
      slices(60, 100, () => 1),
      { merge: 1, floor: 1 },
    ).effect,
    1,
  );
  assert.equal(
    designEffect(
      slices(60, 100, () => 0),
      { merge: 1, floor: 1 },
    ).effect,
    1,
  );
});

test('bad requests in whole slices count as one each', () => {
  // Every tenth slice is bad throughout: 100 requests say as much as one.
  const found = designEffect(
    slices(60, 100, (i) => (i % 10 === 0 ? 100 : 0)),
    { merge: 1, floor: 1 },
  );
  assert.ok(found.effect > 95 && found.effect < 110, String(found.effect));
  assert.ok(found.steady);
});

test('slices that correlate with their neighbours are doubled until they do not', () => {
  const found = designEffect(
    slices(240, 10, (i) => (Math.floor(i / 4) % 3 === 0 ? 2 : 0)),
    { merge: 1, floor: 1 },
  );
  assert.equal(found.merged, 2);
  assert.equal(found.slices, 120);
  assert.ok(found.steady);
});

test('a trend over the whole run never gets steady, and is allowed for heavily', () => {
  const found = designEffect(
    slices(60, 100, (i) => i),
    { merge: 1, floor: 1 },
  );
  assert.ok(!found.steady && found.lag1 > 0.3 && found.effect > 100, JSON.stringify(found));
});

test('fewer than two slices say nothing about bursts', () => {
  const found = designEffect(
    slices(1, 1000, () => 0),
    { merge: 1, floor: 1 },
  );
  assert.equal(effectiveSamples(1000, found, 0.95), 0);
});

test('slices of different phases are neither merged nor compared', () => {
  const idle = slices(30, 50, () => 0).map((slice) => ({ ...slice, stratum: 'idle' }));
  const peak = slices(30, 50, () => 10).map((slice) => ({ ...slice, stratum: 'peak' }));
  assert.equal(designEffect([...idle, ...peak], { merge: 1, floor: 1 }).effect, 1);
  assert.deepEqual(
    mergeSlices([...idle.slice(0, 3), ...peak.slice(0, 2)], 2).map((slice) => [slice.stratum, slice.requests]),
    [
      ['idle', 150],
      ['peak', 100],
    ],
  );
});

test('a healthy short run passes, a broken one fails', () => {
  assert.equal(decideShare(question(slices(50, 20, (i) => (i % 25 === 0 ? 1 : 0)))).verdict, 'pass');
  assert.equal(decideShare(question(slices(50, 20, (i) => (i % 3 === 0 ? 8 : 3)))).verdict, 'fail');
  assert.equal(decideShare(question(slices(25, 40, (i) => (i < 5 ? 0 : 36)))).verdict, 'fail');
});

test('a run that ends at once is not decided', () => {
  const found = decideShare(question(slices(1, 1, () => 0)));
  assert.equal(found.verdict, 'inconclusive');
  assert.equal(found.verdict === 'inconclusive' && found.need, 'need 299 samples, have 1');
});

test('what is missing is said by its reason', () => {
  const reasonOf = (asked: ShareQuestion) => {
    const found = decideShare(asked);
    return found.verdict === 'inconclusive' ? found.reason : found.verdict;
  };
  assert.equal(reasonOf(question([])), 'no-data');
  assert.equal(reasonOf(question(slices(60, 2, () => 0))), 'too-few-samples');
  assert.equal(reasonOf(question(slices(60, 50, (i) => i % 2))), 'straddles');
  assert.equal(
    reasonOf(
      question(
        slices(60, 1000, () => 0),
        { minSamples: 100_000 },
      ),
    ),
    'too-few-samples',
  );
  assert.equal(reasonOf(question(slices(60, 100, (i) => (i < 12 ? 4 : 0)))), 'autocorrelated');
});

test('the samples still needed are about those that decide', () => {
  const counted = slices(60, 100, (i) => (i % 5 < 4 ? 1 : 0));
  const found = decideShare(question(counted));
  assert.ok(found.verdict === 'inconclusive' && found.reason === 'straddles');
  const more = Number(/need about ([\d,]+) more/.exec(found.need)?.[1]?.replaceAll(',', ''));
  const times = Math.ceil((6000 + more) / 6000);
  const longer = Array.from({ length: times }, () => counted).flat();
  assert.equal(decideShare(question(longer)).verdict, 'pass');
});

test('bursts are learnt from a commoner event when bad requests are few', () => {
  const bursts = slices(60, 100, (i) => (i % 10 === 0 ? 30 : 0));
  assert.equal(decideShare(question(slices(60, 100, () => 0))).verdict, 'pass');
  assert.equal(
    decideShare(
      question(
        slices(60, 100, () => 0),
        { bursts },
      ),
    ).verdict,
    'inconclusive',
  );
});

test('between two bucket edges only what holds for both decides', () => {
  const ask = (least: number, most: number) =>
    decideBuckets({
      ...question([]),
      least: slices(60, 100, () => least),
      most: slices(60, 100, () => most),
      gap: 'the limit lies between 250 ms and 500 ms',
    });
  assert.equal(ask(0, 0.2).verdict, 'pass');
  assert.equal(ask(3, 20).verdict, 'fail');
  const open = ask(0, 20);
  assert.ok(open.verdict === 'inconclusive' && open.reason === 'bucket-too-coarse' && open.need.includes('250 ms'));
});
