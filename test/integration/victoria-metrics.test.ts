// VictoriaMetrics hides what is newest and repeats older values in its place: the adapter waits or says so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { prometheusMetricSource } from '../../src/adapters/prometheus/prometheus-metric-source.ts';
import { millis, unixMillis } from '../../src/core/model/units.ts';
import { skipWithout } from '../support/peers/skip-without.ts';
import { startVictoriaMetrics } from '../support/peers/victoria-metrics.ts';

const skip = skipWithout('victoria-metrics');

/** A gauge that says how many seconds ago it was, every second of the last minute. */
async function fill(importUrl: string, now: number): Promise<void> {
  const lines = Array.from({ length: 60 }, (_, i) => `age ${59 - i} ${now - (59 - i) * 1000}`);
  const stored = await fetch(importUrl, { method: 'POST', body: `${lines.join('\n')}\n` });
  assert.equal(stored.status, 204);
  // It can be searched within two seconds.
  await sleep(2500);
}

test('a window that ends now is asked for again once its samples are shown', { skip, timeout: 60_000 }, async (t) => {
  const victoria = await startVictoriaMetrics({ latencyOffset: '5s' });
  t.after(victoria.stop);
  const now = Math.floor(Date.now() / 1000) * 1000;
  await fill(victoria.importUrl, now);
  const source = prometheusMetricSource({ url: victoria.url, headers: {} });
  const window = { start: unixMillis(now - 5000), end: unixMillis(now) };
  const answer = await source.range('age', window, millis(1000), {
    timeout: millis(20_000),
    signal: new AbortController().signal,
  });
  assert.deepEqual(answer.ok && answer.value[0]?.values, [5, 4, 3, 2, 1, 0]);
});

test('where there is no time to wait, the answer says what to do', { skip, timeout: 60_000 }, async (t) => {
  const victoria = await startVictoriaMetrics({ latencyOffset: '30s' });
  t.after(victoria.stop);
  const now = Date.now();
  await fill(victoria.importUrl, now);
  const source = prometheusMetricSource({ url: victoria.url, headers: {} });
  const options = { timeout: millis(10_000), signal: new AbortController().signal };
  const fresh = await source.range(
    'age',
    { start: unixMillis(now - 5000), end: unixMillis(now) },
    millis(1000),
    options,
  );
  assert.ok(!fresh.ok && fresh.error.kind === 'unsupported');
  assert.match(fresh.error.message, /hides its newest 30 s; set settle\.metrics to 30s or more/);
  const older = await source.range(
    'age',
    { start: unixMillis(now - 60_000), end: unixMillis(now - 31_000) },
    millis(1000),
    options,
  );
  assert.ok(older.ok, older.ok ? '' : older.error.message);
});
