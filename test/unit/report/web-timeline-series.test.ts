import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TimelinePoint } from '../../../src/core/model/run.ts';
import { phaseStretches, timelineSeries } from '../../../web/report/timeline-series.ts';

const point = (atMs: number, phase: string, fields: Partial<TimelinePoint> = {}): TimelinePoint => ({
  atMs,
  phase,
  requests: 100,
  failed: 2,
  p50Ms: 10,
  p95Ms: 20,
  p99Ms: 30,
  ...fields,
});

test('a slice without requests, and a latency that is no number, break the line', () => {
  const series = timelineSeries([
    point(0, 'peak'),
    point(5000, 'peak', { requests: 0, p99Ms: 0 }),
    point(10_000, 'peak', { p99Ms: Number.NaN }),
  ]);
  assert.deepEqual(series.p99, [30, null, null]);
  assert.deepEqual(series.p50, [10, null, 10]);
  assert.deepEqual(series.seconds, [0, 5, 10]);
});

test('rates count for the length of their slice', () => {
  const series = timelineSeries([point(0, 'peak'), point(5000, 'peak'), point(15_000, 'peak')]);
  assert.deepEqual(series.rate, [20, 10, 10]);
  assert.deepEqual(series.failedRate, [0.4, 0.2, 0.2]);
});

test('phases are stretches from their first point to the end of their last', () => {
  const stretches = phaseStretches(
    [point(0, 'idle'), point(5000, 'idle'), point(10_000, 'peak'), point(15_000, 'peak')],
    ['peak'],
  );
  assert.deepEqual(stretches, [
    { phase: 'idle', isJudged: false, from: 0, to: 10 },
    { phase: 'peak', isJudged: true, from: 10, to: 20 },
  ]);
  assert.deepEqual(phaseStretches([], []), []);
});
