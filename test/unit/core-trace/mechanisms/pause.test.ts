// Pause: everything in one process stands still, then goes on at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pause } from '../../../../src/core/trace/mechanisms/pause.ts';
import type { ResourceChange } from '../../../../src/core/trace/metric-corroboration.ts';
import { contextOf, type DrawnWork, requests, server } from '../../../support/request-traces.ts';

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

test('requests that are slow each for itself do not stand still', () => {
  const slow = requests(60, (_, at) => server('search', 'GET /search', [0, 200 + ((at * 37) % 120)]));
  assert.deepEqual(pause.detect(contextOf({ violating: slow, reference: usual, startMs: (at) => at * 20 })), []);
});
