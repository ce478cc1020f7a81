// Which metrics back ends are asked for: resource signals that the analysis understands, and nothing else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unixMillis } from '../../../src/core/model/units.ts';
import { saturationSeries } from '../../../src/core/trace/metrics/saturation-series.ts';
import { saturationNames } from '../../../src/verify/saturation.ts';

const series = (labels: Readonly<Record<string, string>>) => ({ labels, times: [unixMillis(1)], values: [1] });

const cases: readonly (readonly [string, string | undefined])[] = [
  ['process_cpu_seconds_total', 'cpu'],
  ['process_cpu_utilization_ratio', 'cpu'],
  ['container_cpu_usage_seconds_total', 'cpu'],
  ['container_cpu_cfs_throttled_periods_total', 'throttling'],
  ['nodejs_eventloop_lag_p99_seconds', 'event-loop'],
  ['nodejs_eventloop_utilization', 'event-loop'],
  ['nodejs_heap_size_used_bytes', 'memory'],
  ['process_resident_memory_bytes', 'memory'],
  ['container_memory_working_set_bytes', 'memory'],
  ['jvm_memory_used_bytes', 'memory'],
  ['go_gc_duration_seconds_sum', 'gc'],
  ['db_client_connections_pending_requests', 'pool-waiting'],
  ['http_client_connection_waiting', 'pool-waiting'],
  ['db_client_connection_count', 'pool-used'],
  ['http_client_open_connections', 'pool-used'],
  ['db_client_connections_max', 'pool-size'],
  ['mail_queue_length', 'queue'],
  ['vllm:num_requests_waiting', 'queue'],
  ['vllm:kv_cache_usage_perc', 'kv-cache'],
  ['http_server_active_requests', 'in-flight'],
  ['http_client_retries_total', 'retries'],
  ['http_server_request_duration_seconds_bucket', undefined],
];
for (const [name, signal] of cases) {
  test(`${name} is ${signal ?? 'no resource signal'}`, () => {
    const found = saturationSeries([series({ __name__: name, service_name: 'checkout' })]);
    assert.deepEqual(
      found.map((each) => [each.service, each.signal]),
      signal === undefined ? [] : [['checkout', signal]],
    );
    assert.equal(new RegExp(`^(?:${saturationNames})$`).test(name), signal !== undefined);
  });
}

test("the service is named by OpenTelemetry's label, else by the job's last part", () => {
  const services = [{ service_name: 'a', job: 'b' }, { job: 'shop/b' }, { instance: 'x:1' }].map(
    (labels) =>
      saturationSeries([series({ __name__: 'process_cpu_seconds_total', ...labels } as Record<string, string>)])[0]
        ?.service,
  );
  assert.deepEqual(services, ['a', 'b', undefined]);
});
