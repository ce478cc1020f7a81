// Pause: everything in one process stands still, then goes on at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pause } from '../../../../src/core/trace/mechanisms/pause.ts';
import type { ResourceChange } from '../../../../src/core/trace/metrics/metric-corroboration.ts';
import { call, contextOf, type DrawnWork, requests, server } from '../../../support/request-traces.ts';

/** Work of 30 ms that is interrupted for 200 ms at the end of every second; requests come every 20 ms. */
function interrupted(at: number): DrawnWork {
  const start = at * 20;
  const standstill = Math.ceil((start + 1) / 1000) * 1000;
  const end = start + 30 > standstill ? standstill + 200 + (at % 5) / 10 : start + 30;
  return server('search', 'GET /search', [0, end - start]);
}

const usual = requests(40, (jitter) => server('search', 'GET /search', [0, 30 + jitter / 10]));
const paused = Array.from({ length: 400 }, (_, at) => ({ work: interrupted(at), at })).filter(
  ({ work }) => work.at[1] > 100,
);
/** Every violating request met a pause; several share each. */
const crowd = paused.flatMap(({ at }) => [0, 1, 2].map((copy) => ({ at, copy })));

const context = (resources: readonly ResourceChange[]) =>
  contextOf({
    violating: crowd.map(({ at, copy }) => {
      const work = interrupted(at);
      return server('search', 'GET /search', [0, work.at[1] + copy / 10]);
    }),
    reference: usual,
    startMs: (index) => (crowd[index]?.at ?? 0) * 20,
    resources,
  });

test('several requests stand still at once and go on at once; a metric makes it sure', () => {
  const gc: ResourceChange = {
    service: 'search',
    signal: 'gc',
    metric: 'nodejs_gc_duration_seconds_sum',
    reference: 0.01,
    observed: 0.3,
    score: 8,
  };
  const [sure] = pause.detect(context([gc]));
  assert.equal(sure?.service, 'search');
  assert.equal(sure?.confidence, 'high');
  const [hint] = pause.detect(context([]));
  assert.equal(hint?.confidence, 'low');
});

/** A call to search, 8 ms of work, that is let in `waitMs` after it is made. */
const asked = (waitMs: number): DrawnWork =>
  server('web', 'GET /', [0, waitMs + 12], {
    below: [call(['web', 'search', 'GET /search'], [1, waitMs + 11], { within: [waitMs + 2, waitMs + 10] })],
  });
const quick = requests(40, (jitter) => asked(jitter / 10));

test('calls that come while nothing moves wait for its end, and go on at once', () => {
  const comesAt = (at: number): number => at * 20;
  /** Nobody is let in for the last 250 ms of every second. */
  const waitMs = (at: number): number => {
    const left = 1000 - ((comesAt(at) + 1) % 1000);
    return left <= 250 ? left + (at % 3) / 10 : 0;
  };
  const context = contextOf({
    violating: requests(400, (jitter, at) => asked(waitMs(at) + jitter / 10)),
    reference: quick,
    startMs: comesAt,
  });
  const [found] = pause.detect(context);
  assert.equal(found?.service, 'search');
  assert.equal(found?.evidence.find(({ name }) => name === 'pauses')?.value, 8);
  const longestMs = found?.evidence.find(({ name }) => name === 'longest pause')?.value ?? 0;
  assert.ok(longestMs > 220 && longestMs < 260, String(longestMs));
  // Each is late by half a pause on average, and all of that is told.
  const meanMs = Array.from({ length: 400 }, (_, at) => waitMs(at)).reduce((sum, ms) => sum + ms, 0) / 400;
  assert.ok(Math.abs((found?.effectMs ?? 0) - meanMs) < 0.2 * meanMs, `${found?.effectMs} ${meanMs}`);
});

test('calls that come together and are let in together have a long way, not a pause', () => {
  const context = contextOf({
    violating: requests(400, (jitter) => asked(100 + jitter / 10)),
    reference: quick,
    startMs: (at) => Math.floor(at / 5) * 300 + (at % 5) / 10,
  });
  assert.deepEqual(pause.detect(context), []);
});

test('requests that are slow each for itself do not stand still', () => {
  const slow = requests(60, (_, at) => server('search', 'GET /search', [0, 200 + ((at * 37) % 120)]));
  assert.deepEqual(pause.detect(contextOf({ violating: slow, reference: usual, startMs: (at) => at * 20 })), []);
});

test('a fifth of the time in collection confirms a pause', () => {
  const gc: ResourceChange = {
    service: 'search',
    signal: 'gc',
    metric: 'jvm_gc_duration_seconds_sum',
    reference: 0.01,
    observed: 0.2,
    score: 9,
    utilisation: { reference: 0.01, observed: 0.2 },
  };
  assert.equal(pause.detect(context([gc]))[0]?.confidence, 'high');
});
