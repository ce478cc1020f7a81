// A run that breaks in our own code leaves a record and a line in the log.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replayClock } from '../../../src/adapters/recording/replay-clock.ts';
import { unixMillis } from '../../../src/core/model/units.ts';
import type { RunStore } from '../../../src/ports/run-store.ts';
import { recordedExecute } from '../../../src/server/recorded-execute.ts';
import type { Execute } from '../../../src/server/run-queue.ts';
import { runWith } from '../../support/run-builder.ts';
import { freshStore, shopVerification } from '../../support/verified-run.ts';

const verification = shopVerification([
  '{ id: R1, title: Fast, type: latency, require: p95 <= 300ms, priority: must }',
]);

function harness(execute: Execute, store: RunStore) {
  const logged: string[] = [];
  const carryOut = recordedExecute({
    execute,
    store,
    clock: replayClock(unixMillis(1_000)),
    log: (event, fields) => logged.push(`${event} ${fields['runId']} ${fields['error']}`),
  });
  const options = { signal: new AbortController().signal, onSnapshot: () => undefined };
  return { logged, run: () => carryOut({ runId: 'RUN-1', verification, trigger: 'schedule' }, options) };
}

test('one that broke is failed, with the reason', async () => {
  const store = freshStore();
  const { run, logged } = harness(async () => {
    throw new Error('no such page');
  }, store);
  const { status, verdict, message } = await run();
  assert.deepEqual([status, verdict, message], ['failed', 'error', 'the run broke: no such page']);
  assert.match(logged.join(), /^run broke RUN-1 Error: no such page/);
  const stored = await store.get('RUN-1');
  assert.equal(stored.ok && stored.value.status, 'failed');
});

test('one that broke after its end keeps its result', async () => {
  const store = freshStore();
  const ended = runWith({ verdict: 'pass' });
  const { run } = harness(async () => {
    const plan = { ...ended.plan, runId: 'RUN-1' };
    await store.begin(plan);
    await store.finish({ ...ended, plan });
    throw new Error('could not close');
  }, store);
  assert.equal((await run()).verdict, 'pass');
});
