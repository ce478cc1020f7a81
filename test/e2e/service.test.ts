// The service as a process, with a small target that can be broken: scheduled runs, page, metrics, boards, webhooks, tokens.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, describe, test } from 'node:test';
import { dashboardQueries } from '../support/dashboard-queries.ts';
import { findChromium, openBrowser } from '../support/open-browser.ts';
import { startPrometheus } from '../support/peers/prometheus.ts';
import { skipWithout } from '../support/peers/skip-without.ts';
import { type RunningCli, startCli, until } from '../support/run-cli.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

const token = 'may-do-it-all';
const folder = mkdtempSync(join(tmpdir(), 'faultline-service-'));
const slos = join(folder, 'slos');
let isBroken = false;
let target: Server;
let receiver: WebhookReceiver;
let service: RunningCli;
let base = '';

const documentFor = (url: string, hook: string): string => `apiVersion: openslo/v1
kind: AlertNotificationTarget
metadata:
  name: oncall
  annotations: { faultline/url: "${hook}", faultline/secretEnv: ONCALL_SECRET }
spec: { target: webhook }
---
apiVersion: faultline/v1alpha1
kind: Verification
metadata: { name: small }
spec:
  service: plain
  schedule: { every: 1h }
  sources: { traces: [] }
  workload:
    target: ${url}
    warmUp: 200ms
    scenarios: [{ name: only, steps: [{ get: / }] }]
    phases: [{ name: steady, rate: 60/s, duration: 4s }]
  # The machine that tests run on is busy with them: neither latency nor a late generator is what is tested here.
  evaluation: { phases: [steady], slice: 100ms, settle: { traces: 200ms }, validity: { sendLag: p99 <= 10s } }
  requirements:
    - { id: REQ-01, title: Answers are right, type: errors, require: rate <= 5%, priority: must }
  notify:
    - { target: oncall, when: [fail, recovered], after: { failures: 1, of: 1 }, repeat: 4h }
`;

before(async () => {
  target = createServer((_request, response) => void response.writeHead(isBroken ? 500 : 200).end('ok'));
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  receiver = await startWebhookReceiver();
  mkdirSync(slos);
  writeFileSync(
    join(slos, 'small.yaml'),
    documentFor(`http://127.0.0.1:${(target.address() as AddressInfo).port}`, receiver.url),
  );
  service = startCli(['serve', '--slos', slos, '--port', '0', '--data', join(folder, 'data')], {
    env: { FAULTLINE_TOKENS: `admin:${token}`, ONCALL_SECRET: receiver.secret },
    timeoutMs: 170_000,
  });
  base = await until(() => /serving 1 verification\(s\) at (\S+)/.exec(service.stderr())?.[1], 30_000);
});

after(async () => {
  service?.child.kill('SIGTERM');
  await service?.done;
  await receiver?.stop();
  target?.closeAllConnections();
  target?.close();
  rmSync(folder, { recursive: true, force: true });
});

const call = (path: string, method = 'GET'): Promise<Response> =>
  fetch(base + path, { method, headers: { authorization: `Bearer ${token}` } });

interface Listed {
  readonly runs: readonly { readonly runId: string; readonly status: string; readonly verdict?: string }[];
  readonly requirements: readonly { readonly last?: { readonly verdict: string; readonly explanation: string } }[];
}

async function runs(): Promise<Listed['runs']> {
  return ((await (await call('/api/v1/verifications/small')).json()) as Listed).runs;
}

/** Starts a run, waits for its end, gives its verdict. */
async function verdictOfNewRun(): Promise<string> {
  const started = await call('/api/v1/verifications/small/runs', 'POST');
  assert.equal(started.status, 202);
  const { runId } = (await started.json()) as { runId: string };
  return until(async () => {
    const reply = await call(`/api/v1/runs/${runId}`);
    return reply.status === 200 ? ((await reply.json()) as { verdict: string }).verdict : undefined;
  }, 40_000);
}

describe('the service', { timeout: 170_000 }, () => {
  test('without a token, or with a wrong one, nothing is told', async () => {
    const path = `${base}/api/v1/verifications`;
    assert.equal((await fetch(path)).status, 401);
    assert.equal((await fetch(path, { headers: { authorization: 'Bearer may-do-it-not' } })).status, 401);
    assert.equal((await fetch(path, { headers: { authorization: `Bearer ${token}` } })).status, 200);
  });

  test('makes the scheduled run by itself, and tells of it in /metrics', async () => {
    const [run] = await until(async () => {
      const ended = (await runs()).filter((each) => each.verdict !== undefined);
      return ended.length > 0 ? ended : undefined;
    }, 40_000);
    const document = (await (await call(`/api/v1/runs/${run?.runId}`)).json()) as Record<string, unknown>;
    assert.deepEqual([document['trigger'], document['verdict']], ['schedule', 'pass'], JSON.stringify(document));
    const { requirements } = (await (await call('/api/v1/verifications/small')).json()) as Listed;
    assert.equal(requirements[0]?.last?.verdict, 'pass');
    assert.match(requirements[0].last.explanation, /0 of 240 requests failed/);
    const metrics = await (await fetch(`${base}/metrics`)).text();
    assert.match(metrics, /faultline_requirement_verdict\{[^}]*requirement="REQ-01"[^}]*verdict="pass"\} 1/);
    assert.match(metrics, /faultline_runs_total\{verification="small",verdict="pass"\} 1/);
    assert.deepEqual(receiver.received, []);
  });

  test('a fault makes one signed webhook arrive, its end one more, however many runs there are', async () => {
    isBroken = true;
    assert.deepEqual([await verdictOfNewRun(), await verdictOfNewRun()], ['fail', 'fail']);
    await until(() => (receiver.received.length > 0 ? true : undefined));
    isBroken = false;
    assert.deepEqual([await verdictOfNewRun(), await verdictOfNewRun()], ['pass', 'pass']);
    await until(() => (receiver.received.length > 1 ? true : undefined));
    assert.deepEqual(
      receiver.received.map(({ isSigned, body }) => [body['type'], body['subject'], isSigned]),
      [
        ['faultline.requirement.failed.v1', 'REQ-01', true],
        ['faultline.requirement.recovered.v1', 'REQ-01', true],
      ],
    );
    const told = receiver.received[0]?.body['data'] as { readonly links: { readonly report: string } } | undefined;
    assert.match(told?.links.report ?? '', new RegExp(`^${base}/runs/\\w+$`));
  });

  test('the boards ask for no metric that the service does not have', async () => {
    const metrics = await (await fetch(`${base}/metrics`)).text();
    const known = [...metrics.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name);
    const asked = dashboardQueries({}).flatMap(({ expr }) => expr.match(/\bfaultline_\w+/g) ?? []);
    assert.ok(asked.length > 20);
    const unknown = asked.filter((name) => !known.includes(name.replace(/_(total|sum|count)$/, '')));
    assert.deepEqual(unknown, []);
  });

  const noPrometheus = skipWithout('prometheus');
  test('every panel of the boards asks a real Prometheus something it can answer', { skip: noPrometheus }, async () => {
    const prometheus = await startPrometheus({ targets: [`${base}/metrics`], job: 'faultline' });
    const ask = async (expr: string): Promise<{ status: string; error?: string; data?: { result: unknown[] } }> =>
      (await fetch(`${prometheus.url}/api/v1/query?${new URLSearchParams({ query: expr })}`)).json() as never;
    try {
      await until(async () => ((await ask('faultline_runs_total')).data?.result.length ? true : undefined));
      // Two scrapes more, so that increases can be told.
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      const empty: string[] = [];
      for (const { where, expr } of dashboardQueries({ verification: 'small', requirement: 'REQ-01' })) {
        const answer = await ask(expr);
        assert.equal(answer.status, 'success', `${where}: ${expr}: ${answer.error}`);
        if (answer.data?.result.length === 0) empty.push(where);
      }
      // Nothing changed state while Prometheus looked, no source was asked, and a target without traces blames nobody: these are rightly empty.
      assert.deepEqual([...new Set(empty.map((where) => where.replace(/^.*: /, '')))].sort(), [
        'Blame by dependency',
        'Blamed dependencies',
        'Requirement broke',
        'Retry amplification by edge',
        'Sources that could not be read',
      ]);
    } finally {
      await prometheus.stop();
    }
  });

  const chromium = findChromium();
  const noBrowser =
    chromium === undefined && process.env['CI'] === undefined ? 'no Chromium on PATH: the page was not opened' : false;
  test('the page shows the runs and opens their reports', { skip: noBrowser }, async () => {
    assert.ok(chromium !== undefined, 'CI must have Chromium on PATH');
    const browser = await openBrowser(chromium);
    try {
      const page = await browser.newPage();
      await page.goto(base);
      await page.getByLabel('Bearer token').fill(token);
      await page.getByRole('button', { name: 'Open' }).click();
      await page.getByRole('link', { name: 'small' }).click();
      const rows = page.locator('table.runs tbody tr');
      await rows.first().waitFor();
      const [scheduled] = (await runs()).slice(-1);
      assert.equal(await rows.count(), 5);
      await page
        .locator('table.runs')
        .getByRole('link', { name: scheduled?.runId ?? '' })
        .click();
      await page.locator('.banner-word').waitFor();
      assert.equal(await page.locator('.banner-word').innerText(), 'PASS');
    } finally {
      await browser.close();
    }
  });

  test('the documents of a fresh clone are served, whatever variables are missing', async () => {
    const env = { FAULTLINE_TOKENS: `admin:${token}`, SHOP_URL: 'http://127.0.0.1:1', FAULTLINE_OTLP_PORT: '0' };
    const other = startCli(['serve', '--slos', 'slos', '--port', '0', '--data', join(folder, 'clone')], { env });
    const address = await until(() => /serving \d+ verification\(s\) at (\S+)/.exec(other.stderr())?.[1], 30_000);
    const headers = { authorization: `Bearer ${token}` };
    const entry = await until(async () => {
      const reply = await fetch(`${address}/api/v1/verifications/checkout`, { headers });
      const { lastRun, message } = (await reply.json()) as { lastRun?: { verdict: string }; message?: string };
      return lastRun === undefined ? undefined : `${lastRun.verdict}: ${message}`;
    });
    // Nobody is at that address: the scheduled run says so.
    assert.match(entry, /^error: .*127\.0\.0\.1.*refused/i);
    other.child.kill('SIGTERM');
    assert.equal((await other.done).code, 0);
  });

  test('a stop ends it in good order; the next start shows how things stood', async () => {
    service.child.kill('SIGTERM');
    assert.equal((await service.done).code, 0);
    service = startCli(['serve', '--slos', slos, '--port', '0', '--data', join(folder, 'data')], {
      env: { FAULTLINE_TOKENS: `admin:${token}`, ONCALL_SECRET: receiver.secret },
    });
    base = await until(() => /serving 1 verification\(s\) at (\S+)/.exec(service.stderr())?.[1], 30_000);
    const metrics = await (await fetch(`${base}/metrics`)).text();
    assert.match(metrics, /faultline_requirement_verdict\{[^}]*requirement="REQ-01"[^}]*verdict="pass"\} 1/);
    // The hour of the schedule is not over: a restart makes no run.
    assert.equal((await runs()).length, 5);
  });
});
