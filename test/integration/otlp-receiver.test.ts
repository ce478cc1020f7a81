// The embedded receiver from outside: what HTTP clients, the official exporters, a real Collector and a real load of spans get.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { type OtlpReceiver, type OtlpReceiverOptions, otlpReceiver } from '../../src/adapters/otlp/receiver.ts';
import { writeOtlpProtobuf } from '../../src/adapters/shared/otlp/write-protobuf.ts';
import { spansOf } from '../../src/core/model/span-view.ts';
import { type Span, spanStatus } from '../../src/core/model/trace-set.ts';
import { millis } from '../../src/core/model/units.ts';
import { startCollector } from '../support/peers/collector.ts';
import { findPeer } from '../support/peers/find-peer.ts';
import { skipWithout } from '../support/peers/skip-without.ts';
import { sendOtlp } from '../support/send-otlp.ts';
import { spanRecord } from '../support/span-records.ts';

const host = '127.0.0.1';
const program = new URL('../support/export-spans.ts', import.meta.url).pathname;

async function receiverWith(options: Partial<OtlpReceiverOptions> = {}): Promise<OtlpReceiver> {
  const receiver = await otlpReceiver({ host, httpPort: 0, ...options });
  if (!receiver.ok) throw new Error(receiver.error.message);
  return receiver.value;
}

/** The spans of the trace, as soon as there are so many. */
async function spansIn(receiver: OtlpReceiver, traceId: string, count: number): Promise<readonly Span[]> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const answer = await receiver.byIds([traceId], { timeout: millis(5000), signal: new AbortController().signal });
    const spans = answer.ok ? spansOf(answer.value, 0) : [];
    if (spans.length >= count) return spans;
    if (Date.now() > deadline) throw new Error(`${spans.length} spans of ${traceId} after 10 s, ${count} were wanted`);
    await sleep(50);
  }
}

const json = JSON.stringify({
  resourceSpans: [
    {
      scopeSpans: [{ spans: [{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'x', startTimeUnixNano: '5' }] }],
    },
  ],
});
const protobuf = writeOtlpProtobuf([spanRecord()]);
const partial = writeOtlpProtobuf([spanRecord(), spanRecord({ traceId: '0'.repeat(32) })]);

interface Exchange {
  readonly type?: string;
  readonly encoding?: string;
  readonly body?: string | Uint8Array;
  readonly path?: string;
  readonly method?: string;
  readonly status: number;
  readonly answer: RegExp;
}

const exchanges: Readonly<Record<string, Exchange>> = {
  JSON: { type: 'application/json', body: json, status: 200, answer: /^\{\}$/ },
  'JSON with a charset': { type: 'application/json; charset=utf-8', body: json, status: 200, answer: /^\{\}$/ },
  Protobuf: { type: 'application/x-protobuf', body: protobuf, status: 200, answer: /^$/ },
  'an empty Protobuf request': { type: 'application/x-protobuf', body: '', status: 200, answer: /^$/ },
  gzip: { type: 'application/json', encoding: 'gzip', body: gzipSync(json), status: 200, answer: /^\{\}$/ },
  deflate: { type: 'application/json', encoding: 'deflate', body: deflateSync(json), status: 200, answer: /^\{\}$/ },
  brotli: { type: 'application/json', encoding: 'br', body: brotliCompressSync(json), status: 200, answer: /^\{\}$/ },
  zstd: {
    type: 'application/x-protobuf',
    encoding: 'zstd',
    body: zstdCompressSync(protobuf),
    status: 200,
    answer: /^$/,
  },
  'a request with a span that is none': {
    type: 'application/x-protobuf',
    body: partial,
    status: 200,
    answer: /trace_id must be 16 bytes/,
  },
  'metrics, which are dropped': {
    type: 'application/x-protobuf',
    body: protobuf,
    path: '/v1/metrics',
    status: 200,
    answer: /^$/,
  },
  'logs, which are dropped': { type: 'application/json', body: '{}', path: '/v1/logs', status: 200, answer: /^\{\}$/ },
  'broken JSON': {
    type: 'application/json',
    body: json.slice(0, -1),
    status: 400,
    answer: /"code":3,"message":"not valid JSON/,
  },
  'an empty JSON body': { type: 'application/json', body: '', status: 400, answer: /not valid JSON/ },
  'JSON of another kind': {
    type: 'application/json',
    body: '[]',
    status: 400,
    answer: /expected an object with resourceSpans/,
  },
  'broken Protobuf': {
    type: 'application/x-protobuf',
    body: protobuf.subarray(0, -1),
    status: 400,
    answer: /not valid Protobuf/,
  },
  'damaged gzip': { type: 'application/json', encoding: 'gzip', body: json, status: 400, answer: /cannot be read/ },
  'a bomb': {
    type: 'application/x-protobuf',
    encoding: 'gzip',
    body: gzipSync(Buffer.alloc(64 << 20)),
    status: 413,
    answer: /send smaller batches/,
  },
  'a zstd bomb': {
    type: 'application/json',
    encoding: 'zstd',
    body: zstdCompressSync(Buffer.alloc(64 << 20)),
    status: 413,
    answer: /send smaller batches/,
  },
  'a body too large': {
    type: 'application/json',
    body: Buffer.alloc(17 << 20, 32),
    status: 413,
    answer: /send smaller batches/,
  },
  'an unknown compression': {
    type: 'application/json',
    encoding: 'lzma',
    body: json,
    status: 415,
    answer: /unsupported content encoding/,
  },
  'another content type': { type: 'text/plain', body: json, status: 415, answer: /found text\/plain/ },
  'no content type': { body: new Uint8Array(Buffer.from(json)), status: 415, answer: /found none/ },
  'a GET': { method: 'GET', status: 405, answer: /use POST/ },
  'another path': { method: 'GET', path: '/', status: 404, answer: /\/v1\/traces/ },
};

describe('the OTLP receiver over HTTP', () => {
  let receiver: OtlpReceiver;
  before(async () => {
    receiver = await receiverWith();
  });
  after(() => receiver.close());

  for (const [title, { type, encoding, body, path = '/v1/traces', method = 'POST', status, answer }] of Object.entries(
    exchanges,
  )) {
    test(`answers ${status} to ${title}`, async () => {
      const headers = {
        ...(type === undefined ? {} : { 'content-type': type }),
        ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
      };
      const response = await fetch(receiver.endpoint + path, {
        method,
        headers,
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
      });
      const text = await response.text();
      assert.equal(response.status, status, text);
      assert.match(text, answer);
      const isProtobuf = type === 'application/x-protobuf';
      assert.equal(response.headers.get('content-type'), isProtobuf ? type : 'application/json');
    });
  }

  test('counts what came and what became of it, after all that', () => {
    const { malformedRequests, refusedSpans, droppedRequests, heldTraces } = receiver.counts();
    assert.deepEqual(
      { malformedRequests, refusedSpans, droppedRequests, heldTraces },
      { malformedRequests: 4, refusedSpans: 1, droppedRequests: 2, heldTraces: 2 },
    );
  });

  test('an upload that stops half-way disturbs nobody', async () => {
    const half = new ReadableStream({ start: (controller) => controller.enqueue(protobuf.subarray(0, 10)) });
    const headers = { 'content-type': 'application/x-protobuf' };
    const upload = fetch(`${receiver.endpoint}/v1/traces`, {
      method: 'POST',
      headers,
      body: half,
      duplex: 'half',
      signal: AbortSignal.timeout(200),
    } as RequestInit);
    await assert.rejects(upload);
    await sendOtlp(receiver.endpoint, [spanRecord({ traceId: 'd'.repeat(32) })]);
    assert.equal((await spansIn(receiver, 'd'.repeat(32), 1)).length, 1);
  });

  test('under a thousand requests at once each is answered, with 200 or with 503 and Retry-After', async () => {
    const body = new Uint8Array(writeOtlpProtobuf([spanRecord({ traceId: 'e'.repeat(32) })]));
    const headers = { 'content-type': 'application/x-protobuf' };
    const responses = await Promise.all(
      Array.from({ length: 1000 }, async () => {
        const response = await fetch(`${receiver.endpoint}/v1/traces`, { method: 'POST', headers, body });
        await response.arrayBuffer();
        return response;
      }),
    );
    assert.ok(
      responses.every(
        ({ status, headers: found }) => status === 200 || (status === 503 && found.get('retry-after') === '1'),
      ),
    );
    assert.ok(responses.some(({ status }) => status === 200));
  });
});

describe('the OTLP receiver’s ports', () => {
  for (const option of ['httpPort', 'grpcPort'] as const) {
    test(`a taken ${option} is an error that says what to do, and leaves nothing open`, async () => {
      const holder = createServer().listen(0, host);
      await new Promise((resolve) => holder.once('listening', resolve));
      const { port } = holder.address() as { port: number };
      const receiver = await otlpReceiver({ host, httpPort: 0, [option]: port });
      holder.close();
      assert.ok(!receiver.ok);
      assert.match(
        receiver.error.message,
        new RegExp(`port ${port} on 127\\.0\\.0\\.1 is taken.*set ${option} of the otlp source to another port`),
      );
    });
  }

  test('after close they are free again', async () => {
    const first = await receiverWith({ grpcPort: 0 });
    const port = (url: string | undefined): number => Number(new URL(url ?? '').port);
    const ports = { httpPort: port(first.endpoint), grpcPort: port(first.grpcEndpoint) };
    await first.close();
    await (await receiverWith(ports)).close();
  });
});

describe('the OTLP receiver and the official exporters', { timeout: 60_000 }, () => {
  let receiver: OtlpReceiver;
  before(async () => {
    receiver = await receiverWith({ grpcPort: 0 });
  });
  after(() => receiver.close());

  for (const protocol of ['http/json', 'http/protobuf', 'grpc']) {
    for (const compression of ['none', 'gzip']) {
      test(`${protocol}, compression ${compression}`, async () => {
        const { stdout } = await promisify(execFile)(process.execPath, [program], {
          timeout: 20_000,
          env: {
            ...process.env,
            OTEL_SERVICE_NAME: 'exporting',
            OTEL_TRACES_EXPORTER: 'otlp',
            OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
            OTEL_EXPORTER_OTLP_COMPRESSION: compression,
            OTEL_EXPORTER_OTLP_ENDPOINT: protocol === 'grpc' ? receiver.grpcEndpoint : receiver.endpoint,
          },
        });
        assertExported(await spansIn(receiver, stdout.trim(), 2));
      });
    }
  }
});

describe('the OTLP receiver behind a real Collector', { skip: skipWithout('otelcol'), timeout: 60_000 }, () => {
  const ways = [
    { compression: 'gzip', encoding: 'proto' },
    { compression: 'zstd', encoding: 'proto' },
    { compression: 'gzip', encoding: 'json' },
    { compression: 'gzip', encoding: 'grpc' },
  ] as const;
  for (const { compression, encoding } of ways) {
    test(`forwarding as ${encoding} with ${compression}`, async () => {
      const receiver = await receiverWith({ grpcPort: 0 });
      const grpcAddress = new URL(receiver.grpcEndpoint ?? '').host;
      const forward = encoding === 'grpc' ? { forwardToGrpc: grpcAddress } : { forwardTo: receiver.endpoint, encoding };
      const collector = await startCollector({ ...forward, compression });
      try {
        const sent = spanRecord({
          traceId: 'f'.repeat(32),
          attributes: { n: 7, text: 'grüß' },
          status: spanStatus.error,
        });
        await sendOtlp(collector.otlpUrl, [sent]);
        const [span] = await spansIn(receiver, sent.traceId, 1);
        assert.deepEqual(
          [span?.name, span?.status, span?.attributes, span?.resource],
          [sent.name, 2, sent.attributes, sent.resource],
        );
      } finally {
        await collector.stop();
        await receiver.close();
      }
    });
  }
});

describe('the OTLP receiver and telemetrygen', {
  skip: findPeer('telemetrygen') === undefined ? 'telemetrygen is not installed: npm run peers -- telemetrygen' : false,
  timeout: 60_000,
}, () => {
  test('takes a thousand traces over gRPC', async () => {
    const receiver = await receiverWith({ grpcPort: 0 });
    try {
      const address = new URL(receiver.grpcEndpoint ?? '').host;
      const args = ['traces', '--otlp-insecure', '--otlp-endpoint', address, '--traces', '1000', '--rate', '2000'];
      await promisify(execFile)(findPeer('telemetrygen') ?? '', args, { timeout: 30_000 });
      const { heldTraces, heldSpans, malformedRequests, refusedSpans } = receiver.counts();
      assert.deepEqual(
        { heldTraces, heldSpans, malformedRequests, refusedSpans },
        { heldTraces: 1000, heldSpans: 2000, malformedRequests: 0, refusedSpans: 0 },
      );
    } finally {
      await receiver.close();
    }
  });
});

function assertExported(spans: readonly Span[]): void {
  const root = spans.find((span) => span.name === 'GET /');
  const child = spans.find((span) => span.name === 'SELECT');
  assert.deepEqual([root?.service, root?.kind, root?.parent], ['exporting', 2, -1]);
  assert.deepEqual(root?.attributes, { text: 'grüß', whole: 42, part: 0.5, yes: true, list: '["a","b"]' });
  assert.deepEqual([child?.kind, child?.status, child?.parent], [3, spanStatus.error, root?.index]);
  assert.deepEqual(child?.attributes, { 'exception.type': 'TypeError', 'exception.message': 'no such table' });
}
