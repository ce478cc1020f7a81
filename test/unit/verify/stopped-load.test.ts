// What is recorded of a run whose load was stopped before its end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadResult } from '../../../src/core/model/load.ts';
import type { Run } from '../../../src/core/model/run.ts';
import { millis } from '../../../src/core/model/units.ts';
import type { LoadEngine } from '../../../src/ports/load-engine.ts';
import { worldBackends } from '../../support/recorded-world.ts';
import { freshStore, shopVerification, verifyWith } from '../../support/verified-run.ts';
import { traffic } from '../core-slo/cases/simulated.ts';

const stopMs = 60_000;

/** Two phases of five minutes; the load engine lists slices and groups to the end of the plan, whenever the load ends. */
async function runThatEnds(end: Partial<LoadResult>): Promise<Run> {
  const names = ['first', 'second'];
  const phases = names.map((name, i) => ({ name, startMs: i * 300_000, endMs: (i + 1) * 300_000 }));
  const requests = names.flatMap((phase, i) => traffic({ phase, startMs: i * 300_000, rate: 5 }));
  const world = worldBackends({ phases, requests });
  const load: LoadEngine = {
    drive: async (plan, options) => {
      const driven = await world.load.drive(plan, options);
      return driven.ok ? { ok: true, value: { ...driven.value, ...end } } : driven;
    },
  };
  const verification = shopVerification(['{ id: L, title: t, type: latency, require: p95 <= 1s }'], {
    judged: names,
    phases: names.map((name) => `{ name: ${name}, rate: 5/s, duration: 5m }`),
  });
  return verifyWith(verification, { ...world, load, store: freshStore() }, '01');
}

for (const [status, end] of [
  ['interrupted', { interrupted: true, durationMs: millis(stopMs) }],
  ['aborted', { aborted: { limit: 'errorRate > 50% for 10s', atMs: millis(stopMs) } }],
] as const) {
  test(`a run that was ${status} shows nothing after its end`, async () => {
    const run = await runThatEnds(end);
    assert.equal(run.status, status);
    assert.deepEqual(run.phases, ['first']);
    assert.deepEqual([...new Set(run.steps.map(({ phase }) => phase))], ['first']);
    assert.ok(run.timeline.length > 10);
    assert.ok(run.timeline.every(({ atMs }) => atMs < stopMs));
    assert.deepEqual([run.validity.ok, run.validity.failuresStand], [false, true]);
  });
}

test('a run that came to its end shows all of it', async () => {
  const run = await runThatEnds({});
  assert.equal(run.status, 'completed');
  assert.deepEqual(run.phases, ['first', 'second']);
  assert.equal(run.validity.failuresStand, undefined);
  assert.ok((run.timeline.at(-1)?.atMs ?? 0) > 590_000);
});
