// Ways to the target other than plain HTTP/1.1: TLS, HTTP/2, a proxy, a unix socket.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, request } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { loadEngine } from '../../src/adapters/load/load-engine.ts';
import { quantileOf } from '../../src/core/model/histogram-data.ts';
import type { HistogramData, LoadGroup } from '../../src/core/model/load.ts';
import type { Expectation, SafetyLimits, Transport } from '../../src/core/model/workload.ts';
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

async function drive(
  target: string,
  transport: Transport,
  expect: Expectation = {},
  safety: Partial<SafetyLimits> = {},
): Promise<LoadGroup> {
  const plan = loadPlan({
    target,
    scenarios: [{ steps: [step({ expect })] }],
    phases: [phase('peak', rate(60), 500)],
    safety,
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
  const caFile = join(folder, 'ca.pem');

  before(async () => {
    plainPort = await listen(createServer(answer));
    if (certificate === undefined) return;
    writeFileSync(caFile, certificate.cert);
    securePort = await listen(createSecureServer({ ...certificate, allowHTTP1: true }, answer as never));
  });

  after(async () => {
    for (const close of opened) await close();
    rmSync(folder, { recursive: true, force: true });
  });

  const version = (wanted: string): Expectation => ({ jsonPath: { '$.version': wanted } });

  it('speak HTTP/1.1 over TLS with a certificate they trust', { skip }, async () => {
    const group = await drive(`https://localhost:${securePort}`, { caFile }, version('1.1'));
    assert.equal(group.good, 30);
    const { connect, tls, transfer } = group.histograms;
    assert.ok(connect !== undefined && tls !== undefined && connect.count >= 1);
    assert.equal(tls.count, connect.count);
    assert.ok(tls.min > 0 && tls.max < connect.max, `${tls.max} of ${connect.max}`);
    assert.equal(transfer, undefined, 'a reply in one piece has its end with its first byte');
  });

  it('refuse a certificate nobody vouches for, unless told not to look', { skip }, async () => {
    for (const httpVersion of ['1.1', '2'] as const) {
      const refused = await drive(`https://localhost:${securePort}`, { httpVersion });
      assert.deepEqual([refused.good, refused.failureCounts], [0, { tls: 30 }]);
      // What Node.js advises here (a flag of its own) is no way out for whoever drives load.
      assert.deepEqual(refused.failureMessages, { tls: 'self-signed certificate' });
    }
    assert.equal((await drive(`https://localhost:${securePort}`, { verifyCertificate: false })).good, 30);
  });

  it('tell the first byte of a reply from its end', async () => {
    const port = await listen(
      createServer((_, response) => {
        response.write('a');
        setTimeout(() => response.end('b'), 40);
      }),
    );
    const { transfer, tls } = (await drive(`http://127.0.0.1:${port}`, {})).histograms;
    assert.equal(transfer?.count, 30);
    assert.ok(transfer.min > 30_000 && transfer.min < 60_000, `${transfer.min}`);
    assert.equal(tls, undefined);
  });

  it('speak HTTP/2 by ALPN', { skip }, async () => {
    const group = await drive(`https://localhost:${securePort}`, { caFile, httpVersion: '2' }, version('2.0'));
    assert.equal(group.good, 30);
  });

  it('fail where HTTP/2 was asked for and the server speaks HTTP/1.1 alone', { skip }, async () => {
    const port = await listen(createTlsServer({ ...certificate }, answer));
    const group = await drive(`https://localhost:${port}`, { caFile, httpVersion: '2' });
    assert.deepEqual([group.good, group.failureCounts], [0, { protocol: 30 }]);
    assert.match(group.failureMessages?.protocol ?? '', /HTTP\/2 was asked for, but the server chose http\/1\.1/);
  });

  it('do not take the wait for a free stream for a slow server', { skip }, async () => {
    // Two streams of 100 ms carry 20 of the 60 requests a second; the connection is the only one.
    const slow: RequestListener = (_, response) => void setTimeout(() => response.end(), 100);
    const server = createSecureServer({ ...certificate, settings: { maxConcurrentStreams: 2 } }, slow as never);
    const port = await listen(server);
    const group = await drive(`https://localhost:${port}`, { caFile, httpVersion: '2' }, {}, { maxConnections: 1 });
    const { service, lag } = group.histograms;
    assert.equal(group.good, 30);
    assert.ok((quantileOf(service as HistogramData, 0.5) ?? 0) < 150_000, `service ${service?.max}`);
    assert.ok((lag?.max ?? 0) > 500_000, `lag ${lag?.max}`);
  });

  it('send the Host header of the step, whatever the way', { skip }, async () => {
    const host = 'shop.example';
    const seen: (string | undefined)[] = [];
    const listener: RequestListener = ({ headers }, response) => {
      seen.push(headers.host ?? String(headers[':authority']));
      response.end();
    };
    const unixSocket = join(folder, 'host.sock');
    await listen(createServer(listener), unixSocket);
    const plain = await listen(createServer(listener));
    const secure = await listen(createSecureServer({ ...certificate }, listener as never));
    for (const [target, transport] of [
      ['http://shop.test', { unixSocket }],
      [`http://127.0.0.1:${plain}`, {}],
      [`https://localhost:${secure}`, { caFile, httpVersion: '2' }],
    ] as const) {
      const plan = loadPlan({ target, scenarios: [{ steps: [step({ headers: { Host: host } })] }] });
      const workload = { ...plan.workload, transport };
      const driven = await loadEngine().drive({ ...plan, workload }, { signal: new AbortController().signal });
      assert.ok(driven.ok && driven.value.groups[0]?.good === 25, target);
    }
    assert.deepEqual([...new Set(seen)], [host]);
    assert.equal(seen.length, 75);
  });

  it('go through an HTTP proxy, with its user name and password', async () => {
    let proxied = 0;
    const proxy = createServer((incoming, response) => {
      if (incoming.headers['proxy-authorization'] !== `Basic ${btoa('me:s@fe')}`) {
        response.writeHead(407).end();
        return;
      }
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
      { proxy: `http://me:s%40fe@127.0.0.1:${port}` },
      { headers: { via: 'test' } },
    );
    assert.deepEqual([group.good, proxied], [30, 30]);
    const refused = await drive(`http://127.0.0.1:${plainPort}`, { proxy: `http://127.0.0.1:${port}` });
    assert.match(refused.failureMessages?.protocol ?? '', /Proxy Authentication Required \(407\)/);
  });

  it('connect to a unix socket', async () => {
    const unixSocket = join(folder, 'shop.sock');
    await listen(createServer(answer), unixSocket);
    const group = await drive('http://shop.test', { unixSocket }, version('1.1'));
    assert.equal(group.good, 30);
  });

  it('say which proxy or socket does not answer', async () => {
    for (const transport of [{ proxy: 'http://127.0.0.1:1' }, { unixSocket: join(folder, 'none.sock') }]) {
      const plan = loadPlan({ target: 'http://shop.test', workload: { transport } });
      const driven = await loadEngine().drive(plan, { signal: new AbortController().signal });
      assert.ok(!driven.ok && driven.error.kind === 'unreachable');
      assert.match(driven.error.message, /127\.0\.0\.1 port 1|none\.sock/);
    }
  });
});
