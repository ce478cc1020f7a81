// Which metrics to ask a back end for when looking for a saturated resource. What they mean is core/trace/saturation-series.ts's to say.

/**
 * Names in wide use: OpenTelemetry's as Prometheus writes them, prom-client's, cAdvisor's and vLLM's. Narrower than what the analysis understands, because
 * a back end may hold the series of a whole company; in a file or behind the embedded scraper everything is at hand anyway.
 */
const names: readonly string[] = [
  'container_cpu_cfs_throttled_(?:periods|seconds)_total',
  'process_cpu_seconds_total|process_cpu_time_seconds_total|process_cpu_utilization(?:_ratio)?',
  'container_cpu_usage_seconds_total',
  'process_resident_memory_bytes|process_memory_usage_bytes|container_memory_working_set_bytes',
  'nodejs_heap_size_used_bytes|v8js_memory_heap_used_bytes|jvm_memory_used_bytes',
  '(?:nodejs|v8js|jvm|go)_gc_duration_seconds_sum',
  'nodejs_eventloop_(?:lag_p99_seconds|lag_mean_seconds|delay_p99_seconds|delay_mean_seconds|utilization(?:_ratio)?)',
  '(?:db|http)_client_connections?_(?:pending_requests|waiting|max|size|limit|usage|count|used)',
  'http_client_open_connections',
  '.*(?:_queue_length|_queue_size|num_requests_waiting)',
  '.*(?:kv_cache_usage_perc|gpu_cache_usage_perc)',
  'http_server_active_requests',
  '.*_retries_total',
];

/** One regular expression over whole metric names, for back ends that match names themselves (RE2). */
export const saturationNames: string = names.join('|');
