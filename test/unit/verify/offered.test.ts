// What was not offered is not the system's fault; what was is judged, whatever was beside it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadResult } from '../../../src/core/model/load.ts';
import type { Verdict } from '../../../src/core/model/verdict.ts';
import type { LoadEngine } from '../../../src/ports/load-engine.ts';
import type { SimulatedRequest } from '../../support/load-result-of.ts';
import { type World, worldBackends } from '../../support/recorded-world.ts';
import { freshStore, shopVerification, verifyWith, verifyWorld } from '../../support/verified-run.ts';
import { traffic } from '../core-slo/cases/simulated.ts';

const minute = 60_000;

/** From 5/s to 40/s within a minute. */
const ramp: readonly SimulatedRequest[] = Array.from({ length: 1350 }, (_, i) => ({
  atMs: minute * Math.sqrt((i + 1) / 1351),
  latencyMs: 50,
  phase: 'ramp',
}));

async function sustained(limit: string, peak: readonly SimulatedRequest[]): Promise<Verdict> {
  const requirement = `{ id: T-1, type: throughput, require: "goodput >= ${limit}", sustained: { for: 4m, slice: 10s } }`;
  const verification = shopVerification([requirement], {
    judged: ['ramp', 'peak'],
    phases: ['{ name: ramp, rate: 5/s..40/s, duration: 1m }', '{ name: peak, rate: 40/s, duration: 5m }'],
  });
  const phases = [
    { name: 'ramp', startMs: 0, endMs: minute },
    { name: 'peak', startMs: minute, endMs: 6 * minute },
  ];
  return judged(await verifyWorld(verification, { requests: [...ramp, ...peak], phases }, freshStore(), '01'));
}

function judged({ verdicts }: Awaited<ReturnType<typeof verifyWorld>>): Verdict {
  const [verdict] = verdicts;
  assert.ok(verdict);
  return verdict;
}

test('a ramp beside a stretch that held does not count against it', async () => {
  const kept = await sustained('38/s', traffic({ startMs: minute }));
  assert.equal(kept.verdict, 'pass', kept.explanation);
});

test('a stretch that was offered enough and fell short fails, one that was not is open', async () => {
  const broken = await sustained('38/s', traffic({ startMs: minute, failed: 0.2 }));
  assert.equal(broken.verdict, 'fail', broken.explanation);
  const short = await sustained('45/s', traffic({ startMs: minute }));
  assert.deepEqual([short.verdict, short.reason], ['inconclusive', 'generator-unhealthy'], short.explanation);
});

test('steps that a reply made impossible were the system’s to answer', async () => {
  const verification = shopVerification(['{ id: T-1, type: throughput, require: goodput >= 70/s }']);
  // 40/s of journeys of two steps; half of the first replies lack what the second step needs.
  const phases = [{ name: 'peak', startMs: 0, endMs: 5 * minute }];
  const world = worldBackends({ requests: traffic({ rate: 60, failed: 1 / 3 }), phases });
  const judgedWith = async (dropped: LoadResult['dropped']): Promise<Verdict> => {
    const load: LoadEngine = {
      drive: async (plan, options) => {
        const driven = await world.load.drive(plan, options);
        return driven.ok ? { ok: true, value: { ...driven.value, dropped } } : driven;
      },
    };
    return judged(await verifyWith(verification, { ...world, load, store: freshStore() }, '01'));
  };
  const failing = await judgedWith([{ phase: 'peak', reason: 'journey-failed', count: 6000 }]);
  assert.equal(failing.verdict, 'fail', failing.explanation);
});

async function efficiency(requests: readonly SimulatedRequest[]): Promise<Verdict> {
  const requirement = '{ id: E-1, type: scalability, levels: { one: 1, four: 4 }, require: efficiency(4) >= 80% }';
  const verification = shopVerification([requirement], {
    judged: ['one', 'four'],
    phases: ['{ name: one, rate: 40/s, duration: 5m }', '{ name: four, rate: 120/s, duration: 5m }'],
  });
  const world: World = {
    requests: [...traffic({ phase: 'one' }), ...requests],
    phases: [
      { name: 'one', startMs: 0, endMs: 5 * minute },
      { name: 'four', startMs: 5 * minute, endMs: 10 * minute },
    ],
  };
  return judged(await verifyWorld(verification, world, freshStore(), '01'));
}

test('three times the load cannot show what four units do', async () => {
  const four = { phase: 'four', startMs: 5 * minute };
  const short = await efficiency(traffic({ ...four, rate: 120 }));
  assert.deepEqual([short.verdict, short.reason], ['inconclusive', 'generator-unhealthy'], short.explanation);
  assert.equal((await efficiency(traffic({ ...four, rate: 160 }))).verdict, 'pass');
  assert.equal((await efficiency(traffic({ ...four, rate: 160, failed: 0.4 }))).verdict, 'fail');
});
