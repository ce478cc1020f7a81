// Which metric names count as a resource signal, and of which service.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unixMillis } from '../../../src/core/model/units.ts';
import { saturationNames, toSaturation } from '../../../src/verify/saturation.ts';

const series = (labels: Readonly<Record<string, string>>) => ({ labels, times: [unixMillis(1)], values: [1] });

const cases: readonly (readonly [string, string | undefined])[] = [
  ['process_cpu_seconds_total', 'cpu'],
  ['container_cpu_cfs_throttled_periods_total', 'throttling'],
  ['nodejs_eventloop_lag_p99_seconds', 'event-loop'],
  ['nodejs_heap_size_used_bytes', 'memory'],
  ['db_client_connections_pending_requests', 'pool-waiting'],
  ['vllm:kv_cache_usage_perc', 'kv-cache'],
  ['http_server_active_requests', 'in-flight'],
  ['http_server_request_duration_seconds_bucket', undefined],
];
for (const [name, signal] of cases) {
  test(`${name} is ${signal ?? 'no resource signal'}`, () => {
    const found = toSaturation([series({ __name__: name, service_name: 'checkout' })]);
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
      toSaturation([series({ __name__: 'process_cpu_seconds_total', ...labels } as Record<string, string>)])[0]
        ?.service,
  );
  assert.deepEqual(services, ['a', 'b', undefined]);
});
