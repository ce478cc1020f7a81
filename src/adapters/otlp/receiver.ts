// The embedded OTLP receiver: a SUT exports to it, a run asks it for traces. Nothing to install.
import { createServer, type Server } from 'node:http';
import { err, ok, type Result } from '../../core/model/result.ts';
import type { SourceError, TraceSource } from '../../ports/trace-source.ts';
import { type GrpcEndpoint, grpcEndpoint } from './grpc-endpoint.ts';
import { heldTraces } from './held-traces.ts';
import { httpEndpoint } from './http-endpoint.ts';
import { SpanStore, type SpanStoreCounts } from './span-store.ts';
import { type IntakeCounts, traceIntake } from './trace-intake.ts';

export interface OtlpReceiverOptions {
  readonly host: string;
  /** OTLP/HTTP, usually 4318; 0: any free port. */
  readonly httpPort: number;
  /** OTLP/gRPC, usually 4317; 0: any free port; absent: not served. */
  readonly grpcPort?: number;
  /** Traces whose id begins so are the run's own and are kept longest. */
  readonly traceIdPrefix?: string;
  /** Most spans held; default a million. */
  readonly maxSpans?: number;
  /** Most bytes held; default 768 MiB. */
  readonly maxBytes?: number;
  /** Of one trace; default 100,000. */
  readonly maxSpansPerTrace?: number;
  /** Largest request after inflation; default 16 MiB. */
  readonly maxBodyBytes?: number;
}

const defaultLimits = {
  /** About 500 bytes each as they lie in memory. */
  maxSpans: 1_000_000,
  maxBytes: 768 * 2 ** 20,
  maxSpansPerTrace: 100_000,
  /** What the Collector takes, too. */
  maxBodyBytes: 16 * 2 ** 20,
  /** With the bodies above: half a gigabyte at the very worst. */
  maxInFlight: 32,
} as const;

export interface OtlpReceiver extends TraceSource {
  /** Base URL for OTLP/HTTP: a SUT's OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly endpoint: string;
  /** For OTEL_EXPORTER_OTLP_ENDPOINT with the gRPC protocol, when it is served. */
  readonly grpcEndpoint?: string;
  readonly counts: () => IntakeCounts & SpanStoreCounts;
  /** Makes another prefix the run's own. */
  readonly prefer: (traceIdPrefix: string) => void;
}

/** Listens on both ports. A port that cannot be had is an error that says what to do; nothing is left open then. */
export async function otlpReceiver(options: OtlpReceiverOptions): Promise<Result<OtlpReceiver, SourceError>> {
  const limits = { ...defaultLimits, ...options };
  const store = new SpanStore(limits, options.traceIdPrefix);
  const intake = traceIntake(store);
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 75_000 },
    httpEndpoint({ intake, maxBodyBytes: limits.maxBodyBytes, maxInFlight: limits.maxInFlight }),
  );
  server.maxConnections = 2000;
  try {
    await listen(server, options.host, options.httpPort);
  } catch (cause) {
    return err(cannotListen(cause, 'httpPort', options.host, options.httpPort));
  }
  let grpc: GrpcEndpoint | undefined;
  if (options.grpcPort !== undefined) {
    try {
      grpc = await grpcEndpoint({
        host: options.host,
        port: options.grpcPort,
        intake,
        maxBodyBytes: limits.maxBodyBytes,
      });
    } catch (cause) {
      await closeServer(server);
      return err(cannotListen(cause, 'grpcPort', options.host, options.grpcPort));
    }
  }
  const endpoint = urlOf(options.host, portOf(server));
  return ok({
    name: `embedded OTLP receiver on ${endpoint}`,
    capabilities: { byId: true, search: true },
    ...heldTraces(store, endpoint),
    endpoint,
    ...(grpc === undefined ? {} : { grpcEndpoint: urlOf(options.host, grpc.port) }),
    counts: () => ({ ...intake.counts(), ...store.counts() }),
    prefer: (traceIdPrefix) => store.prefer(traceIdPrefix),
    async close() {
      await Promise.all([closeServer(server), grpc?.close()]);
    },
  });
}

function listen(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, () => {
    server.off('error', reject);
    resolve();
  });
  return promise;
}

function closeServer(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  // Exporters keep their connections open: do not wait for them.
  server.closeAllConnections();
  return promise;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A SUT cannot connect to "any address": it is given the loopback one. */
function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

function cannotListen(cause: unknown, option: string, host: string, port: number): SourceError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const isTaken = code === 'EADDRINUSE' || message.includes('EADDRINUSE') || message.includes('No address added');
  const why = isTaken
    ? `port ${port} on ${host} is taken, perhaps by an OpenTelemetry Collector or a Jaeger`
    : `cannot listen on ${host}:${port} (${message})`;
  const advice = `set ${option} of the otlp source to another port (0: any free one) and point the exporters of the system under test there`;
  return { kind: 'unreachable', message: `OTLP receiver: ${why}; ${advice}`, cause };
}
