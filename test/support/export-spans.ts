// A program instrumented as any service would be: everything about the export comes from OTEL_* variables. Prints the trace id of what it exported.
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK({ metricReaders: [], logRecordProcessors: [], instrumentations: [] });
sdk.start();
const tracer = trace.getTracer('faultline-test', '1.0');
const root = tracer.startSpan('GET /', {
  kind: SpanKind.SERVER,
  attributes: { text: 'grüß', whole: 42, part: 0.5, yes: true, list: ['a', 'b'] },
});
const child = tracer.startSpan('SELECT', { kind: SpanKind.CLIENT }, trace.setSpan(context.active(), root));
child.recordException(new TypeError('no such table'));
child.setStatus({ code: SpanStatusCode.ERROR, message: 'no such table' });
child.addLink({ context: root.spanContext() });
child.end();
root.end();
await sdk.shutdown();
console.log(root.spanContext().traceId);
