// The HTML report in a real browser, opened from a file: it draws everything, asks no network for anything, and works by keyboard.
import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { Run } from '../../src/core/model/run.ts';
import { htmlReport } from '../../src/report/html.ts';
import { buildPages } from '../support/build-pages.ts';
import { findChromium, openBrowser } from '../support/open-browser.ts';
import { brokenCheckoutRun, runWith, verdictWith, violatingWaterfall } from '../support/run-builder.ts';

const chromium = findChromium();
const skip =
  chromium === undefined && process.env['CI'] === undefined
    ? 'no Chromium on PATH: the HTML report was not looked at'
    : false;

let browser: Browser;
let folder: string;

before(async () => {
  if (skip !== false) return;
  assert.ok(chromium !== undefined, 'CI must have Chromium on PATH to look at the HTML report');
  [browser, folder] = await Promise.all([openBrowser(chromium), buildPages()]);
});

after(async () => {
  if (skip !== false) return;
  await browser.close();
  await rm(folder, { recursive: true });
});

interface Opened {
  readonly page: Page;
  /** Console errors, page errors and requests beyond the file itself. */
  readonly complaints: readonly string[];
}

async function open(
  run: Run,
  options: { readonly width?: number; readonly scheme?: 'light' | 'dark' } = {},
): Promise<Opened> {
  const template = await readFile(join(folder, 'report.html'), 'utf8');
  const path = join(folder, `run-${Math.random().toString(36).slice(2)}.html`);
  await writeFile(path, htmlReport(template, run, { trace: 'https://traces.example/{traceId}' }));
  const page = await browser.newPage({
    viewport: { width: options.width ?? 1280, height: 900 },
    colorScheme: options.scheme ?? 'light',
  });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith('data:') && request.url() !== pathToFileURL(path).href)
      complaints.push(`request: ${request.url()}`);
  });
  await page.goto(pathToFileURL(path).href);
  await page.waitForSelector('#page[data-ready]');
  return { page, complaints };
}

const looks = [
  { width: 1280, scheme: 'light' },
  { width: 1280, scheme: 'dark' },
  { width: 390, scheme: 'light' },
  { width: 390, scheme: 'dark' },
] as const;

for (const look of looks) {
  test(`a broken run is drawn without complaint, ${look.width} px wide, ${look.scheme}`, { skip }, async () => {
    const { page, complaints } = await open(brokenCheckoutRun(), look);
    assert.equal(await page.locator('.banner-word').innerText(), 'FAIL');
    assert.match(
      await page.locator('.headline').innerText(),
      /CHK-01 broke\. Slow dependency in fraud: gateway › checkout › payments › fraud/,
    );
    assert.equal(await page.locator('.requirements tbody tr').count(), 5);
    for (const visible of [
      '#CHK-01 .charts canvas',
      '#CHK-01 .waterfall',
      '#CHK-01 svg.graph',
      '.graph-edge.is-broken',
      '.value-bar',
    ]) {
      assert.ok(await page.locator(visible).first().isVisible(), visible);
    }
    assert.ok(await hasInk(page), 'the chart is blank');
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    assert.equal(overflow, 0, 'the page scrolls sideways');
    assert.deepEqual(complaints, []);
    await page.close();
  });
}

/** Whether the first chart has drawn more than one colour. */
async function hasInk(page: Page): Promise<boolean> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector('.charts canvas');
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    const seen = new Set();
    for (let i = 0; i < pixels.length; i += 4) seen.add(pixels[i] << 16 | pixels[i + 1] << 8 | pixels[i + 2]);
    return seen.size > 5;
  })()`);
}

test('a span tells its attributes when pointed at, and the rows can be walked by keyboard', { skip }, async () => {
  const attributes = { 'http.route': '/score', 'http.response.status_code': 200 };
  const spans = violatingWaterfall.spans.map((span) => (span.service === 'fraud' ? { ...span, attributes } : span));
  const run = brokenCheckoutRun();
  const [own] = run.byRequirement;
  assert.ok(own !== undefined);
  const { page, complaints } = await open({
    ...run,
    byRequirement: [{ ...own, waterfalls: [{ ...violatingWaterfall, spans }] }],
  });
  const details = page.locator('#CHK-01 .span-details');
  await page.locator('#CHK-01 .span-row').last().hover();
  assert.match(
    await details.innerText(),
    /fraud POST \/score[\s\S]*http\.route \/score[\s\S]*http\.response\.status_code 200/,
  );
  await page.locator('#CHK-01 .span-row').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  assert.match(await details.innerText(), /^checkout POST \/checkout/);
  await page.keyboard.press('End');
  assert.match(await details.innerText(), /^fraud POST \/score/);
  assert.deepEqual(complaints, []);
  await page.close();
});

test('a link from the table leads to the numbers of a passing requirement', { skip }, async () => {
  const { page, complaints } = await open(brokenCheckoutRun());
  await page.locator('.requirements a', { hasText: 'CHK-02' }).click();
  await page.locator('#numbers-CHK-02').waitFor({ state: 'visible', timeout: 5000 });
  assert.match(await page.locator('#numbers-CHK-02').innerText(), /112 of 48,013/);
  assert.deepEqual(complaints, []);
  await page.close();
});

test('trace ids lead to the back end that was named', { skip }, async () => {
  const { page } = await open(brokenCheckoutRun());
  assert.equal(
    await page.locator('#CHK-01 .traces a').first().getAttribute('href'),
    'https://traces.example/4bf92f3577b34da6a3ce929d0e0e4736',
  );
  await page.close();
});

test('runs that passed, judged nothing, or hold hostile text are drawn too', { skip }, async () => {
  const hostile = '</script><img src=x onerror=alert(1)>\u2028<svg onload=alert(2)>';
  const run = brokenCheckoutRun();
  const cases: readonly (readonly [Run, RegExp])[] = [
    [runWith({ verdicts: [verdictWith()] }), /1 passed/],
    [
      runWith({ verdict: 'error', status: 'failed', message: 'refused the connection' }),
      /No requirement was judged: refused the connection/,
    ],
    [
      { ...run, message: hostile, verdicts: run.verdicts.map((verdict) => ({ ...verdict, title: hostile })) },
      /<img src=x onerror=alert\(1\)>/,
    ],
    [{ ...run, timeline: run.timeline.map((point) => ({ ...point, p99Ms: Number.NaN })) }, /CHK-01/],
  ];
  for (const [each, expected] of cases) {
    const { page, complaints } = await open(each);
    assert.match(await page.locator('#page').innerText(), expected);
    assert.deepEqual(complaints, []);
    await page.close();
  }
});

test('the same file can be read by scripts', { skip }, async () => {
  const { page } = await open(brokenCheckoutRun());
  const data = JSON.parse((await page.locator('#faultline-run').textContent()) ?? '') as { readonly run: Run };
  assert.equal(data.run.plan.runId, '01J9ZK3W6Q');
  await page.close();
});
