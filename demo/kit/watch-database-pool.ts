// The metrics of a database connection pool, under OpenTelemetry's names (db.client.connection.*).
import { Gauge, Histogram } from 'prom-client';
import type { ServiceMetrics } from './service-metrics.ts';
import type { SqlitePool } from './sqlite-pool.ts';

export interface DatabasePoolWatch {
  /** Seconds one task waited for its connection. */
  waited(seconds: number): void;
  pool(pool: SqlitePool): void;
}

const WAIT_EDGES_SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

export function watchDatabasePool(metrics: ServiceMetrics): DatabasePoolWatch {
  const registers = [metrics.registry];
  const wait = new Histogram({
    name: 'db_client_connection_wait_time_seconds',
    help: 'Time to obtain a connection from the pool.',
    buckets: WAIT_EDGES_SECONDS,
    registers,
  });
  return {
    waited: (seconds) => wait.observe(seconds),
    pool: (pool) => {
      new Gauge({
        name: 'db_client_connection_count',
        help: 'Connections by state.',
        labelNames: ['db_client_connection_state'] as const,
        registers,
        collect() {
          this.set({ db_client_connection_state: 'used' }, pool.usage().used);
          this.set({ db_client_connection_state: 'idle' }, pool.usage().idle);
        },
      });
      metrics.gauge('db_client_connection_max', 'Most connections the pool opens.', () => pool.usage().max);
      metrics.gauge(
        'db_client_connection_pending_requests',
        'Tasks that wait for a connection.',
        () => pool.usage().waiting,
      );
    },
  };
}
