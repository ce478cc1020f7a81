// The service's page in a real browser, against a stand-in that answers as the API does.
import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { RunSummary } from '../../src/core/model/run.ts';
import { htmlReport } from '../../src/report/html.ts';
import { buildPages } from '../support/build-pages.ts';
import { findChromium, openBrowser } from '../support/open-browser.ts';
import { brokenCheckoutRun, startedAt } from '../support/run-builder.ts';

const chromium = findChromium();
const skip =
  chromium === undefined && process.env['CI'] === undefined
    ? "no Chromium on PATH: the service's page was not looked at"
    : false;

const token = 'viewer-token';
const run: RunSummary = {
  runId: '01J9ZK3W6Q',
  verification: 'checkout peak',
  service: 'checkout',
  environment: 'staging',
  status: 'completed',
  verdict: 'fail',
  startedAt,
  commit: '521747298a37c0ffee',
  workloadHash: 'sha256:9f2b5c',
  mode: 'run',
  failed: ['CHK-01'],
};
const partial = { ...run, runId: '01J9ZK3W6P', verdict: 'pass', failed: [], isOfDocument: false };
const failing = {
  name: 'checkout peak',
  service: 'checkout',
  environment: 'staging',
  labels: {},
  requirementCount: 1,
  lastRun: run,
  waiting: false,
};
const idle = { name: 'cart', service: 'cart', environment: 'staging', labels: {}, requirementCount: 3, waiting: false };
const requirement = {
  id: 'CHK-01',
  title: 'Buyers get an answer fast',
  type: 'latency',
  priority: 'must',
  rule: 'p99 <= 300ms',
};

let browser: Browser;
let folder: string;
let server: Server;
let address: string;
let answers: Readonly<Record<string, unknown>>;
/** Before those: what a test wants answered for a while; an error is 503. */
const given = new Map<string, unknown>();

before(async () => {
  if (skip !== false) return;
  assert.ok(chromium !== undefined, "CI must have Chromium on PATH to look at the service's page");
  [browser, folder] = await Promise.all([openBrowser(chromium), buildPages()]);
  answers = {
    'GET /api/v1/verifications': { verifications: [idle, failing] },
    'GET /api/v1/verifications/checkout%20peak': {
      ...failing,
      requirements: [requirement],
      runs: [partial, { ...run, isOfDocument: true }],
    },
    'GET /api/v1/runs/01J9ZK3W6Q/report': htmlReport(
      await readFile(join(folder, 'report.html'), 'utf8'),
      brokenCheckoutRun(),
    ),
    'POST /api/v1/verifications/cart/runs': { runId: '01J9ZK3W6R' },
  };
  const page = await readFile(join(folder, 'index.html'), 'utf8');
  server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (!path.startsWith('/api/')) return answer(response, 200, page);
    if (request.headers.authorization !== `Bearer ${token}`)
      return answer(response, 401, { error: 'unauthorized', message: 'no' });
    const key = `${request.method} ${path}`;
    const body = given.get(key) ?? answers[key];
    if (body instanceof Error) return answer(response, 503, { error: 'unavailable', message: body.message });
    return answer(
      response,
      body === undefined ? 404 : 200,
      body ?? { error: 'not-found', message: `nothing at ${path}` },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

after(async () => {
  if (skip !== false) return;
  await browser.close();
  server.close();
  server.closeAllConnections();
  await rm(folder, { recursive: true });
});

/** With the header that the service sends: the page must work under it. */
function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'content-type': typeof body === 'string' ? 'text/html; charset=utf-8' : 'application/json',
    'content-security-policy':
      "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

async function open(path: string): Promise<{ readonly page: Page; readonly complaints: string[] }> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(address) && !request.url().startsWith('data:'))
      complaints.push(`request: ${request.url()}`);
  });
  await page.goto(address + path);
  return { page, complaints };
}

async function enter(page: Page, text: string): Promise<void> {
  await page.getByLabel('Bearer token').fill(text);
  await page.getByRole('button', { name: 'Open' }).click();
}

test('the token is asked for once; then verifications, their runs and a report can be opened', { skip }, async () => {
  const { page, complaints } = await open('/');
  await enter(page, token);
  await page.locator('table.fleet').waitFor();
  assert.match(
    await page.locator('table.fleet tbody tr').first().innerText(),
    /fail\s+checkout peak\s+checkout in staging, 1 requirements[\s\S]*CHK-01/,
  );
  await page.getByRole('link', { name: 'checkout peak' }).click();
  await page.locator('table.runs').waitFor();
  assert.match(await page.locator('main').innerText(), /p99 <= 300ms/);
  assert.deepEqual(await page.locator('table.runs tbody td.nowrap').allInnerTexts(), [
    '✓ pass other document',
    '✗ fail',
  ]);
  await page.locator('table.runs').getByRole('link', { name: run.runId }).click();
  await page.locator('.banner-word').waitFor();
  assert.ok(await page.locator('.charts canvas').first().isVisible());
  await page.getByRole('link', { name: 'All verifications' }).click();
  await page.locator('table.fleet').waitFor();
  assert.deepEqual(complaints, []);
  await page.close();
});

test('a wrong token is asked for again', { skip }, async () => {
  const { page } = await open('/');
  await enter(page, 'wrong');
  await page.getByText('The service does not know that token.').waitFor();
  await enter(page, token);
  await page.locator('table.fleet').waitFor();
  await page.close();
});

test('a run can be started, and an unknown run says so', { skip }, async () => {
  const { page } = await open('/');
  await enter(page, token);
  await page.getByRole('button', { name: 'Run cart now' }).click();
  await page.getByText('queued').waitFor();
  const ended = { ...idle, lastRun: { ...run, runId: '01J9ZK3W6R', verdict: 'pass', failed: [] } };
  given.set('GET /api/v1/verifications', { verifications: [ended, failing] });
  await page.getByText('queued').waitFor({ state: 'detached', timeout: 12_000 });
  given.clear();
  await page.goto(`${address}/runs/unknown`);
  const alert = page.getByRole('alert');
  await alert.waitFor();
  assert.equal(await alert.innerText(), 'The service answered 404: nothing at /api/v1/runs/unknown/report');
  await page.close();
});

test('a run page waits out a store that cannot be read; every page has a title of its own', { skip }, async () => {
  given.set('GET /api/v1/runs/01J9ZK3W6Q/report', new Error('database is locked'));
  const { page } = await open('/');
  await enter(page, token);
  await page.locator('table.fleet').waitFor();
  assert.equal(await page.title(), 'Verifications · Faultline');
  await page.getByRole('link', { name: 'checkout peak' }).click();
  await page.locator('table.runs').waitFor();
  assert.equal(await page.title(), 'checkout peak · Faultline');
  await page.locator('table.runs').getByRole('link', { name: run.runId }).click();
  await page.getByRole('alert').getByText('The service answered 503: database is locked').waitFor();
  assert.equal(await page.title(), `Run ${run.runId} · Faultline`);
  given.clear();
  await page.locator('.banner-word').waitFor({ timeout: 10_000 });
  await page.close();
});
