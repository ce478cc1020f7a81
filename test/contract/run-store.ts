// What every run store must do, whatever keeps the runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unixMillis } from '../../src/core/model/units.ts';
import type { RunStore } from '../../src/ports/run-store.ts';
import { examplePlan, runWith, verdictWith } from '../support/run-builder.ts';

export interface RunStoreHarness {
  readonly open: () => Promise<RunStore>;
}

const planned = (runId: string, at: number, fields: Partial<typeof examplePlan> = {}): typeof examplePlan => ({
  ...examplePlan,
  ...fields,
  runId,
  startedAt: unixMillis(at),
});

export function runStoreContract(name: string, { open }: RunStoreHarness): void {
  test(`${name}: a begun run is listed as running and has no result yet`, async () => {
    const store = await open();
    assert.ok((await store.begin(planned('R1', 1))).ok);
    const listed = await store.list({ limit: 10 });
    assert.ok(listed.ok);
    assert.deepEqual(
      listed.value.map(({ runId, status, verdict }) => ({ runId, status, verdict })),
      [{ runId: 'R1', status: 'running', verdict: undefined }],
    );
    const got = await store.get('R1');
    assert.ok(!got.ok && got.error.kind === 'unfinished');
    await store.close();
  });

  test(`${name}: a finished run comes back as it was`, async () => {
    const store = await open();
    const plan = planned('R1', 1);
    const run = runWith({ plan, verdict: 'fail', verdicts: [verdictWith({ requirement: 'CHK-01', verdict: 'fail' })] });
    await store.begin(plan);
    assert.ok((await store.finish(run)).ok);
    const got = await store.get('R1');
    assert.ok(got.ok);
    assert.deepEqual(got.value, JSON.parse(JSON.stringify(run)));
    const listed = await store.list({ limit: 1 });
    assert.ok(listed.ok);
    assert.equal(listed.value[0]?.verdict, 'fail');
    assert.deepEqual(listed.value[0]?.failed, ['CHK-01']);
    await store.close();
  });

  test(`${name}: an id can be begun once`, async () => {
    const store = await open();
    await store.begin(planned('R1', 1));
    const again = await store.begin(planned('R1', 2));
    assert.ok(!again.ok && again.error.kind === 'conflict');
    await store.close();
  });

  test(`${name}: a run that was never begun cannot be finished or read`, async () => {
    const store = await open();
    const finished = await store.finish(runWith({ plan: planned('R9', 1) }));
    assert.ok(!finished.ok && finished.error.kind === 'not-found');
    const got = await store.get('R9');
    assert.ok(!got.ok && got.error.kind === 'not-found');
    await store.close();
  });

  test(`${name}: lists newest first, filtered, in pages`, async () => {
    const store = await open();
    await store.begin(planned('R1', 1));
    await store.begin(planned('R2', 2, { verification: 'other' }));
    await store.begin(planned('R3', 3));
    await store.begin(planned('R4', 3));
    const ids = async (filter: Parameters<RunStore['list']>[0]): Promise<readonly string[]> => {
      const listed = await store.list(filter);
      assert.ok(listed.ok);
      return listed.value.map((run) => run.runId);
    };
    assert.deepEqual(await ids({ limit: 10 }), ['R4', 'R3', 'R2', 'R1']);
    assert.deepEqual(await ids({ limit: 10, verification: 'other' }), ['R2']);
    assert.deepEqual(await ids({ limit: 2, before: 'R4' }), ['R3', 'R2']);
    assert.deepEqual(await ids({ limit: 10, status: 'completed' }), []);
    await store.close();
  });

  test(`${name}: old runs are removed, but not those that later runs are compared with, nor one that goes on`, async () => {
    const store = await open();
    const runs = [
      ['PASSED', 'pass', 'checkout', 'light'],
      ['HEAVIER', 'pass', 'checkout', 'heavy'],
      ['FAILED', 'fail', 'checkout', 'light'],
      ['OTHER', 'fail', 'cart', 'light'],
      ['GOES-ON', undefined, 'checkout', 'light'],
      ['NEWER', 'fail', 'checkout', 'light'],
      ['NEWEST', 'inconclusive', 'checkout', 'light'],
    ] as const;
    for (const [i, [runId, verdict, verification, workloadHash]] of runs.entries()) {
      const plan = planned(runId, i, { verification, workloadHash });
      await store.begin(plan);
      if (verdict !== undefined) await store.finish(runWith({ plan, verdict }));
    }
    const ids = async (): Promise<readonly string[]> => {
      const listed = await store.list({ limit: 100 });
      assert.ok(listed.ok);
      return listed.value.map(({ runId }) => runId);
    };
    assert.deepEqual(await store.removeOld('checkout', 100), { ok: true, value: 0 });
    assert.deepEqual(await store.removeOld('checkout', 2), { ok: true, value: 1 });
    assert.deepEqual(await ids(), ['NEWEST', 'NEWER', 'GOES-ON', 'OTHER', 'HEAVIER', 'PASSED']);
    for (let i = 0; i < 52; i += 1) {
      const plan = planned(`PASS-${i}`, 100 + i, { verification: 'checkout', workloadHash: 'light' });
      await store.begin(plan);
      await store.finish(runWith({ plan, verdict: 'pass' }));
    }
    assert.deepEqual(await store.removeOld('checkout', 2), { ok: true, value: 3 });
    const left = await ids();
    assert.deepEqual([left.length, left.at(-4), ...left.slice(-3)], [55, 'PASS-0', 'GOES-ON', 'OTHER', 'HEAVIER']);
    await store.close();
  });

  test(`${name}: states are kept by key, the last write counts`, async () => {
    const store = await open();
    assert.deepEqual(await store.readState('k'), { ok: true, value: undefined });
    await store.writeState('k', 'one');
    await store.writeState('k', 'two');
    assert.deepEqual(await store.readState('k'), { ok: true, value: 'two' });
    await store.close();
  });
}
