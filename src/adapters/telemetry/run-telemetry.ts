// The product's own spans over OTLP/HTTP: one for the run and one for each stage, and the client spans of selected requests.
import type { RunTelemetry } from '../../ports/run-telemetry.ts';
import { clientSpan } from './client-span.ts';
import { openTracing, type Tracing } from './tracing.ts';

export interface OtlpRunTelemetryOptions {
  /** Base URL of OTLP/HTTP, without /v1/traces. */
  readonly endpoint: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const flushTimeoutMs = 5000;

/** Nothing is sent anywhere. */
export const noRunTelemetry: RunTelemetry = {
  stage: (_name, work) => work(),
  clientSpans: () => undefined,
  flush: async () => undefined,
};

/**
 * Begins to load the OpenTelemetry SDK at once (0.3 s that the run mostly does not wait for). When it cannot be loaded or the endpoint cannot be
 * reached, the run goes on without telemetry: spans that cannot leave are dropped.
 */
export function otlpRunTelemetry(options: OtlpRunTelemetryOptions): RunTelemetry {
  const opening: Promise<Tracing | undefined> = openTracing(options).catch(() => undefined);
  return {
    async stage(name, work) {
      const tracing = await opening;
      return tracing === undefined ? work() : tracing.inSpan(name, work);
    },
    clientSpans(plan, startedAt, samples) {
      const spans = samples.filter((sample) => sample.sampled).map((sample) => clientSpan(plan, startedAt, sample));
      void opening.then((tracing) => tracing?.send(spans));
    },
    async flush() {
      const { promise: timedOut, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, flushTimeoutMs);
      const flushed = opening.then((tracing) => tracing?.flush()).catch(() => undefined);
      await Promise.race([flushed, timedOut]);
      clearTimeout(timer);
    },
  };
}
