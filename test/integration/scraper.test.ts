// The embedded scraper on live targets: targets that fail, series that end, and a real Prometheus that scrapes the same.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { prometheusMetricSource } from '../../src/adapters/prometheus/prometheus-metric-source.ts';
import { type ScrapeOptions, scrapeMetricSource } from '../../src/adapters/scrape/scrape-metric-source.ts';
import { millis, unixMillis } from '../../src/core/model/units.ts';
import type { MetricSource } from '../../src/ports/metric-source.ts';
import { type ScriptStep, startScript } from '../support/http-script.ts';
import { startPrometheus } from '../support/peers/prometheus.ts';
import { skipWithout } from '../support/peers/skip-without.ts';
import { freePorts } from '../support/peers/start-peer.ts';

const options = { timeout: millis(5000), signal: new AbortController().signal };

/** Scrapes every 50 ms while `work` runs. */
async function scraping(
  targets: readonly string[],
  work: (source: MetricSource) => Promise<void>,
  more: Partial<ScrapeOptions> = {},
): Promise<void> {
  const source = scrapeMetricSource({ name: 'shop', targets, interval: millis(50), ...more });
  try {
    await work(source);
  } finally {
    await source.close();
  }
}

/** The value of the query now; undefined when there is none. */
async function now(source: MetricSource, query: string): Promise<number | undefined> {
  const time = unixMillis(Date.now());
  const answer = await source.range(query, { start: time, end: time }, millis(1000), options);
  assert.ok(answer.ok, answer.ok ? '' : answer.error.message);
  return answer.value[0]?.values[0];
}

async function until(what: string, isSo: () => Promise<boolean>, timeoutMs = 5000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await sleep(20);
  }
}

describe('the embedded scraper', () => {
  test('labels what it scrapes with job and instance, and keeps the target’s own labels of these names', async (t) => {
    const target = await startScript({ status: 200, body: 'a{job="mine",x="1"} 7\n' });
    t.after(target.stop);
    await scraping([target.url], async (source) => {
      await until(
        'a scrape',
        async () => (await source.discover('a', { start: unixMillis(0), end: unixMillis(Date.now()) }, options)).ok,
      );
      const found = await source.discover('a|up', { start: unixMillis(0), end: unixMillis(Date.now()) }, options);
      const { host } = new URL(target.url);
      assert.deepEqual(found.ok && found.value.map((series) => series.labels), [
        { __name__: 'up', job: 'shop', instance: host },
        { __name__: 'a', exported_job: 'mine', x: '1', job: 'shop', instance: host },
      ]);
    });
  });

  test('ends a series at once when the target no longer shows it', async (t) => {
    const page = (text: string) => ({ status: 200, body: text });
    const target = await startScript(page('a 1\nb 2\n'), page('a 1\nb 2\n'), page('a 1\n'));
    t.after(target.stop);
    await scraping([target.url], async (source) => {
      await until('three scrapes', async () => target.requests.length > 3);
      assert.equal(await now(source, 'a'), 1);
      assert.equal(await now(source, 'b'), undefined);
    });
  });

  test('ends all series of a target that fails, and says so by up', async (t) => {
    const good = { status: 200, body: 'a 1\n' };
    const target = await startScript(good, good, { status: 500 });
    t.after(target.stop);
    const other = await startScript({ status: 200, body: 'other 1\n' });
    t.after(other.stop);
    await scraping([target.url, other.url], async (source) => {
      await until('the failure', async () => target.requests.length > 3);
      assert.equal(await now(source, 'a'), undefined);
      assert.equal(await now(source, 'other'), 1);
      assert.equal(await now(source, 'sum(up)'), 1);
    });
  });

  const failures: readonly (readonly [string, ScriptStep, RegExp])[] = [
    ['answers with an error', { status: 404 }, /answered 404/],
    ['hangs', { status: 0, instead: 'hang' }, /no answer within 0\.05 s/],
    [
      'is a web page',
      { status: 200, body: '<html><body>hello world</body></html>' },
      /not Prometheus' text format at line 1/,
    ],
    ['has a broken line', { status: 200, body: 'a 1\nb{x="1"} one\n' }, /line 2: one is no number/],
    ['has a name that is none', { status: 200, body: 'a-b 1\n' }, /a-b is no series/],
  ];
  for (const [title, step, why] of failures) {
    test(`a window in which the only target ${title} is an error with that reason, never an empty answer`, async (t) => {
      const target = await startScript(step);
      t.after(target.stop);
      await scraping([target.url], async (source) => {
        await until('two scrapes', async () => target.requests.length > 1);
        const answer = await source.range(
          'a',
          { start: unixMillis(Date.now() - 1000), end: unixMillis(Date.now()) },
          millis(100),
          options,
        );
        assert.ok(!answer.ok && answer.error.kind === 'unreachable');
        assert.match(answer.error.message, why);
      });
    });
  }

  test('a target that is not there is named with the reason', async () => {
    const [port] = await freePorts(1);
    await scraping([`127.0.0.1:${port}`], async (source) => {
      await sleep(200);
      const answer = await source.range(
        'up',
        { start: unixMillis(Date.now() - 100), end: unixMillis(Date.now()) },
        millis(100),
        options,
      );
      assert.ok(!answer.ok);
      assert.match(answer.error.message, new RegExp(`http://127\\.0\\.0\\.1:${port}/metrics: nothing listens there`));
    });
  });

  test('a target with more series than there is room for fails as a whole', async (t) => {
    const target = await startScript({ status: 200, body: Array.from({ length: 50 }, (_, i) => `m${i} 1\n`).join('') });
    t.after(target.stop);
    await scraping(
      [target.url],
      async (source) => {
        await until('two scrapes', async () => target.requests.length > 1);
        const window = { start: unixMillis(0), end: unixMillis(Date.now()) };
        const answer = await source.discover('up|m.*', window, options);
        assert.ok(!answer.ok && answer.error.kind === 'unreachable');
        assert.match(answer.error.message, /no room for more series/);
      },
      { limits: { maxSeries: 20, maxSamplesPerSeries: 100 } },
    );
  });

  test('a window whose samples had to be dropped is an error, not a part of the truth', async (t) => {
    const target = await startScript({ status: 200, body: 'a 1\n' });
    t.after(target.stop);
    const begun = Date.now();
    await scraping(
      [target.url],
      async (source) => {
        await until('many scrapes', async () => target.requests.length > 40);
        const answer = await source.range(
          'a',
          { start: unixMillis(begun), end: unixMillis(Date.now()) },
          millis(100),
          options,
        );
        assert.ok(!answer.ok && answer.error.kind === 'unsupported');
        assert.match(answer.error.message, /were dropped to bound memory/);
      },
      { interval: millis(10), limits: { maxSeries: 20, maxSamplesPerSeries: 16 } },
    );
  });

  test('close ends a scrape under way, and no further one begins', async (t) => {
    const target = await startScript({ status: 0, instead: 'hang' });
    t.after(target.stop);
    const source = scrapeMetricSource({ name: 'shop', targets: [target.url], interval: millis(5000) });
    await until('the first scrape', async () => target.requests.length === 1);
    const began = performance.now();
    await source.close();
    assert.ok(performance.now() - began < 500);
  });
});

test('rates of a live counter are those of a real Prometheus that scrapes the same target', {
  skip: skipWithout('prometheus'),
  timeout: 60_000,
}, async () => {
  const begun = performance.now();
  // 500 a second, reset every ten seconds.
  const target = createServer((_request, response) => {
    const elapsed = (performance.now() - begun) / 1000;
    const total = Math.floor((elapsed % 10) * 500);
    response.end(`work_total ${total}\nlevel ${Math.sin(elapsed / 5)}\n`);
  });
  await new Promise<void>((listening) => target.listen(0, '127.0.0.1', listening));
  const address = `127.0.0.1:${(target.address() as { port: number }).port}`;
  const prometheus = await startPrometheus({ targets: [address], scrapeIntervalMs: 250 });
  const embedded = scrapeMetricSource({ name: 'test', targets: [address], interval: millis(250) });
  try {
    const theirs = prometheusMetricSource({ url: prometheus.url, headers: {} });
    // Prometheus begins to scrape some seconds after its start.
    await until('a scrape by Prometheus', async () => (await now(theirs, 'work_total')) !== undefined, 20_000);
    await sleep(7000);
    const end = unixMillis(Date.now() - 500);
    const window = { start: unixMillis(end - 3000), end };
    for (const [query, tolerance] of [
      // At a reset each loses what came since its own last scrape: up to 125.
      ['rate(work_total[3s])', 50],
      ['increase(work_total[3s])', 150],
      ['avg_over_time(level[3s])', 0.15],
    ] as const) {
      const [a, b] = await Promise.all(
        [embedded, theirs].map((source) => source.range(query, window, millis(1000), options)),
      );
      assert.ok(a?.ok && b?.ok);
      assert.deepEqual(a.value[0]?.times, b.value[0]?.times, query);
      a.value[0]?.values.forEach((value, i) => {
        const expected = b.value[0]?.values[i] ?? Number.NaN;
        assert.ok(Math.abs(value - expected) <= tolerance, `${query}: ${value}, Prometheus says ${expected}`);
      });
      assert.deepEqual(a.value[0]?.labels, b.value[0]?.labels);
    }
  } finally {
    await embedded.close();
    await prometheus.stop();
    target.closeAllConnections();
    target.close();
  }
});
