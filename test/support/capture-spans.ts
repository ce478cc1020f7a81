// A tiny OTLP/HTTP receiver for tests: keeps the spans of JSON exports, flattened.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CapturedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a root. */
  readonly parentSpanId: string;
  readonly service: string;
  readonly name: string;
  /** OTLP numbers: 1 internal, 2 server, 3 client. */
  readonly kind: number;
  /** OTLP numbers: 0 unset, 1 ok, 2 error. */
  readonly status: number;
  readonly startMs: number;
  readonly durationMs: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  /** Types of recorded exceptions. */
  readonly exceptions: readonly string[];
}

export interface SpanCapture {
  /** What to give an exporter as its OTLP endpoint. */
  readonly endpoint: string;
  /** Everything received so far. */
  spans(): readonly CapturedSpan[];
  close(): Promise<void>;
}

/** Listens on a free loopback port. */
export async function captureSpans(): Promise<SpanCapture> {
  let spans: CapturedSpan[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      spans = spans.concat(spansIn(JSON.parse(Buffer.concat(chunks).toString()) as ExportRequest));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: () => spans,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface KeyValue {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number | string; readonly boolValue?: boolean };
}

interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly resource?: { readonly attributes?: readonly KeyValue[] };
    readonly scopeSpans: readonly { readonly spans: readonly ExportedSpan[] }[];
  }[];
}

interface ExportedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status?: { readonly code?: number };
  readonly attributes?: readonly KeyValue[];
  readonly events?: readonly { readonly name: string; readonly attributes?: readonly KeyValue[] }[];
}

function spansIn(body: ExportRequest): CapturedSpan[] {
  return body.resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(attributesOf(resource?.attributes)['service.name'] ?? '');
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => flatten(service, span)));
  });
}

function flatten(service: string, span: ExportedSpan): CapturedSpan {
  const start = BigInt(span.startTimeUnixNano);
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? '',
    service,
    name: span.name,
    kind: span.kind,
    status: span.status?.code ?? 0,
    startMs: Number(start / 1_000n) / 1_000,
    durationMs: Number(BigInt(span.endTimeUnixNano) - start) / 1e6,
    attributes: attributesOf(span.attributes),
    exceptions: (span.events ?? [])
      .filter((event) => event.name === 'exception')
      .map((event) => String(attributesOf(event.attributes)['exception.type'] ?? '')),
  };
}

function attributesOf(list: readonly KeyValue[] = []): Record<string, string | number | boolean> {
  const attributes: Record<string, string | number | boolean> = {};
  for (const { key, value } of list) {
    const { stringValue, intValue, boolValue } = value;
    attributes[key] = stringValue ?? (intValue === undefined ? (boolValue ?? '') : Number(intValue));
  }
  return attributes;
}
