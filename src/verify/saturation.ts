// Which metric names speak of a saturated resource, and of which service.
import type { SaturationSeries, SaturationSignal } from '../core/model/observations.ts';
import type { Labels, Series } from '../core/model/series.ts';

/** Name patterns by signal: OpenTelemetry's names as Prometheus writes them, prom-client's, cAdvisor's and vLLM's. First match wins. */
const signals: readonly (readonly [SaturationSignal, RegExp])[] = [
  ['throttling', /^container_cpu_cfs_throttled_(?:periods|seconds)_total$/],
  [
    'cpu',
    /^(?:process_cpu_seconds_total|process_cpu_time_seconds_total|container_cpu_usage_seconds_total|process_cpu_utilization(?:_ratio)?)$/,
  ],
  [
    'memory',
    /^(?:process_resident_memory_bytes|nodejs_heap_size_used_bytes|process_memory_usage_bytes|container_memory_working_set_bytes|v8js_memory_heap_used_bytes|jvm_memory_used_bytes)$/,
  ],
  [
    'gc',
    /^(?:nodejs_gc_duration_seconds_sum|v8js_gc_duration_seconds_sum|jvm_gc_duration_seconds_sum|go_gc_duration_seconds_sum)$/,
  ],
  [
    'event-loop',
    /^nodejs_eventloop_(?:lag_p99_seconds|lag_mean_seconds|delay_p99_seconds|delay_mean_seconds|utilization(?:_ratio)?)$/,
  ],
  ['pool-waiting', /^(?:db|http)_client_connections?_(?:pending_requests|waiting)$/],
  ['pool-size', /^(?:db|http)_client_connections?_(?:max|size|limit)$/],
  ['pool-used', /^(?:db_client_connections?_(?:usage|count|used)|http_client_(?:open_connections|connections?_used))$/],
  ['queue', /^.*(?:_queue_length|_queue_size|num_requests_waiting)$/],
  ['kv-cache', /^.*(?:kv_cache_usage_perc|gpu_cache_usage_perc)$/],
  ['in-flight', /^http_server_active_requests$/],
  ['retries', /^.*_retries_total$/],
];

/** One regular expression over whole metric names, for back ends that match names themselves (RE2). */
export const saturationNames: string = signals
  .map(([, pattern]) => pattern.source.replace(/^\^/, '').replace(/\$$/, ''))
  .join('|');

/** Series of unknown services are left out: nothing could be corroborated with them. */
export function toSaturation(series: readonly Series[]): readonly SaturationSeries[] {
  return series.flatMap((each) => {
    const metric = each.labels['__name__'] ?? '';
    const signal = signals.find(([, pattern]) => pattern.test(metric))?.[0];
    const service = serviceOf(each.labels);
    return signal === undefined || service === undefined ? [] : [{ service, metric, signal, series: each }];
  });
}

/** The service a series belongs to, by the labels in use: OpenTelemetry's, Kubernetes', Prometheus'. */
function serviceOf(labels: Labels): string | undefined {
  const name = labels['service_name'] ?? labels['service'] ?? labels['app'] ?? labels['container'] ?? labels['job'];
  return name?.split('/').at(-1);
}
