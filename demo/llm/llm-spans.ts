// One server span a request by the semantic conventions for generative AI, and below it what the request went through: queue, prefill, decode.
import { randomUUID } from 'node:crypto';
import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import type { RequestRecord } from './sequence.ts';

export interface LlmSpans {
  /** Makes the spans of a request that has ended, with the times it had. */
  readonly ended: (record: RequestRecord, traceparent: string | undefined) => void;
  /** Sends what is still buffered. Never rejects. */
  readonly stop: () => Promise<void>;
}

const EXPORT_TIMEOUT_MS = 2_000;

export function llmSpans({ otlpEndpoint, model }: { readonly otlpEndpoint: string; readonly model: string }): LlmSpans {
  const exporter = new OTLPTraceExporter({ url: `${otlpEndpoint}/v1/traces`, timeoutMillis: EXPORT_TIMEOUT_MS });
  const sdk = new NodeSDK({
    resource: resourceFromAttributes({ 'service.name': 'chat-llm', 'service.instance.id': randomUUID() }),
    autoDetectResources: false,
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: 300 })],
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [],
  });
  sdk.start();
  const tracer = trace.getTracer('demo-llm');
  return {
    ended: (record, traceparent) => {
      const span = tracer.startSpan(
        `chat ${model}`,
        { kind: SpanKind.SERVER, startTime: unixMs(record.arrivedMs), attributes: attributesOf(record, model) },
        parentOf(traceparent),
      );
      if (record.outcome === 'cancelled')
        span
          .setStatus({ code: SpanStatusCode.ERROR, message: 'the client went away' })
          .setAttribute('error.type', 'cancelled');
      const inside = trace.setSpan(ROOT_CONTEXT, span);
      for (const { what, startMs, endMs } of record.stretches)
        tracer.startSpan(what, { startTime: unixMs(startMs) }, inside).end(unixMs(endMs));
      span.end(unixMs(record.endedMs));
    },
    stop: () => sdk.shutdown().catch(() => undefined),
  };
}

function attributesOf(
  { promptTokens, tokenMs, cachedTokens, preemptions, arrivedMs, outcome }: RequestRecord,
  model: string,
) {
  const [first] = tokenMs;
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'demo',
    'gen_ai.request.model': model,
    'gen_ai.response.finish_reasons': [outcome],
    'gen_ai.usage.input_tokens': promptTokens,
    'gen_ai.usage.output_tokens': tokenMs.length,
    'demo.cached_tokens': cachedTokens,
    'demo.preemptions': preemptions,
    ...(first === undefined ? {} : { 'demo.time_to_first_token_ms': Math.round(first - arrivedMs) }),
  };
}

/** Below the caller's span where it sent one: W3C trace context, version 00. */
function parentOf(traceparent: string | undefined): Context {
  const found = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? '');
  if (found === null) return ROOT_CONTEXT;
  const [, traceId = '', spanId = '', flags = '00'] = found;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
  });
}

const unixMs = (ms: number): number => performance.timeOrigin + ms;
