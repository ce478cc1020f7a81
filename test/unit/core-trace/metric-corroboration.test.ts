// Which metrics speak of a resource, and how much they changed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SaturationSeries } from '../../../src/core/model/observations.ts';
import { unixMillis } from '../../../src/core/model/units.ts';
import { type ResourceChange, resourceChanges } from '../../../src/core/trace/metrics/metric-corroboration.ts';
import { saturationSeries, signalOf } from '../../../src/core/trace/metrics/saturation-series.ts';
import { waitInflation } from '../../../src/core/trace/metrics/wait-inflation.ts';

const names: readonly (readonly [string, string | undefined])[] = [
  ['cpu_usage_rate_percent', 'cpu'],
  ['process_cpu_seconds_total', 'cpu'],
  ['container_cpu_cfs_throttled_seconds_total', 'throttling'],
  ['nodejs_eventloop_lag_p99_seconds', 'event-loop'],
  ['nodejs.eventloop.utilization', 'event-loop'],
  ['nodejs_gc_duration_seconds_sum', 'gc'],
  ['jvm_memory_used_bytes', 'memory'],
  ['nodejs_heap_size_used_bytes', 'memory'],
  ['db.client.connection.pending_requests', 'pool-waiting'],
  ['db_client_connection_max', 'pool-size'],
  ['db_client_connection_count', 'pool-used'],
  ['http.server.active_requests', 'in-flight'],
  ['vllm:num_requests_waiting', 'queue'],
  ['vllm:gpu_cache_usage_perc', 'kv-cache'],
  ['node_cpu_usage_rate_percent', undefined],
  ['kube_pod_container_resource_cpu_limit', undefined],
  ['http_server_request_duration_seconds_count', undefined],
];
for (const [name, signal] of names) {
  test(`${name} speaks of ${signal ?? 'no resource'}`, () => assert.equal(signalOf(name), signal));
}

const step = 10_000;

/** Ten healthy samples, then as many as `during` has, 10 s apart; the fault begins at 100 s. */
function change(metric: string, before: (at: number) => number, during: readonly number[]): ResourceChange | undefined {
  const values = [...Array.from({ length: 10 }, (_, at) => before(at)), ...during];
  const times = values.map((_, at) => unixMillis(at * step));
  const series = { labels: { __name__: metric, service: 'shop' }, times, values };
  return resourceChanges(saturationSeries([series]), {
    observed: { start: unixMillis(10 * step), end: unixMillis((9 + during.length) * step) },
    reference: { start: unixMillis(0), end: unixMillis(10 * step - 1) },
    originMs: 0,
  })[0];
}

test('a processor that runs full is a clear rise, with its onset', () => {
  const found = change('cpu_ratio', (at) => 0.2 + 0.01 * (at % 3), [0.22, 0.95, 0.97]);
  assert.ok((found?.score ?? 0) > 3);
  assert.equal(found?.onsetMs, 110_000);
  assert.ok((found?.utilisation?.observed ?? 0) > 0.9);
});

test('several times as much of almost nothing is no rise', () => {
  assert.ok((change('cpu_usage_rate_percent', () => 0.3, [1.4, 1.5])?.score ?? 9) < 1);
});

test('a counter counts by its rate, and its restart is no fall', () => {
  const found = change('process_cpu_seconds_total', (at) => 2 * at, [27, 36, 5]);
  assert.equal(found?.reference, 0.2);
  assert.equal(found?.observed, 0.9);
});

test('a fall has a negative score', () => {
  assert.ok((change('cpu_ratio', (at) => 0.8 + 0.01 * (at % 3), [0.1, 0.1])?.score ?? 0) < -3);
});

test('one wild sample in the reference hides nothing', () => {
  const found = change('http_server_active_requests', (at) => (at === 4 ? 400 : 2), [60, 61]);
  assert.ok((found?.score ?? 0) > 3);
});

test('without healthy samples only the level is known', () => {
  const series: SaturationSeries[] = [
    {
      service: 'shop',
      metric: 'cpu_ratio',
      signal: 'cpu',
      series: { labels: {}, times: [unixMillis(5)], values: [0.9] },
    },
  ];
  const [found] = resourceChanges(series, {
    observed: { start: unixMillis(0), end: unixMillis(9) },
    reference: undefined,
    originMs: 0,
  });
  assert.equal(found?.score, 0);
  assert.equal(found?.observed, 0.9);
  assert.ok(Number.isNaN(found?.reference));
});

test('a series without samples in the window says nothing', () => {
  assert.equal(
    change('cpu_ratio', () => 0.2, []),
    undefined,
  );
});

test('gaps in a series are passed over', () => {
  assert.equal(change('cpu_ratio', (at) => (at % 2 === 0 ? Number.NaN : 0.2), [0.2])?.reference, 0.2);
});

test('waiting grows with utilisation, and beyond 95% nobody knows', () => {
  assert.equal(waitInflation(0.5, 0.75), 2);
  assert.equal(waitInflation(0.5, 0.99), waitInflation(0.5, 0.95));
  assert.equal(waitInflation(Number.NaN, 0.5), 2);
  assert.ok(waitInflation(0.9, 0.1) < 1);
});

test('collection has a scale of its own: a fifth of the time is a clear rise, though it lengthens no queue', () => {
  const collecting = change('nodejs_gc_duration_seconds_sum', (at) => 0.1 * at, [2.9, 4.9, 6.9]);
  assert.ok(Math.abs((collecting?.observed ?? 0) - 0.2) < 0.01, String(collecting?.observed));
  assert.ok((collecting?.score ?? 0) > 3, String(collecting?.score));
  const hardly = change('nodejs_gc_duration_seconds_sum', (at) => 0.1 * at, [1.3, 1.6, 1.9]);
  assert.ok((hardly?.score ?? 9) < 3, String(hardly?.score));
});
