// The service over real HTTP on loopback: tokens, runs, gate, reports, metrics, notifications. The runs themselves are made up.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { systemClock } from '../../src/adapters/clock/system-clock.ts';
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts';
import { err, ok } from '../../src/core/model/result.ts';
import type { RunStatus } from '../../src/core/model/run.ts';
import { millis } from '../../src/core/model/units.ts';
import type { VerdictName } from '../../src/core/model/verdict.ts';
import type { Verification } from '../../src/core/model/verification.ts';
import type { Workload } from '../../src/core/model/workload.ts';
import { createApp } from '../../src/server/app.ts';
import type { Execute } from '../../src/server/run-queue.ts';
import { type Service, type ServiceOptions, startService } from '../../src/server/service.ts';
import { parseTokens } from '../../src/server/tokens.ts';
import { planRun } from '../../src/verify/plan-run.ts';
import type { VerifyOptions } from '../../src/verify/verify-options.ts';
import { runWith, verdictWith } from '../support/run-builder.ts';

const verification = {
  name: 'checkout-peak',
  service: 'checkout',
  environment: 'test',
  labels: {},
  annotations: {},
  workload: { target: 'http://127.0.0.1:1/' },
  sources: { traces: [], metrics: [] },
  evaluation: { phases: ['peak'] },
  requirements: [
    { id: 'CHK-01', priority: 'must', require: { text: 'rate <= 1%' }, definedAt: { file: 'a.yaml', line: 1 } },
  ],
  notify: [
    {
      target: 'oncall',
      when: [
        { event: 'fail', times: 1 },
        { event: 'recovered', times: 1 },
      ],
      after: { failures: 1, of: 1 },
      repeat: millis(3_600_000),
    },
  ],
  targets: [{ name: 'oncall', url: 'http://127.0.0.1:1/hook', format: 'cloudevents' }],
} as unknown as Verification;

let nextVerdict: VerdictName = 'pass';
let nextStatus: RunStatus = 'completed';
let isReceiverUp = false;
const folder = mkdtempSync(join(tmpdir(), 'faultline-web-'));
let options: ServiceOptions;
let service: Service;
let server: Server;
let base = '';
const sent: string[] = [];

before(async () => {
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>runs</title>');
  writeFileSync(
    join(folder, 'report.html'),
    '<!doctype html><title>report</title><script id="faultline-run" type="application/json">null</script>',
  );
  const store = openSqliteStore(':memory:');
  assert.ok(store.ok);
  const execute: Execute = async (request) => {
    const plan = planRun(request.verification, systemClock, {
      signal: new AbortController().signal,
      trigger: request.trigger,
      runId: request.runId,
      traceIdPrefix: '0'.repeat(16),
      environment: {},
      feeds: {},
    });
    await store.value.runs.begin(plan);
    const verdicts = [verdictWith({ requirement: 'CHK-01', priority: 'must', verdict: nextVerdict })];
    const run = runWith({ plan, verdict: nextVerdict, verdicts, endedAt: systemClock.now(), status: nextStatus });
    await store.value.runs.finish(run);
    return run;
  };
  options = {
    verifications: [verification],
    store: store.value.runs,
    outbox: store.value.outbox,
    notifier: {
      send: async (alert) => {
        if (!isReceiverUp) return err({ kind: 'gone', message: 'oncall: the receiver answered 410', retryable: false });
        sent.push(`${alert.verdict.requirement} ${alert.status}`);
        return ok(undefined);
      },
    },
    clock: systemClock,
    execute,
    publicUrl: 'http://faultline.example.com',
    concurrency: 1,
    keep: 1_000,
    log: () => undefined,
  };
  service = await startService(options);
  const tokens = parseTokens('viewer:may-look-at-it,runner:may-start-runs,admin:may-do-it-all');
  assert.ok(tokens.ok);
  const app = await createApp({
    service,
    tokens: tokens.value,
    webFolder: folder,
    version: '0.0.0',
    log: () => undefined,
  });
  server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

after(async () => {
  server.close();
  server.closeAllConnections();
  await service.stop();
  await service.store.close();
  rmSync(folder, { recursive: true, force: true });
});

const call = (path: string, token?: string, method = 'GET'): Promise<Response> =>
  fetch(base + path, { method, ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }) });

/** Starts a run and waits until its result is there. */
async function runOnce(verdict: VerdictName): Promise<string> {
  nextVerdict = verdict;
  const started = await call('/api/v1/verifications/checkout-peak/runs', 'may-start-runs', 'POST');
  assert.equal(started.status, 202);
  const { runId } = (await started.json()) as { runId: string };
  for (let i = 0; i < 100; i += 1) {
    if ((await call(`/api/v1/runs/${runId}`, 'may-look-at-it')).status === 200) return runId;
    await systemClock.sleep(millis(20), {});
  }
  throw new Error('the run never finished');
}

test('without a token 401, with a token beyond its role 403', async () => {
  assert.equal((await call('/api/v1/verifications')).status, 401);
  assert.equal((await call('/api/v1/verifications', 'wrong-token-000')).status, 401);
  assert.equal((await call('/api/v1/verifications/checkout-peak/runs', 'may-look-at-it', 'POST')).status, 403);
  assert.equal((await call('/api/v1/notifications/x/redeliver', 'may-start-runs', 'POST')).status, 403);
});

test('health, metrics, the page and the API description need no token', async () => {
  for (const path of ['/healthz', '/readyz', '/metrics', '/', '/api/v1/openapi.json']) {
    assert.equal((await call(path)).status, 200, path);
  }
});

test('what does not exist is 404 with a way on', async () => {
  const unknown = await call('/api/v1/verifications/nope', 'may-look-at-it');
  assert.equal(unknown.status, 404);
  assert.match(((await unknown.json()) as { message: string }).message, /checkout-peak/);
  assert.equal((await call('/api/v1/runs/NOPE', 'may-look-at-it')).status, 404);
  assert.equal((await call('/nothing')).status, 404);
});

test('a run asked for by the API is recorded, listed, reported and counted', async () => {
  const runId = await runOnce('pass');
  const document = (await (await call(`/api/v1/runs/${runId}`, 'may-look-at-it')).json()) as Record<string, unknown>;
  assert.equal(document['schema'], 'requirement-result/v1');
  assert.equal(document['runId'], runId);
  const detail = (await (await call('/api/v1/verifications/checkout-peak', 'may-look-at-it')).json()) as {
    runs: { runId: string }[];
  };
  assert.equal(detail.runs[0]?.runId, runId);
  const report = await call(`/api/v1/runs/${runId}/report`, 'may-look-at-it');
  assert.match(report.headers.get('content-type') ?? '', /html/);
  const metrics = await (await call('/metrics')).text();
  assert.match(metrics, /faultline_requirement_verdict\{[^}]*requirement="CHK-01"[^}]*verdict="pass"[^}]*\} 1/);
  assert.match(metrics, /faultline_runs_total\{verification="checkout-peak",verdict="pass"\} 1/);
  assert.equal(metrics.match(/run_id=/g)?.length, 1);
});

test('the gate gives the newest verdict, and inconclusive when it is too old', async () => {
  await runOnce('pass');
  const gate = async (maxAge: string): Promise<string> =>
    (
      (await (await call(`/api/v1/verifications/checkout-peak/gate?maxAge=${maxAge}`, 'may-look-at-it')).json()) as {
        verdict: string;
      }
    ).verdict;
  assert.equal(await gate('30m'), 'pass');
  await systemClock.sleep(millis(30), {});
  assert.equal(await gate('1ms'), 'inconclusive');
});

test('an interrupted run leaves gate, standing and metrics as they were, after a restart too', async () => {
  const before = await runOnce('pass');
  nextStatus = 'interrupted';
  await runOnce('inconclusive');
  nextStatus = 'completed';
  const body = async (path: string): Promise<Record<string, unknown>> =>
    (await (await call(path, 'may-look-at-it')).json()) as Record<string, unknown>;
  const gate = await body('/api/v1/verifications/checkout-peak/gate');
  assert.deepEqual([gate['verdict'], gate['runId']], ['pass', before]);
  const detail = await body('/api/v1/verifications/checkout-peak');
  assert.equal((detail['lastRun'] as { runId: string }).runId, before);
  const isPass = /faultline_requirement_verdict\{[^}]*requirement="CHK-01"[^}]*verdict="pass"[^}]*\} 1/;
  assert.match(await (await call('/metrics')).text(), isPass);
  const restarted = await startService(options);
  assert.match(await restarted.metrics.registry.metrics(), isPass);
  await restarted.stop();
});

test('a run of another process counts when it judged the document, and only then', async () => {
  const before = await runOnce('pass');
  const body = async (path: string): Promise<Record<string, unknown>> =>
    (await (await call(path, 'may-look-at-it')).json()) as Record<string, unknown>;
  const standing = async (): Promise<unknown> => {
    const gate = await body('/api/v1/verifications/checkout-peak/gate');
    const one = await body('/api/v1/verifications/checkout-peak');
    const { verifications } = await body('/api/v1/verifications');
    const [entry] = verifications as Record<string, unknown>[];
    const ids = [gate, one['lastRun'], entry?.['lastRun']].map((each) => (each as { runId: string }).runId);
    const metrics = await (await call('/metrics')).text();
    return [...ids, /faultline_last_run_info\{[^}]*run_id="(\w+)"/.exec(metrics)?.[1]];
  };
  const recordElsewhere = async (changed: Partial<Verification>, more: Partial<VerifyOptions>): Promise<string> => {
    const plan = planRun({ ...verification, ...changed }, systemClock, {
      signal: new AbortController().signal,
      trigger: 'cli',
      traceIdPrefix: '0'.repeat(16),
      environment: {},
      feeds: {},
      ...more,
    });
    await options.store.begin(plan);
    await options.store.finish(runWith({ plan, verdict: 'fail', endedAt: systemClock.now() }));
    return plan.runId;
  };
  const heavier = { ...verification.workload, scenarios: [] } as unknown as Workload;
  for (const [what, changed, more] of [
    ['another environment', { environment: 'laptop' }, {}],
    ['fewer requirements', { requirements: [] }, {}],
    ['another load', { workload: heavier }, {}],
    ['a changed field', {}, { overrides: ['spec.requirements.0.require'] }],
    ['production', {}, { observeSince: millis(60_000) }],
  ] as const) {
    await recordElsewhere(changed, more);
    assert.deepEqual(await standing(), [before, before, before, before], what);
  }
  const { runs } = await body('/api/v1/verifications/checkout-peak');
  const shown = (runs as { runId: string; isOfDocument: boolean }[]).slice(0, 5).map((run) => run.isOfDocument);
  assert.deepEqual(shown, [false, false, false, false, true]);
  const same = await recordElsewhere({}, {});
  assert.deepEqual(await standing(), [same, same, same, same]);
});

test('a run that another process makes is not finished, for readers of its result and of its events', async () => {
  const plan = planRun(verification, systemClock, {
    signal: new AbortController().signal,
    trigger: 'cli',
    traceIdPrefix: '0'.repeat(16),
    environment: {},
    feeds: {},
  });
  await options.store.begin(plan);
  for (const path of ['', '/report']) {
    const answer = await call(`/api/v1/runs/${plan.runId}${path}`, 'may-look-at-it');
    assert.equal(answer.status, 202);
    assert.equal(((await answer.json()) as { status: string }).status, 'running');
  }
  const events = await call(`/api/v1/runs/${plan.runId}/events`, 'may-look-at-it');
  await options.store.finish(runWith({ plan, verdict: 'pass', endedAt: systemClock.now() }));
  assert.equal(await events.text(), 'event: progress\ndata: {}\n\nevent: end\ndata: {}\n\n');
});

test('the events of a run that is not known are 404, of one that has ended its end', async () => {
  const unknown = await call('/api/v1/runs/NOPE/events', 'may-look-at-it');
  assert.equal(unknown.status, 404);
  assert.equal(((await unknown.json()) as { error: string }).error, 'not-found');
  const runId = await runOnce('pass');
  assert.match(await (await call(`/api/v1/runs/${runId}/events`, 'may-look-at-it')).text(), /^event: end\n/);
});

test('a list of runs takes whole numbers from 1 to 1000', async () => {
  for (const limit of ['1.5', '0', '-1', '1001', 'many', '', '1&limit=2']) {
    const answer = await call(`/api/v1/verifications/checkout-peak?limit=${limit}`, 'may-look-at-it');
    assert.equal(answer.status, 400, limit);
    assert.match(((await answer.json()) as { message: string }).message, /whole number from 1 to 1000/);
  }
  const one = await call('/api/v1/verifications/checkout-peak?limit=1', 'may-look-at-it');
  assert.equal(((await one.json()) as { runs: unknown[] }).runs.length, 1);
});

test('a store that cannot be read is told as such by list, verification and gate', async () => {
  const known = service.store.list;
  Object.assign(service.store, { list: async () => err({ kind: 'unavailable', message: 'disk I/O error' }) });
  try {
    for (const path of ['', '/checkout-peak', '/checkout-peak/gate']) {
      const answer = await call(`/api/v1/verifications${path}`, 'may-look-at-it');
      assert.deepEqual(
        [answer.status, await answer.json()],
        [503, { error: 'unavailable', message: 'disk I/O error' }],
        path,
      );
    }
  } finally {
    Object.assign(service.store, { list: known });
  }
});

test('a run whose process was killed is answered with what is known of it', async () => {
  const plan = planRun(verification, systemClock, {
    signal: new AbortController().signal,
    trigger: 'api',
    traceIdPrefix: '0'.repeat(16),
    environment: {},
    feeds: {},
  });
  const store = openSqliteStore(join(folder, 'killed.db'));
  assert.ok(store.ok);
  await store.value.runs.begin(plan);
  await store.value.runs.close();
  const database = new DatabaseSync(join(folder, 'killed.db'));
  database.exec("UPDATE runs SET owner = '2147483647:1'");
  database.close();
  const reopened = openSqliteStore(join(folder, 'killed.db'));
  assert.ok(reopened.ok);
  const known = service.store.get;
  Object.assign(service.store, { get: reopened.value.runs.get });
  try {
    const answer = await call(`/api/v1/runs/${plan.runId}`, 'may-look-at-it');
    assert.equal(answer.status, 200);
    const document = (await answer.json()) as Record<string, unknown>;
    assert.deepEqual(
      ['schema', 'runId', 'status', 'verdict', 'requirements'].map((name) => document[name]),
      ['requirement-result/v1', plan.runId, 'interrupted', 'inconclusive', []],
    );
    assert.match(String(document['message']), /gone before anything was judged/);
    assert.equal((await call(`/api/v1/runs/${plan.runId}/report`, 'may-look-at-it')).status, 200);
  } finally {
    Object.assign(service.store, { get: known });
    await reopened.value.runs.close();
  }
});

test('the gate refuses an age that is no duration', async () => {
  for (const maxAge of ['rubbish', '', '30', '1h&maxAge=2h']) {
    const answer = await call(`/api/v1/verifications/checkout-peak/gate?maxAge=${maxAge}`, 'may-look-at-it');
    assert.equal(answer.status, 400, maxAge);
    assert.match(((await answer.json()) as { message: string }).message, /wanted a duration/);
  }
});

test('a failure that cannot be delivered is a dead letter until it is sent again; recovery is told once', async () => {
  await runOnce('fail');
  const dead = await until(async () => {
    const body = (await (await call('/api/v1/notifications', 'may-look-at-it')).json()) as {
      notifications: { id: string; target: string }[];
    };
    return body.notifications[0];
  });
  assert.equal(dead.target, 'oncall');
  assert.ok(!JSON.stringify(dead).includes('/hook'));
  isReceiverUp = true;
  assert.equal((await call(`/api/v1/notifications/${dead.id}/redeliver`, 'may-do-it-all', 'POST')).status, 202);
  await until(async () => (sent.length === 1 ? sent : undefined));
  await runOnce('fail');
  await runOnce('pass');
  await until(async () => (sent.length === 2 ? sent : undefined));
  await runOnce('pass');
  assert.deepEqual(sent, ['CHK-01 firing', 'CHK-01 resolved']);
});

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let i = 0; i < 250; i += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await systemClock.sleep(millis(20), {});
  }
  throw new Error('it never came');
}
