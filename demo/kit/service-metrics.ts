// What each service tells Prometheus, under the names that OpenTelemetry's conventions give when written the Prometheus way.
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ConnectionPool } from './connection-pool.ts';

/** Bucket edges of http.server.request.duration in OpenTelemetry's conventions, plus 0.4 for the shop's own limit. */
const DURATION_EDGES_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const EVENT_LOOP_RESOLUTION_MS = 20;
const NANOS_PER_SECOND = 1e9;

export interface ServiceMetrics {
  readonly registry: Registry;
  requestStarted(method: string): void;
  requestEnded(request: { method: string; route: string; status: number; seconds: number }): void;
  retried(peer: string): void;
  watchConnections(peer: string, pool: ConnectionPool): void;
  /** A gauge read at each scrape. */
  gauge(name: string, help: string, read: () => number): void;
}

export function serviceMetrics(service: string): ServiceMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service_name: service });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_RESOLUTION_MS });
  const registers = [registry];

  const duration = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Duration of HTTP server requests.',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'] as const,
    buckets: DURATION_EDGES_SECONDS,
    registers,
  });
  const active = new Gauge({
    name: 'http_server_active_requests',
    help: 'Number of HTTP server requests in flight.',
    labelNames: ['http_request_method'] as const,
    registers,
  });
  const retries = new Counter({
    name: 'http_client_retries_total',
    help: 'Attempts after the first one, by the peer that was called again.',
    labelNames: ['peer'] as const,
    registers,
  });
  const pools = new Map<string, ConnectionPool>();
  watchPools(registry, pools);

  const gauge: ServiceMetrics['gauge'] = (name, help, read) => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  watchEventLoop(gauge);

  return {
    registry,
    gauge,
    requestStarted: (method) => active.inc({ http_request_method: method }),
    requestEnded: ({ method, route, status, seconds }) => {
      active.dec({ http_request_method: method });
      duration.observe(
        { http_request_method: method, http_route: route, http_response_status_code: String(status) },
        seconds,
      );
    },
    retried: (peer) => retries.inc({ peer }),
    watchConnections: (peer, pool) => {
      pools.set(peer, pool);
      retries.inc({ peer }, 0); // zero is an answer, a missing series is not
    },
  };
}

function watchPools(registry: Registry, pools: ReadonlyMap<string, ConnectionPool>): void {
  const registers = [registry];
  new Gauge({
    name: 'http_client_open_connections',
    help: 'Connections to a peer, by whether a request is on them.',
    labelNames: ['peer', 'http_connection_state'] as const,
    registers,
    collect() {
      for (const [peer, pool] of pools) {
        const { open, active } = pool.usage();
        this.set({ peer, http_connection_state: 'active' }, active);
        this.set({ peer, http_connection_state: 'idle' }, Math.max(0, open - active));
      }
    },
  });
  new Gauge({
    name: 'http_client_connection_max',
    help: 'Most connections the pool to a peer may open.',
    labelNames: ['peer'] as const,
    registers,
    collect() {
      for (const [peer, pool] of pools) this.set({ peer }, pool.usage().max);
    },
  });
  new Gauge({
    name: 'http_client_connection_pending_requests',
    help: 'Requests that wait for a connection to a peer.',
    labelNames: ['peer'] as const,
    registers,
    collect() {
      for (const [peer, pool] of pools) this.set({ peer }, pool.usage().waiting);
    },
  });
}

/** The event loop since the last scrape: nodejs.eventloop.delay.* and nodejs.eventloop.utilization. */
function watchEventLoop(gauge: ServiceMetrics['gauge']): void {
  const delay = monitorEventLoopDelay({ resolution: EVENT_LOOP_RESOLUTION_MS });
  delay.enable();
  gauge('nodejs_eventloop_delay_p99_seconds', 'p99 of the event loop delay since the last scrape.', () => {
    const p99 = Math.max(0, delay.percentile(99) / NANOS_PER_SECOND - EVENT_LOOP_RESOLUTION_MS / 1_000);
    delay.reset();
    return p99;
  });
  let before = performance.eventLoopUtilization();
  gauge('nodejs_eventloop_utilization_ratio', 'Share of time the event loop was busy since the last scrape.', () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization;
  });
}
