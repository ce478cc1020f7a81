// The PromQL that reads a service's own request metrics, by OpenTelemetry's names as Prometheus writes them.
import type { Requirement } from '../../model/requirement.ts';

/** http.server.request.duration of the OpenTelemetry semantic conventions, in seconds. */
export const httpDuration = 'http_server_request_duration_seconds';

/** `{service_name="checkout",http_route="/checkout"}` from the requirement's `where`; empty braces when it restricts nothing. */
export function selectorOf(requirement: Requirement): string {
  const { service, route, labels } = requirement.where;
  const [method, path] = methodAndPath(route);
  const pairs = [
    ...(service === undefined ? [] : [['service_name', service]]),
    ...(method === undefined ? [] : [['http_request_method', method]]),
    ...(path === undefined ? [] : [['http_route', path]]),
    ...Object.entries(labels),
  ];
  return `{${pairs.map(([name, value]) => `${name}="${escaped(value ?? '')}"`).join(',')}}`;
}

/** Bucket increases of each slice, by edge and status code. */
export function bucketQuery(metric: string, selector: string): string {
  return `sum by (le, http_response_status_code) (increase(${metric}_bucket${selector}[{{.slice}}]))`;
}

/** Requests of each slice, by status code: one answer holds the good and the failed, so that no failures is not mistaken for no data. */
export function statusQuery(selector: string): string {
  return `sum by (http_response_status_code) (increase(${httpDuration}_count${selector}[{{.slice}}]))`;
}

/** Seconds that all requests of each slice took together: by Little's law, times the slice's length, the requests in progress. */
export function busyQuery(selector: string): string {
  return `sum(increase(${httpDuration}_sum${selector}[{{.slice}}]))`;
}

/** `POST /checkout` is method and path; a path alone has any method. */
function methodAndPath(route: string | undefined): readonly [string | undefined, string | undefined] {
  const match = route === undefined ? null : /^([A-Z]+)\s+(\S+)$/.exec(route);
  return match === null ? [undefined, route] : [match[1], match[2]];
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
