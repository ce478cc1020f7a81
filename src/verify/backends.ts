// What one verification reads from and writes to: opened before the load, closed after the verdict, by the caller.
import type { Clock } from '../ports/clock.ts';
import type { LoadEngine } from '../ports/load-engine.ts';
import type { MetricSource } from '../ports/metric-source.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { RunTelemetry } from '../ports/run-telemetry.ts';
import type { TraceSource } from '../ports/trace-source.ts';

export interface Backends {
  readonly load: LoadEngine;
  /** In the document's order; all are asked for everything. */
  readonly traces: readonly TraceSource[];
  /** By data source name; the first is the default. */
  readonly metrics: ReadonlyMap<string, MetricSource>;
  readonly store: RunStore;
  readonly telemetry: RunTelemetry;
  readonly clock: Clock;
}
