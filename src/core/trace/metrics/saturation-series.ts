// Recognises series that speak of a saturated resource, by the names in use.
import type { SaturationSeries, SaturationSignal } from '../../model/observations.ts';
import type { Labels, Series } from '../../model/series.ts';

/**
 * Name patterns by signal, first match wins: OpenTelemetry's names (dots or underscores), prom-client's, cAdvisor's, service meshes', JVM's and vLLM's.
 * Figures of a whole node are nobody's: a neighbour may cause them.
 */
const signals: readonly (readonly [SaturationSignal | 'none', RegExp])[] = [
  ['none', /^(node|host|machine|system)_|(cpu|memory)_(.*_)?(limit|request|quota|capacity)s?(_|$)|idle/],
  // Parts of a histogram, and figures of a runtime that come and go with garbage.
  ['none', /_(bucket|created|info)$|_(seconds|bytes|time|size)_count$|_(min|stddev)_/],
  ['none', /heap_space|heap_size_total|available|virtual_memory|external_memory|process_heap|^nodejs_active_/],
  ['throttling', /throttl/],
  ['gc', /(^|_)gc(_|$)|garbage_collect/],
  ['event-loop', /event_?loop/],
  ['cpu', /cpu/],
  ['kv-cache', /(kv|gpu)_cache_usage/],
  ['retries', /(^|_)retr(y|ies)(_|$)/],
  ['pool-waiting', /(pool|connections?)_.*(pending|wait)|(pending|waiting)_(requests|connections)/],
  ['pool-size', /(pool|connections?)_(.*_)?(max|size|limit)$/],
  ['pool-used', /(pool|connections?)_(.*_)?(used|usage|count|active|busy)$|client_open_connections/],
  ['queue', /queue_?(length|size|depth|d)?$|requests_waiting|backlog/],
  ['in-flight', /active_requests|in_?flight|concurrent_requests/],
  ['memory', /memory|heap|resident|_rss(_|$)/],
];

/** Series with a resource's name and a known service; all others are left out, for nothing could be corroborated with them. */
export function saturationSeries(series: readonly Series[]): readonly SaturationSeries[] {
  return series.flatMap((each) => {
    const metric = each.labels['__name__'] ?? '';
    const signal = signalOf(metric);
    const service = serviceOf(each.labels);
    return signal === undefined || service === undefined ? [] : [{ service, metric, signal, series: each }];
  });
}

/** undefined for a name that no resource is known by. */
export function signalOf(metric: string): SaturationSignal | undefined {
  const name = metric.replaceAll('.', '_').toLowerCase();
  const found = signals.find(([, pattern]) => pattern.test(name))?.[0];
  return found === 'none' ? undefined : found;
}

/** The service a series belongs to, by the labels in use: OpenTelemetry's, Kubernetes', Prometheus'. */
function serviceOf(labels: Labels): string | undefined {
  const name =
    labels['service_name'] ??
    labels['service.name'] ??
    labels['service'] ??
    labels['app'] ??
    labels['container'] ??
    labels['job'];
  const last = name?.split('/').at(-1);
  return last === '' ? undefined : last;
}
