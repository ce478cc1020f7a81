// Export requests as a busy service sends them: 512 spans, 12 attributes each, 450 bytes a span.
import type { SpanRecord } from '../../src/core/model/trace-set.ts';
import { requestType } from '../../test/support/otlp-schema.ts';

/** Bytes of hex that look random and are the same every time. */
function hexFrom(seed: number, digits: number): string {
  let state = seed >>> 0;
  let text = '';
  while (text.length < digits) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += state.toString(16).padStart(8, '0');
  }
  return text.slice(0, digits);
}

/** The spans of batch `number`. */
export function batchOf(number: number, spans = 512): readonly SpanRecord[] {
  const resource = { 'service.name': 'checkout', 'service.version': '1.4.2', 'k8s.pod.name': `checkout-${number % 3}` };
  return Array.from({ length: spans }, (_, i) => {
    const id = number * spans + i + 1;
    const start = 1_700_000_000_000_000_000n + BigInt(id) * 1_000_003n;
    return {
      // Four spans a trace.
      traceId: hexFrom(id >> 2, 32),
      spanId: hexFrom(id * 7, 16),
      parentSpanId: hexFrom(id * 7 - 7, 16),
      name: i % 3 === 0 ? 'POST /checkout' : 'GET /cart/{id}',
      kind: i % 2 === 0 ? 2 : 3,
      status: i % 50 === 0 ? 2 : 0,
      startUnixNanos: start,
      endUnixNanos: start + 12_345_678n,
      resource,
      attributes: {
        'http.request.method': i % 3 === 0 ? 'POST' : 'GET',
        'http.route': '/checkout',
        'http.response.status_code': i % 50 === 0 ? 503 : 200,
        'url.path': `/checkout/${id % 1000}`,
        'url.scheme': 'http',
        'server.address': 'checkout',
        'server.port': 8080,
        'network.peer.address': `10.0.0.${id % 250}`,
        'network.protocol.version': '1.1',
        'user_agent.original': 'faultline/0.1',
        'app.order.id': hexFrom(id * 13, 24),
        'app.total': (id % 10_000) / 100,
      },
    };
  });
}

/** A Protobuf request as the exporters write JSON: ids in hex. */
export function jsonOf(body: Buffer): string {
  const decoded = requestType.toObject(requestType.decode(body), {
    longs: String,
    enums: Number,
    bytes: String,
    json: true,
  });
  return JSON.stringify(decoded, (key, value) =>
    /^(trace|span|parentSpan)Id$/.test(key) ? Buffer.from(value, 'base64').toString('hex') : value,
  );
}
