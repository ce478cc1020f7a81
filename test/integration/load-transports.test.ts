// Ways to the target other than plain HTTP/1.1: TLS, HTTP/2, a proxy, a unix socket.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, request } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { loadEngine } from '../../src/adapters/load/load-engine.ts';
import type { LoadGroup } from '../../src/core/model/load.ts';
import type { Expectation, Transport } from '../../src/core/model/workload.ts';
import { loadPlan, phase, rate, step } from '../support/load-plan.ts';
import { testCertificate } from '../support/test-certificate.ts';

const certificate = testCertificate();
if (certificate === undefined && process.env['CI'] !== undefined) throw new Error('openssl is needed in CI');
const skip = certificate === undefined ? 'openssl is not installed: TLS was not tested' : false;

const answer: RequestListener = (incoming, response) => {
  response.end(JSON.stringify({ version: incoming.httpVersion, trace: incoming.headers['traceparent'] ?? '' }));
};

/** Everything that was opened, closed at the end. */
const opened: (() => Promise<void>)[] = [];

async function listen(server: Server, where: number | string = 0): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((listening) =>
    typeof where === 'string' ? server.listen(where, listening) : server.listen(where, '127.0.0.1', listening),
  );
  opened.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((closed) => server.close(() => closed()));
  });
  return typeof where === 'string' ? 0 : (server.address() as AddressInfo).port;
}

async function drive(target: string, transport: Transport, expect: Expectation = {}): Promise<LoadGroup> {
  const plan = loadPlan({
    target,
    scenarios: [{ steps: [step({ expect })] }],
    phases: [phase('peak', rate(60), 500)],
    workload: { transport },
  });
  const driven = await loadEngine().drive(plan, { signal: new AbortController().signal });
  assert.ok(driven.ok, driven.ok ? '' : driven.error.message);
  assert.equal(driven.value.groups[0]?.requests, 30);
  return driven.value.groups[0];
}

describe('load transports', { timeout: 60_000 }, () => {
  let securePort = 0;
  let plainPort = 0;
  const folder = mkdtempSync(join(tmpdir(), 'faultline-load-'));

  before(async () => {
    plainPort = await listen(createServer(answer));
    if (certificate === undefined) return;
    securePort = await listen(createSecureServer({ ...certificate, allowHTTP1: true }, answer as never));
  });

  after(async () => {
    for (const close of opened) await close();
    rmSync(folder, { recursive: true, force: true });
  });

  const version = (wanted: string): Expectation => ({ jsonPath: { '$.version': wanted } });

  it('speak HTTP/1.1 over TLS with a certificate they trust', { skip }, async () => {
    const group = await drive(`https://localhost:${securePort}`, { ca: certificate?.cert ?? '' }, version('1.1'));
    assert.equal(group.good, 30);
    assert.ok((group.histograms.connect?.count ?? 0) >= 1);
  });

  it('refuse a certificate nobody vouches for, unless told not to look', { skip }, async () => {
    const refused = await drive(`https://localhost:${securePort}`, {});
    assert.deepEqual([refused.good, refused.failureCounts], [0, { tls: 30 }]);
    assert.equal((await drive(`https://localhost:${securePort}`, { verifyCertificate: false })).good, 30);
  });

  it('speak HTTP/2 by ALPN', { skip }, async () => {
    const group = await drive(
      `https://localhost:${securePort}`,
      { ca: certificate?.cert ?? '', httpVersion: '2' },
      version('2.0'),
    );
    assert.equal(group.good, 30);
  });

  it('go through an HTTP proxy', async () => {
    let proxied = 0;
    const proxy = createServer((incoming, response) => {
      proxied += 1;
      const { hostname: host, port, pathname: path } = new URL(incoming.url ?? '');
      const { method, headers } = incoming;
      request({ host, port, path, method, headers }, (reply) => {
        response.writeHead(reply.statusCode ?? 502, { ...reply.headers, via: 'test' });
        reply.pipe(response);
      }).end();
    });
    const port = await listen(proxy);
    const group = await drive(
      `http://127.0.0.1:${plainPort}`,
      { proxy: `http://127.0.0.1:${port}` },
      { headers: { via: 'test' } },
    );
    assert.deepEqual([group.good, proxied], [30, 30]);
  });

  it('connect to a unix socket', async () => {
    const socketPath = join(folder, 'shop.sock');
    await listen(createServer(answer), socketPath);
    const group = await drive('http://shop.test', { socketPath }, version('1.1'));
    assert.equal(group.good, 30);
  });

  it('say which proxy or socket does not answer', async () => {
    for (const transport of [{ proxy: 'http://127.0.0.1:1' }, { socketPath: join(folder, 'none.sock') }]) {
      const plan = loadPlan({ target: 'http://shop.test', workload: { transport } });
      const driven = await loadEngine().drive(plan, { signal: new AbortController().signal });
      assert.ok(!driven.ok && driven.error.kind === 'unreachable');
      assert.match(driven.error.message, /127\.0\.0\.1 port 1|none\.sock/);
    }
  });
});
