// Exact intended starts: constant, ramps, Poisson, and the shards of several workers.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { arrivalSchedule, expectedArrivals } from '../../../src/core/load/arrival-schedule.ts';
import { phaseAt, timeline } from '../../../src/core/load/timeline.ts';
import { millis, perSecond } from '../../../src/core/model/units.ts';
import type { Pace, Phase } from '../../../src/core/model/workload.ts';

const rate = (from: number, to: number = from, arrivals: 'constant' | 'poisson' = 'constant'): Pace => ({
  kind: 'rate',
  from: perSecond(from),
  to: perSecond(to),
  arrivals,
});
const phase = (name: string, pace: Pace, durationMs: number): Phase => ({
  name,
  pace,
  duration: millis(durationMs),
  role: 'load',
});

function arrivals(phases: readonly Phase[], { seed = 1, shard = 0, shards = 1, startMs = 0 } = {}) {
  const cursor = arrivalSchedule({ phases: timeline(phases, startMs), seed, shard, shards });
  const found: { dueMs: number; phase: number; index: number }[] = [];
  while (cursor.advance()) found.push({ dueMs: cursor.dueMs, phase: cursor.phase, index: cursor.index });
  return found;
}

describe('arrival schedule', () => {
  it('spaces constant arrivals evenly from the first moment on', () => {
    const due = arrivals([phase('a', rate(4), 1000)]).map((a) => a.dueMs);
    assert.deepEqual(due, [0, 250, 500, 750]);
  });

  it('starts at the given moment', () => {
    const due = arrivals([phase('a', rate(2), 1000)], { startMs: 3000 }).map((a) => a.dueMs);
    assert.deepEqual(due, [3000, 3500]);
  });

  it('carries fractions over phase boundaries, so that nothing is added or lost', () => {
    const phases = Array.from({ length: 10 }, (_, i) => phase(`p${i}`, rate(0.5), 1000));
    const due = arrivals(phases).map((a) => Math.round(a.dueMs));
    assert.deepEqual(due, [0, 2000, 4000, 6000, 8000]);
  });

  it('integrates a ramp exactly, up and down', () => {
    for (const [from, to] of [
      [0, 20],
      [20, 0],
      [5, 200],
      [200, 5],
    ] as const) {
      const due = arrivals([phase('ramp', rate(from, to), 10_000)]).map((a) => a.dueMs / 1000);
      assert.equal(due.length, ((from + to) / 2) * 10);
      for (const [k, t] of due.entries()) {
        const mass = from * t + ((to - from) * t * t) / 20;
        assert.ok(Math.abs(mass - k) < 1e-6, `arrival ${k} at ${t}s has mass ${mass}`);
      }
    }
  });

  it('gives no arrivals to a closed phase, nor to a rate of 0', () => {
    const closed: Pace = { kind: 'concurrency', users: 5 };
    const found = arrivals([phase('c', closed, 1000), phase('z', rate(0), 1000), phase('o', rate(2), 1000)]);
    assert.deepEqual(
      found.map((a) => [a.phase, a.dueMs]),
      [
        [2, 2000],
        [2, 2500],
      ],
    );
  });

  it('splits over shards whose union is the whole schedule', () => {
    const phases = [phase('a', rate(50, 100), 2000), phase('b', rate(80, 80, 'poisson'), 3000)];
    const whole = arrivals(phases, { seed: 9 });
    const union = [0, 1, 2].flatMap((shard) => arrivals(phases, { seed: 9, shard, shards: 3 }));
    assert.deepEqual(
      union.toSorted((a, b) => a.index - b.index),
      whole,
    );
  });

  it('repeats a Poisson schedule from its seed and differs for another', () => {
    const phases = [phase('p', rate(100, 100, 'poisson'), 2000)];
    assert.deepEqual(arrivals(phases, { seed: 5 }), arrivals(phases, { seed: 5 }));
    assert.notDeepEqual(arrivals(phases, { seed: 5 }), arrivals(phases, { seed: 6 }));
  });

  it('gives Poisson arrivals the mean and the variance of a Poisson process', () => {
    const due = arrivals([phase('p', rate(2000, 2000, 'poisson'), 50_000)], { seed: 3 }).map((a) => a.dueMs);
    assert.ok(Math.abs(due.length - 100_000) < 4 * Math.sqrt(100_000), `${due.length} arrivals`);
    const bins = new Float64Array(5000);
    for (const at of due) bins[Math.floor(at / 10)]! += 1;
    const mean = due.length / bins.length;
    const variance = bins.reduce((sum, n) => sum + (n - mean) ** 2, 0) / (bins.length - 1);
    assert.ok(Math.abs(variance / mean - 1) < 0.1, `dispersion ${variance / mean}`);
  });

  it('says what to expect of a phase', () => {
    const [ramp, closed] = timeline(
      [phase('r', rate(5, 200), 60_000), phase('c', { kind: 'concurrency', users: 3 }, 1000)],
      0,
    );
    assert.equal(expectedArrivals(ramp!), 6150);
    assert.equal(expectedArrivals(closed!), 0);
  });
});

describe('timeline', () => {
  it('finds the phase of a moment, the nearest outside', () => {
    const phases = timeline([phase('a', rate(1), 1000), phase('b', rate(1), 500)], 2000);
    assert.deepEqual(
      [0, 2000, 2999, 3000, 9999].map((at) => phaseAt(phases, at)),
      [0, 0, 0, 1, 1],
    );
    assert.equal(phaseAt([], 5), -1);
  });
});
