// The embedded store: the contract, and what only files can do wrong.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts';
import { unixMillis } from '../../src/core/model/units.ts';
import { alertWith } from '../support/alert-builder.ts';
import { examplePlan } from '../support/run-builder.ts';
import { runStoreContract } from './run-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'faultline-store-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function open(path: string) {
  const store = openSqliteStore(path);
  assert.ok(store.ok, store.ok ? '' : store.error.message);
  return store.value;
}

runStoreContract('sqlite', { open: async () => open(':memory:').runs });

test('a run whose process was killed is interrupted when the store is opened again', async () => {
  const path = join(folder, 'killed.db');
  const script = `
    import { openSqliteStore } from ${JSON.stringify(join(import.meta.dirname, '../../src/adapters/sqlite/sqlite-store.ts'))};
    import { examplePlan } from ${JSON.stringify(join(import.meta.dirname, '../support/run-builder.ts'))};
    const store = openSqliteStore(${JSON.stringify(path)});
    await store.value.runs.begin(examplePlan);
    process.kill(process.pid, 'SIGKILL');`;
  const child = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script]);
  assert.equal(child.signal, 'SIGKILL', child.stderr.toString());
  const { runs } = open(path);
  const listed = await runs.list({ limit: 10 });
  assert.deepEqual(listed.ok ? listed.value.map((run) => run.status) : listed.error, ['interrupted']);
  const got = await runs.get(examplePlan.runId);
  assert.ok(got.ok);
  assert.deepEqual(
    [got.value.plan, got.value.status, got.value.verdict, got.value.verdicts],
    [examplePlan, 'interrupted', 'inconclusive', []],
  );
  await runs.close();
});

test('a run of a process that lives stays running', async () => {
  const path = join(folder, 'alive.db');
  const first = open(path);
  await first.runs.begin(examplePlan);
  const second = open(path);
  const listed = await second.runs.list({ limit: 10 });
  assert.deepEqual(listed.ok ? listed.value.map((run) => run.status) : listed.error, ['running']);
  await first.runs.close();
  await second.runs.close();
});

test('a file that is no database is refused with what to do, and left alone', () => {
  const path = join(folder, 'garbage.db');
  writeFileSync(path, 'this is not a database, but it is longer than a header would be '.repeat(20));
  const store = openSqliteStore(path);
  assert.ok(!store.ok && store.error.kind === 'corrupt');
  assert.match(store.error.message, /move the file away/);
});

test('a store where no folder can be made is refused at once', { skip: !existsSync('/proc/self') }, () => {
  const store = openSqliteStore('/proc/deep/down/faultline.db');
  assert.ok(!store.ok && store.error.kind === 'unavailable');
});

test('the outbox keeps an alert until it is delivered, given up or sent again', async () => {
  const { outbox, runs } = open(':memory:');
  const at = unixMillis(1_000);
  const ids = async (state: 'waiting' | 'delivered' | 'dead'): Promise<readonly string[]> => {
    const listed = await outbox.list(state, 10);
    assert.ok(listed.ok);
    return listed.value.map((entry) => entry.alert.id);
  };
  await outbox.put(alertWith({ id: 'a' }), at);
  await outbox.put(alertWith({ id: 'a' }), at);
  await outbox.put(alertWith({ id: 'b' }), at);
  assert.deepEqual((await ids('waiting')).toSorted(), ['a', 'b']);
  await outbox.delivered('a');
  await outbox.retryAt('b', unixMillis(5_000), 'the receiver answered 503');
  assert.deepEqual(await outbox.due(unixMillis(4_999), 10), { ok: true, value: [] });
  const due = await outbox.due(unixMillis(5_000), 10);
  assert.ok(due.ok);
  assert.deepEqual(
    due.value.map(({ alert, attempts, lastError }) => [alert.id, attempts, lastError]),
    [['b', 1, 'the receiver answered 503']],
  );
  await outbox.giveUp('b', 'the receiver answered 410');
  assert.deepEqual(await ids('dead'), ['b']);
  await outbox.redeliver('b', unixMillis(6_000));
  assert.deepEqual(await ids('waiting'), ['b']);
  const unknown = await outbox.redeliver('x', unixMillis(6_000));
  assert.ok(!unknown.ok && unknown.error.kind === 'not-found');
  await runs.close();
});
