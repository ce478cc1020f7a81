// Loads the OpenTelemetry SDK once in the process and sends each run's spans to the run's own endpoint.
import type { Context } from '@opentelemetry/api';
import type { BatchSpanProcessor, ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import type { ClientSpan } from './client-span.ts';

export interface Tracing {
  /** Runs `work` in a span that is a child of the one around it. */
  readonly inSpan: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  readonly send: (spans: readonly ClientSpan[]) => void;
  readonly flush: () => Promise<void>;
}

export interface TracingOptions {
  readonly endpoint: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Spans that may wait to be sent: the selected requests of a large run. What is beyond is dropped by the SDK. */
const maxQueued = 32_768;

/** A queue to one endpoint. The SDK and its context are shared by all runs of the process, the queues are not. */
export async function openTracing({ endpoint, headers = {} }: TracingOptions): Promise<Tracing> {
  const sdk = await sharedSdk();
  const exporter = new sdk.OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: { ...headers },
    timeoutMillis: 4000,
  });
  const queue: BatchSpanProcessor = new sdk.BatchSpanProcessor({
    exporter,
    scheduledDelayMillis: 500,
    maxQueueSize: maxQueued,
    maxExportBatchSize: 512,
  });
  return {
    async inSpan(name, work) {
      const context = sdk.api.context.active().setValue(sdk.queueKey, queue);
      const span = sdk.api.trace.getTracer('faultline').startSpan(name, {}, context);
      try {
        return await sdk.api.context.with(sdk.api.trace.setSpan(context, span), work);
      } catch (error) {
        span.recordException(error instanceof Error ? error : String(error));
        span.setStatus({ code: sdk.api.SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    },
    send(spans) {
      for (const span of spans) queue.onEnd(sdk.toReadable(span));
    },
    flush: () => queue.forceFlush(),
  };
}

type Sdk = Awaited<ReturnType<typeof loadSdk>>;
let loading: Promise<Sdk> | undefined;

function sharedSdk(): Promise<Sdk> {
  loading ??= loadSdk();
  return loading;
}

async function loadSdk() {
  const [api, { NodeSDK }, sdkTrace, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const resource = resourceFromAttributes({ 'service.name': 'faultline' });
  const queueKey = api.createContextKey('faultline.queue');
  new NodeSDK({
    resource,
    autoDetectResources: false,
    spanProcessors: [queueOfContext(queueKey)],
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [],
  }).start();

  const toReadable = (span: ClientSpan): ReadableSpan => ({
    name: span.name,
    kind: api.SpanKind.CLIENT,
    spanContext: () => ({ traceId: span.traceId, spanId: span.spanId, traceFlags: api.TraceFlags.SAMPLED }),
    startTime: span.startTime,
    endTime: span.endTime,
    duration: [0, 0],
    status: { code: span.isError ? api.SpanStatusCode.ERROR : api.SpanStatusCode.UNSET },
    attributes: { ...span.attributes },
    links: [],
    events: [],
    ended: true,
    resource,
    instrumentationScope: { name: 'faultline' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  });
  return { api, OTLPTraceExporter, BatchSpanProcessor: sdkTrace.BatchSpanProcessor, queueKey, toReadable };
}

/** The SDK has one processor for the whole process: it hands each span to the queue in whose context it was started. */
function queueOfContext(queueKey: symbol): SpanProcessor {
  const queues = new WeakMap<object, BatchSpanProcessor>();
  return {
    onStart(span, context: Context) {
      const queue = context.getValue(queueKey);
      if (queue !== undefined) queues.set(span, queue as BatchSpanProcessor);
    },
    onEnd(span) {
      queues.get(span)?.onEnd(span);
    },
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
  };
}
