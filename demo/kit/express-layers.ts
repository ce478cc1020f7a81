// The two express layers every service has: one measures each request, one turns a thrown error into an honest answer.
import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { statusFor } from './peer-error.ts';
import type { ServiceMetrics } from './service-metrics.ts';

/** Counts the request in and out; the route is its pattern, or `unmatched`, never the raw path. */
export function requestObserver(metrics: ServiceMetrics): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    metrics.requestStarted(request.method);
    response.once('close', () => {
      const route = (request.route as { path?: string } | undefined)?.path ?? 'unmatched';
      const seconds = (performance.now() - started) / 1_000;
      metrics.requestEnded({ method: request.method, route, status: response.statusCode, seconds });
    });
    next();
  };
}

/** Records the exception on the server span and answers with the status that fits. Four parameters: express knows it by that. */
export function failureHandler(): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    const thrown = error instanceof Error ? error : new Error(String(error));
    const status = clientFault(error) ?? statusFor(error);
    const span = trace.getActiveSpan();
    span?.recordException(thrown);
    if (status >= 500) span?.setStatus({ code: SpanStatusCode.ERROR, message: thrown.message });
    response.status(status).json({ error: thrown.name, message: thrown.message });
  };
}

/** express's body parser marks what the client did wrong with a 4xx status. */
function clientFault(error: unknown): number | undefined {
  const status = (error as { status?: unknown } | null)?.status;
  const isOwn = error instanceof Error && error.name !== 'PeerError';
  return isOwn && typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
