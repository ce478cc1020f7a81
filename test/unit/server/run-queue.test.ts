// One run at a time for each target, in order; nothing starts after closing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../../src/core/model/run.ts';
import type { Verification } from '../../../src/core/model/verification.ts';
import { type RunRequest, runQueue } from '../../../src/server/run-queue.ts';
import { runWith } from '../../support/run-builder.ts';

function request(name: string, target: string): RunRequest {
  const verification = { name, workload: { target } } as unknown as Verification;
  return { runId: `run-${name}`, verification, trigger: 'api' };
}

/** A queue whose runs end when told. */
function harness(concurrency: number) {
  const started: string[] = [];
  const ended: string[] = [];
  const finish = new Map<string, (run: Run) => void>();
  const queue = runQueue(
    ({ runId }, { signal }) =>
      new Promise((resolve) => {
        started.push(runId);
        finish.set(runId, resolve);
        signal.addEventListener('abort', () => resolve(runWith({ status: 'interrupted' })), { once: true });
      }),
    { concurrency, onEnd: (_run, { runId }) => ended.push(runId) },
  );
  const end = async (name: string): Promise<void> => {
    finish.get(`run-${name}`)?.(runWith());
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { queue, started, ended, end };
}

test('two verifications of one target run one after the other, of two targets together', async () => {
  const { queue, started, end } = harness(2);
  queue.add(request('a', 'http://127.0.0.1:1/'));
  queue.add(request('b', 'http://127.0.0.1:1/'));
  queue.add(request('c', 'http://127.0.0.1:2/'));
  assert.deepEqual(started, ['run-a', 'run-c']);
  await end('a');
  assert.deepEqual(started, ['run-a', 'run-c', 'run-b']);
  await queue.close();
});

test('a verification that waits is not queued twice', () => {
  const { queue } = harness(1);
  queue.add(request('a', 'http://127.0.0.1:1/'));
  assert.ok(queue.add(request('b', 'http://127.0.0.1:1/')).ok);
  const again = queue.add(request('b', 'http://127.0.0.1:1/'));
  assert.equal(again.ok, false);
});

test('a target that is no URL is run like any other, and holds up nobody', async () => {
  const { queue, started } = harness(2);
  assert.ok(queue.add(request('a', '${tenant}:81')).ok);
  assert.ok(queue.add(request('b', 'http://127.0.0.1:1/')).ok);
  assert.deepEqual(started, ['run-a', 'run-b']);
  await queue.close();
});

test('closing ends what runs, drops what waits and refuses what comes', async () => {
  const { queue, started, ended } = harness(1);
  queue.add(request('a', 'http://127.0.0.1:1/'));
  queue.add(request('b', 'http://127.0.0.1:1/'));
  await queue.close();
  assert.deepEqual(started, ['run-a']);
  assert.deepEqual(ended, ['run-a']);
  assert.equal(queue.add(request('c', 'http://127.0.0.1:1/')).ok, false);
});

test('cancelling knows running and waiting runs only', async () => {
  const { queue } = harness(1);
  queue.add(request('a', 'http://127.0.0.1:1/'));
  queue.add(request('b', 'http://127.0.0.1:1/'));
  assert.equal(queue.cancel('run-b'), true);
  assert.equal(queue.cancel('run-a'), true);
  assert.equal(queue.cancel('run-x'), false);
  await queue.close();
});
