// Which earlier runs a run is compared with: passed ones of the same verification, environment, workload, kind and branch.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replayClock } from '../../../src/adapters/recording/replay-clock.ts';
import { openSqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts';
import { noRunTelemetry } from '../../../src/adapters/telemetry/run-telemetry.ts';
import type { Run, RunPlan } from '../../../src/core/model/run.ts';
import { millis, unixMillis } from '../../../src/core/model/units.ts';
import type { BaselineSelection } from '../../../src/core/model/verification.ts';
import { readBaselines } from '../../../src/verify/read-baselines.ts';
import { documentWith, parseYaml } from '../../support/parse-yaml.ts';
import { worldBackends } from '../../support/recorded-world.ts';
import { examplePlan, runWith, startedAt, undecidedVerdict, verdictWith } from '../../support/run-builder.ts';

const day = 86_400_000;
const plan: RunPlan = {
  ...examplePlan,
  verification: 'checkout',
  runId: 'NOW',
  startedAt: unixMillis(startedAt + day),
};

interface Earlier extends Partial<Omit<Run, 'plan'>> {
  readonly plan?: Partial<RunPlan>;
}

/** Ids of the runs found, the earlier ones given oldest first, an hour apart. */
async function found(
  earlier: Readonly<Record<string, Earlier>>,
  baseline: BaselineSelection | undefined = undefined,
): Promise<readonly string[]> {
  const opened = openSqliteStore(':memory:');
  assert.ok(opened.ok);
  const store = opened.value.runs;
  for (const [i, [runId, fields]] of Object.entries(earlier).entries()) {
    const own = { ...plan, runId, startedAt: unixMillis(startedAt + i * 3_600_000), ...fields.plan };
    const baselines = [{ requirement: 'CHK-01', value: i, samples: 100 }];
    await store.begin(own);
    await store.finish(runWith({ baselines, ...fields, plan: own }));
  }
  const [verification] = parseYaml(documentWith()).verifications;
  assert.ok(verification !== undefined);
  const needs = { watches: [], measures: [], queries: [], baseline: true };
  const reading = await readBaselines({
    verification: { ...verification, environment: plan.environment, ...(baseline === undefined ? {} : { baseline }) },
    plan,
    needs,
    load: undefined,
    backends: {
      ...worldBackends({ requests: [], phases: [] }),
      store,
      telemetry: noRunTelemetry,
      clock: replayClock(startedAt),
    },
    options: {
      signal: new AbortController().signal,
      trigger: 'cli',
      traceIdPrefix: '',
      environment: {},
      feeds: {},
    },
  });
  return reading.found.map(({ runId }) => runId);
}

const selection = (part: Partial<BaselineSelection>): BaselineSelection => ({
  from: 'passed',
  runs: 5,
  maxAge: millis(30 * day),
  ...part,
});
const lacking = undecidedVerdict('inconclusive', { requirement: 'DEG-01', reason: 'no-baseline' });
const undecided = undecidedVerdict('inconclusive', { requirement: 'LAT-01', reason: 'straddles' });

test('the last five passed runs, newest first', async () => {
  const runs = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => [id, {}]));
  assert.deepEqual(await found(runs), ['f', 'e', 'd', 'c', 'b']);
  assert.deepEqual(await found(runs, selection({ runs: 2 })), ['f', 'e']);
});

test('failed, inconclusive and unfinished runs are none, unless any run will do', async () => {
  const runs: Readonly<Record<string, Earlier>> = {
    passed: {},
    warned: { verdict: 'warn' },
    failed: { verdict: 'fail' },
    undecided: { verdict: 'inconclusive', verdicts: [undecided] },
    aborted: { status: 'aborted' },
  };
  assert.deepEqual(await found(runs), ['warned', 'passed']);
  assert.deepEqual(await found(runs, selection({ from: 'any' })), ['undecided', 'failed', 'warned', 'passed']);
});

test('a run that lacked nothing but a baseline is the first one', async () => {
  const kept = verdictWith();
  const first: Earlier = { verdict: 'inconclusive', verdicts: [kept, lacking] };
  const doubtful: Earlier = { verdict: 'inconclusive', verdicts: [undecided, lacking] };
  assert.deepEqual(await found({ first, doubtful }), ['first']);
});

test('another workload, environment or kind of run is no baseline', async () => {
  const runs: Readonly<Record<string, Earlier>> = {
    same: {},
    workload: { plan: { workloadHash: 'sha256:other' } },
    environment: { plan: { environment: 'production' } },
    observed: { plan: { mode: 'observe' } },
  };
  assert.deepEqual(await found(runs), ['same']);
});

test('runs of other branches do not crowd out those of the branch asked for', async () => {
  const feature: Earlier = { plan: { branch: 'feature' } };
  const runs: Readonly<Record<string, Earlier>> = { main: {}, a: feature, b: feature, c: feature };
  assert.deepEqual(await found(runs, selection({ runs: 2, branch: 'main' })), ['main']);
});

test('runs beyond the greatest age are too old', async () => {
  assert.deepEqual(await found({ old: {}, young: {} }, selection({ maxAge: millis(day - 1_800_000) })), ['young']);
});
