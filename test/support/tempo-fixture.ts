// A server that answers as Grafana Tempo documents it, for programs that cannot be installed here: OTLP in Protobuf's JSON (ids in base64, enums by name), ids without leading zeros in search.
import { createServer, type Server } from 'node:http';
import type { Attributes, AttributeValue, SpanRecord } from '../../src/core/model/trace-set.ts';

export interface TempoFixture {
  readonly url: string;
  readonly store: (spans: readonly SpanRecord[]) => void;
  readonly stop: () => Promise<void>;
}

export async function startTempoFixture(): Promise<TempoFixture> {
  const held: SpanRecord[] = [];
  const server = createServer((request, response) => {
    const { status, body } = answerTo(new URL(request.url ?? '/', 'http://tempo'), held);
    response.writeHead(status, { 'content-type': status === 200 ? 'application/json' : 'text/plain' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    store: (spans) => {
      for (const span of spans) held.push(span);
    },
    stop: () => close(server),
  };
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

function answerTo(url: URL, held: readonly SpanRecord[]): Answer {
  const id = /^\/api\/v2\/traces\/([0-9a-f]+)$/.exec(url.pathname)?.[1];
  if (id !== undefined) return traceAnswer(held.filter((span) => span.traceId === id.padStart(32, '0')));
  return url.pathname === '/api/search'
    ? searchAnswer(held, url.searchParams)
    : { status: 404, body: '404 page not found\n' };
}

function traceAnswer(spans: readonly SpanRecord[]): Answer {
  if (spans.length === 0) return { status: 404, body: '' };
  const resourceSpans = [...Map.groupBy(spans, (span) => span.resource)].map(([resource, batch]) => ({
    resource: { attributes: attributesOf(resource) },
    scopeSpans: [{ scope: {}, spans: batch.map(spanOf) }],
  }));
  return { status: 200, body: JSON.stringify({ trace: { resourceSpans }, metrics: { inspectedBytes: '1024' } }) };
}

/** Knows the conditions that the adapter writes, and refuses any other, so that a change of the adapter cannot pass unseen. */
function searchAnswer(held: readonly SpanRecord[], query: URLSearchParams): Answer {
  const q = query.get('q') ?? '';
  const conditions = /^\{ (.*) \}$/.exec(q)?.[1]?.split(' && ') ?? [];
  const tests = conditions.map((condition): ((span: SpanRecord) => boolean) | undefined => {
    const [, key, operator, value] = /^(resource\.service\.name|name|duration) (=|>=) (.+)$/.exec(condition) ?? [];
    if (key === 'duration' && operator === '>=')
      return (span) => Number(span.endUnixNanos - span.startUnixNanos) / 1000 >= Number.parseInt(value ?? '', 10);
    if (operator !== '=') return undefined;
    return (span) => (key === 'name' ? span.name : span.resource['service.name']) === JSON.parse(value ?? '""');
  });
  if (q === '' || tests.includes(undefined)) return { status: 400, body: `invalid TraceQL query: ${q}` };
  const [start, end] = [Number(query.get('start')), Number(query.get('end'))];
  const seconds = (span: SpanRecord): number => Number(span.startUnixNanos / 1_000_000_000n);
  const found = held.filter(
    (span) => seconds(span) >= start && seconds(span) <= end && tests.every((test) => test?.(span)),
  );
  const ids = [...new Set(found.map((span) => span.traceId))].slice(0, Number(query.get('limit')));
  const traces = ids.map((id) => ({ traceID: id.replace(/^0+/, ''), rootServiceName: 'any', durationMs: 1 }));
  return { status: 200, body: JSON.stringify({ traces, metrics: { completedJobs: 1 } }) };
}

function spanOf(span: SpanRecord): object {
  const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
  const kinds = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
  return {
    traceId: base64(span.traceId),
    spanId: base64(span.spanId),
    ...(span.parentSpanId ? { parentSpanId: base64(span.parentSpanId) } : {}),
    name: span.name,
    kind: `SPAN_KIND_${kinds[span.kind]}`,
    startTimeUnixNano: String(span.startUnixNanos),
    endTimeUnixNano: String(span.endUnixNanos),
    attributes: attributesOf(span.attributes),
    links: (span.links ?? []).map((link) => ({ traceId: base64(link.traceId), spanId: base64(link.spanId) })),
    status: span.status === 0 ? {} : { code: `STATUS_CODE_${['UNSET', 'OK', 'ERROR'][span.status]}` },
  };
}

function attributesOf(attributes: Attributes): readonly object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValueOf(value) }));
}

function anyValueOf(value: AttributeValue): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
