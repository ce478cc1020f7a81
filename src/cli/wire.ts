// The only file that knows every adapter: opens what a verification needs and closes it again.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { fileTraceSource } from '../adapters/file/file-trace-source.ts';
import { jaegerTraceSource } from '../adapters/jaeger/jaeger-trace-source.ts';
import { loadEngine } from '../adapters/load/load-engine.ts';
import { otlpReceiver } from '../adapters/otlp/receiver.ts';
import { prometheusMetricSource } from '../adapters/prometheus/prometheus-metric-source.ts';
import { scrapeMetricSource } from '../adapters/scrape/scrape-metric-source.ts';
import { openSqliteStore, type SqliteStore } from '../adapters/sqlite/sqlite-store.ts';
import { noRunTelemetry, otlpRunTelemetry } from '../adapters/telemetry/run-telemetry.ts';
import { tempoTraceSource } from '../adapters/tempo/tempo-trace-source.ts';
import { assertNever, err, ok, type Result } from '../core/model/result.ts';
import type { MetricSourceConfig, TraceSourceConfig, Verification } from '../core/model/verification.ts';
import type { MetricSource } from '../ports/metric-source.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { RunTelemetry } from '../ports/run-telemetry.ts';
import type { SourceError, TraceSource } from '../ports/trace-source.ts';
import type { Backends } from '../verify/backends.ts';
import { decidesWithoutTraces } from '../verify/decides-without-traces.ts';
import { endpointBesideTraces } from './endpoint-beside-traces.ts';
import { type ExitCode, exitCode } from './exit-codes.ts';
import type { ReceiverPool } from './receiver-pool.ts';
import { unopenedTraceSource } from './unopened-trace-source.ts';

export interface WireOptions {
  readonly traceIdPrefix: string;
  readonly store: RunStore;
  /** OTLP/HTTP base URL for the product's own spans; absent: where the traces are read, if that can be known. */
  readonly telemetryEndpoint?: string | undefined;
  /** Receivers that outlive the run; absent: the run opens its own. */
  readonly receivers?: ReceiverPool;
}

export interface OpenBackends {
  readonly backends: Backends;
  /** Trace sources that could not be opened: their requirements will be `error`, the others are judged. */
  readonly problems: readonly SourceError[];
  readonly close: () => Promise<void>;
}

/**
 * Opens every source of the document. One that cannot be opened answers as a back end that is down; an error only where nothing could be judged then: nothing is
 * left open.
 */
export async function openBackends(
  verification: Verification,
  options: WireOptions,
): Promise<Result<OpenBackends, SourceError>> {
  const opened: { close: () => Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    for (const each of opened.toReversed()) await each.close();
  };
  const traces: TraceSource[] = [];
  const problems: SourceError[] = [];
  for (const config of verification.sources.traces) {
    const source = await openTraceSource(config, options);
    if (!source.ok) problems.push(source.error);
    traces.push(source.ok ? source.value : unopenedTraceSource(nameOf(config), source.error));
  }
  opened.push(...traces);
  const [problem] = problems;
  if (problem !== undefined && problems.length === traces.length && !decidesWithoutTraces(verification)) {
    await close();
    return err(problem);
  }
  const metrics = new Map<string, MetricSource>();
  for (const config of verification.sources.metrics) {
    const source = openMetricSource(config);
    opened.push(source);
    metrics.set(config.name, source);
  }
  const telemetry = await openTelemetry(verification, options);
  opened.push({ close: telemetry.flush });
  const backends = { load: loadEngine(), traces, metrics, store: options.store, telemetry, clock: systemClock };
  return ok({ backends, problems, close });
}

const storeFile = 'faultline.db';

/** `folder` holds faultline.db; it is made when it is not there. */
export function openStore(folder: string): Result<SqliteStore, string> {
  const store = openSqliteStore(resolve(folder, storeFile));
  return store.ok ? store : err(`the run store cannot be opened: ${store.error.message}`);
}

export interface NoStore {
  readonly message: string;
  readonly code: ExitCode;
}

/** For commands that only read: a store that is not there is not made. */
export function openExistingStore(folder: string): Result<SqliteStore, NoStore> {
  if (!existsSync(resolve(folder, storeFile))) {
    const message = `there is no run store in ${folder}; \`faultline run\` makes one, --data names another folder`;
    return err({ message, code: exitCode.invalid });
  }
  const store = openStore(folder);
  return store.ok ? store : err({ message: store.error, code: exitCode.couldNotRun });
}

async function openTraceSource(
  config: TraceSourceConfig,
  options: WireOptions,
): Promise<Result<TraceSource, SourceError>> {
  switch (config.type) {
    case 'otlp':
      if (options.receivers !== undefined) return options.receivers.lend(config, options.traceIdPrefix);
      return otlpReceiver({
        host: config.host,
        httpPort: config.httpPort,
        ...(config.grpcPort === undefined ? {} : { grpcPort: config.grpcPort }),
        traceIdPrefix: options.traceIdPrefix,
      });
    case 'jaeger':
      return ok(jaegerTraceSource(config));
    case 'tempo':
      return ok(tempoTraceSource(config));
    case 'file':
      return ok(fileTraceSource(config));
    default:
      return assertNever(config);
  }
}

function nameOf(config: TraceSourceConfig): string {
  return config.type === 'otlp' ? `OTLP receiver on ${config.host}:${config.httpPort}` : config.type;
}

function openMetricSource(config: MetricSourceConfig): MetricSource {
  switch (config.type) {
    case 'prometheus':
      return prometheusMetricSource(config);
    case 'scrape':
      return scrapeMetricSource(config);
    default:
      return assertNever(config);
  }
}

async function openTelemetry({ sources }: Verification, options: WireOptions): Promise<RunTelemetry> {
  const endpoint = options.telemetryEndpoint ?? (await endpointBesideTraces(sources.traces));
  return endpoint === undefined ? noRunTelemetry : otlpRunTelemetry({ endpoint });
}
