// OpenTelemetry set-up of one service: standard instrumentation of http, express and undici, spans out over OTLP/HTTP.
import { randomUUID } from 'node:crypto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import type { OwnService } from './service-names.ts';

export interface Telemetry {
  /** Puts `service.peer.name` on the client spans to a peer that sends no spans of its own: more than a port number in a trace. */
  namePeer(origin: string, name: string): void;
  /** Sends what is still buffered, waiting at most two seconds. Never rejects. */
  stop(): Promise<void>;
}

const FLUSH_TIMEOUT_MS = 2_000;

/** Starts tracing. Must run before express is loaded: its instrumentation patches the module as it is required. */
export function startTelemetry(service: OwnService, otlpEndpoint: string): Telemetry {
  const peerNames = new Map<string, string>();
  const exporter = new OTLPTraceExporter({
    url: `${otlpEndpoint.replace(/\/$/, '')}/v1/traces`,
    timeoutMillis: FLUSH_TIMEOUT_MS,
  });
  const sdk = new NodeSDK({
    resource: resourceFromAttributes({
      'service.name': service,
      'service.namespace': 'shop',
      'service.version': '1.0.0',
      'service.instance.id': randomUUID(),
      'deployment.environment.name': 'demo',
    }),
    autoDetectResources: false,
    // The busiest service makes about 1,500 spans/s under n-plus-one: room for several seconds without a receiver.
    spanProcessors: [
      new BatchSpanProcessor({ exporter, scheduledDelayMillis: 300, maxQueueSize: 16_384, maxExportBatchSize: 1_024 }),
    ],
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [
      new HttpInstrumentation({
        disableOutgoingRequestInstrumentation: true,
        ignoreIncomingRequestHook: (request) => /^\/(healthz|metrics|admin)\b/.test(request.url ?? ''),
      }),
      // Only for http.route on the server span: a span per middleware and handler would double the trace for nothing.
      new ExpressInstrumentation({
        ignoreLayersType: [ExpressLayerType.MIDDLEWARE, ExpressLayerType.ROUTER, ExpressLayerType.REQUEST_HANDLER],
      }),
      new UndiciInstrumentation({
        requireParentforSpans: true,
        startSpanHook: (request) => {
          const name = peerNames.get(request.origin);
          return name === undefined ? {} : { 'service.peer.name': name };
        },
      }),
    ],
  });
  sdk.start();
  return {
    namePeer: (origin, name) => peerNames.set(origin, name),
    stop: () => settleWithin(sdk.shutdown(), FLUSH_TIMEOUT_MS),
  };
}

async function settleWithin(work: Promise<void>, limitMs: number): Promise<void> {
  const limit = Promise.withResolvers<void>();
  const timer = setTimeout(limit.resolve, limitMs);
  // A receiver that is gone must not keep the shop from ending.
  await Promise.race([work.catch(() => undefined), limit.promise]);
  clearTimeout(timer);
}
