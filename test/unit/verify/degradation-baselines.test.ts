// What a degradation is compared with: the value of the same statistic in earlier runs, and how much that one varies.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BaselineRecord, Run } from '../../../src/core/model/run.ts';
import { randomStream } from '../../../src/core/slo/statistics/random.ts';
import type { RunStore } from '../../../src/ports/run-store.ts';
import type { SimulatedRequest } from '../../support/load-result-of.ts';
import type { World } from '../../support/recorded-world.ts';
import { freshStore, shopVerification, verifyWorld } from '../../support/verified-run.ts';
import { traffic } from '../core-slo/cases/simulated.ts';

const worldOf = (requests: readonly SimulatedRequest[]): World => ({
  requests,
  phases: [{ name: 'peak', startMs: 0, endMs: 300_000 }],
});
const ruled = (rule: string) => shopVerification([`{ id: D-1, type: degradation, ${rule} }`]);

/** p50 about 50 ms, p99 about 580 ms. */
function heavy(change: (request: SimulatedRequest) => SimulatedRequest = (request) => request): World {
  const random = randomStream(5);
  return worldOf(
    traffic().map((request) => {
      const latencyMs = random() < 0.05 ? 500 + 100 * random() : 40 + 20 * random();
      return change({ ...request, latencyMs });
    }),
  );
}

async function afterRuns(rule: string, earlier: World, runs = 5): Promise<RunStore> {
  const store = freshStore();
  for (let i = 0; i < runs; i++) await verifyWorld(ruled(rule), earlier, store, `0${i}`);
  return store;
}

async function clausesOf(rule: string, world: World, store: RunStore): Promise<readonly string[]> {
  const run = await verifyWorld(ruled(rule), world, store, '10');
  return [run.verdicts[0]?.verdict ?? '', ...(run.verdicts[0]?.clauses ?? []).map(({ explanation }) => explanation)];
}

test('every clause is compared with its own statistic', async () => {
  const rule = 'require: p50 <= baseline + 10% and p99 <= baseline + 10%';
  const [verdict, ...said] = await clausesOf(rule, heavy(), await afterRuns(rule, heavy()));
  assert.equal(verdict, 'pass', said.join('\n'));
  assert.match(said.join('\n'), /^p50 50\.. ms .*baseline 50\.. ms/m);
  assert.match(said.join('\n'), /^p99 5.. ms .*baseline 5.. ms/m);
});

test('a percentile and the error rate do not share a baseline', async () => {
  const rule = 'require: p95 <= baseline + 10% and rate <= baseline + 0.5%';
  const random = randomStream(5);
  const few = () => worldOf(traffic().map((request) => ({ ...request, failed: random() < 0.001 })));
  const [verdict, ...said] = await clausesOf(rule, few(), await afterRuns(rule, few()));
  assert.equal(verdict, 'pass', said.join('\n'));
  assert.match(said.join('\n'), /^error rate 0\.\d+%, limit 0\.\d+%: baseline 0\.\d+%/m);
});

test('a warning is compared with its own statistic though no run has shown it', async () => {
  const rule = 'require: p99 <= baseline + 10%, warn: p50 <= baseline + 5%';
  const slower = heavy((request) =>
    request.latencyMs < 100 ? { ...request, latencyMs: 2 * request.latencyMs } : request,
  );
  const [verdict, ...said] = await clausesOf(rule, slower, await afterRuns(rule, heavy()));
  assert.equal(verdict, 'warn', said.join('\n'));
});

test('a rule that asks for another percentile finds it in the distributions that were kept', async () => {
  const store = await afterRuns('require: p50 <= baseline + 10%', heavy());
  const [verdict, ...said] = await clausesOf('require: p99 <= baseline + 10%', heavy(), store);
  assert.equal(verdict, 'pass', said.join('\n'));
});

test('a rule that asks for what no run kept has no baseline', async () => {
  const store = await afterRuns('require: rate <= baseline + 1%', heavy());
  const [verdict, said] = await clausesOf('require: p99 <= baseline + 10%', heavy(), store);
  assert.equal(verdict, 'inconclusive');
  assert.match(said ?? '', /no passed run/);
});

/** As runs were stored before records named their statistic. */
function nameless(store: RunStore): RunStore {
  const strip = ({ statistic: _, interval: __, confidence: ___, ...record }: BaselineRecord): BaselineRecord => record;
  const older = (run: Run): Run => ({ ...run, baselines: run.baselines.slice(0, 1).map(strip) });
  return {
    ...store,
    list: (filter) => store.list(filter),
    get: async (id) => {
      const found = await store.get(id);
      return found.ok ? { ...found, value: older(found.value) } : found;
    },
    begin: (plan) => store.begin(plan),
    finish: (run) => store.finish(run),
  };
}

test('older runs are compared by what their clauses observed, and by nothing else', async () => {
  const rule = 'require: p50 <= baseline + 10% and p99 <= baseline + 10%';
  const store = nameless(await afterRuns(rule, heavy()));
  const [verdict, ...said] = await clausesOf(rule, heavy(), store);
  assert.equal(verdict, 'pass', said.join('\n'));
  const [other, reason] = await clausesOf(
    'require: p90 <= baseline + 10%',
    heavy(),
    nameless(await afterRuns(rule, heavy())),
  );
  assert.equal(other, 'inconclusive');
  assert.match(reason ?? '', /no passed run/);
});

test('failing fast is no improvement on earlier runs', async () => {
  const rule = 'require: p95 <= baseline + 10%';
  for (const every of [1, 2]) {
    const store = await afterRuns(rule, worldOf(traffic()));
    const failing = traffic().map((request, i) =>
      i % every === 0 ? { ...request, latencyMs: 1, failed: true } : request,
    );
    const [verdict, said] = await clausesOf(rule, worldOf(failing), store);
    assert.equal(verdict, 'fail', said);
    assert.match(said ?? '', /^p95 has no value \(.* requests failed\), limit 64\.. ms: baseline 59 ms$/);
  }
});

test('the mean of one earlier run is not exact', async () => {
  const rule = 'require: mean <= baseline + 10%';
  const noisy = (seed: number, times: number): World => {
    const random = randomStream(seed);
    const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const requests = Array.from({ length: 300 }, (_, i) => ({
      atMs: i * 1000,
      latencyMs: times * Math.exp(Math.log(50) + 0.8 * gauss()),
      phase: 'peak',
    }));
    return worldOf(requests);
  };
  const store = await afterRuns(rule, noisy(1, 1), 1);
  const run = await verifyWorld(ruled(rule), noisy(77, 0.9), store, '10');
  const [verdict] = run.verdicts;
  const [low, high] = verdict?.clauses[0]?.observed?.interval ?? [0, 0];
  const mean = verdict?.clauses[0]?.observed?.value ?? 0;
  // Both means are about 5% uncertain on each side: together sqrt 2 times as much.
  assert.ok(low < mean * 0.9 && high > mean * 1.1, verdict?.explanation);
});

test('a mean that older runs kept without its spread needs three of them', async () => {
  const rule = 'require: mean <= baseline + 10%';
  const [verdict, said] = await clausesOf(rule, heavy(), nameless(await afterRuns(rule, heavy(), 2)));
  assert.equal(verdict, 'inconclusive');
  assert.match(said ?? '', /need 3 earlier runs to know how much this value varies, have 2/);
});
