// The service's OTLP receivers outlive its runs, and its own spans go where traces are read.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, describe, test } from 'node:test';
import { endpointBesideTraces } from '../../src/cli/endpoint-beside-traces.ts';
import { receiverPool } from '../../src/cli/receiver-pool.ts';
import { millis } from '../../src/core/model/units.ts';
import type { TraceSourceConfig, Verification } from '../../src/core/model/verification.ts';
import { freePorts } from '../support/peers/start-peer.ts';

type Otlp = Extract<TraceSourceConfig, { readonly type: 'otlp' }>;

const reading = (...traces: readonly TraceSourceConfig[]): Verification =>
  ({ sources: { traces, metrics: [] } }) as unknown as Verification;

/** Posts one span as a service under test would. */
async function exportSpan(endpoint: string, traceId: string): Promise<number> {
  const span = {
    traceId,
    spanId: 'b'.repeat(16),
    name: 'GET /',
    kind: 2,
    startTimeUnixNano: '1',
    endTimeUnixNano: '2',
  };
  const reply = await fetch(`${endpoint}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  });
  return reply.status;
}

describe('receivers of the service', () => {
  const asked = { signal: new AbortController().signal, timeout: millis(5_000) };

  test('are open before the first run and between runs, and keep what came', async () => {
    const [httpPort = 0] = await freePorts(1);
    const config: Otlp = { type: 'otlp', host: '127.0.0.1', httpPort };
    const pool = receiverPool([reading(config)]);
    assert.deepEqual(await pool.openAll(), []);
    const endpoint = `http://127.0.0.1:${httpPort}`;
    assert.equal(await exportSpan(endpoint, 'a'.repeat(32)), 200);
    for (const prefix of ['1111111111111111', '2222222222222222']) {
      const lent = await pool.lend(config, prefix);
      assert.ok(lent.ok);
      assert.equal(await exportSpan(endpoint, prefix.repeat(2)), 200);
      const found = await lent.value.byIds(['a'.repeat(32), prefix.repeat(2)], asked);
      assert.equal(found.ok && found.value.traceIds.length, 2);
      await lent.value.close();
    }
    assert.equal(await exportSpan(endpoint, 'c'.repeat(32)), 200);
    await pool.close();
    await assert.rejects(exportSpan(endpoint, 'd'.repeat(32)));
  });

  test('are shared by documents that name the same port, with the gRPC port of either', async () => {
    const [httpPort = 0, grpcPort = 0] = await freePorts(2);
    const plain: Otlp = { type: 'otlp', host: '127.0.0.1', httpPort };
    const pool = receiverPool([reading({ ...plain, grpcPort }), reading(plain)]);
    assert.deepEqual(await pool.openAll(), []);
    const [one, other] = [
      await pool.lend(plain, '1'.repeat(16)),
      await pool.lend({ ...plain, grpcPort }, '2'.repeat(16)),
    ];
    assert.ok(one.ok && other.ok);
    assert.equal(one.value.endpoint, other.value.endpoint);
    await pool.close();
  });

  test('whose port is taken are reported, and tried again by the run that needs them', async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
    const { port } = squatter.address() as { port: number };
    const config: Otlp = { type: 'otlp', host: '127.0.0.1', httpPort: port };
    const pool = receiverPool([reading(config)]);
    const [problem] = await pool.openAll();
    assert.match(problem?.message ?? '', new RegExp(`port ${port} on 127.0.0.1 is taken`));
    assert.equal((await pool.lend(config, '1'.repeat(16))).ok, false);
    await new Promise((resolve) => squatter.close(resolve));
    assert.equal((await pool.lend(config, '1'.repeat(16))).ok, true);
    await pool.close();
  });
});

describe('the endpoint beside the traces', () => {
  // 127.0.0.2 is loopback too, and nobody's: the well-known port can be taken there whatever runs on this machine.
  const host = '127.0.0.2';
  const listener = createServer();
  after(() => void listener.close());

  test('is the OTLP port of the Jaeger or Tempo that is read, when it takes connections', async () => {
    const jaeger: TraceSourceConfig = { type: 'jaeger', url: `http://${host}:16686`, headers: {} };
    assert.equal(await endpointBesideTraces([jaeger]), undefined);
    await new Promise<void>((resolve) => listener.listen(4318, host, resolve));
    assert.equal(await endpointBesideTraces([jaeger]), `http://${host}:4318`);
    assert.equal(
      await endpointBesideTraces([{ type: 'tempo', url: `http://${host}:3200`, headers: {} }]),
      `http://${host}:4318`,
    );
  });

  for (const [name, source] of [
    ['another port', { type: 'jaeger', url: `http://${host}:8080`, headers: {} }],
    ['TLS', { type: 'jaeger', url: `https://${host}:16686`, headers: {} }],
    ['the embedded receiver', { type: 'otlp', host, httpPort: 4318 }],
  ] as const) {
    test(`is not guessed for ${name}`, async () => assert.equal(await endpointBesideTraces([source]), undefined));
  }
});
