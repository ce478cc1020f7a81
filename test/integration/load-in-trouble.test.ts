// What the load engine says and does when something is wrong with the target, the way to it, or its own machine.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { BareLoadReport } from '../../src/adapters/load/bare-load.ts';
import { loadEngine } from '../../src/adapters/load/load-engine.ts';
import type { LoadGroup, LoadResult } from '../../src/core/model/load.ts';
import type { Transport } from '../../src/core/model/workload.ts';
import { loadPlan, type PlanFields, phase, rate, step, users } from '../support/load-plan.ts';
import { repository } from '../support/run-cli.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

describe('load in trouble', { timeout: 120_000 }, () => {
  const opened: Server[] = [];
  const sockets = new Set<Socket>();

  after(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of opened) server.close();
  });

  /** Starts a server on loopback; its port. */
  async function listen(server: Server): Promise<number> {
    opened.push(server);
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return (server.address() as AddressInfo).port;
  }

  /** A server that hands each piece it reads to `answer`, with its number on the connection. */
  function rawTarget(answer: (socket: Socket, number: number) => void): Promise<number> {
    return listen(
      createServer((socket) => {
        let number = 0;
        socket.on('data', () => {
          number += 1;
          answer(socket, number);
        });
      }),
    );
  }

  async function drive(
    fields: PlanFields,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<{ readonly result: LoadResult; readonly group: LoadGroup }> {
    const driven = await loadEngine().drive(loadPlan(fields), { signal });
    assert.ok(driven.ok, driven.ok ? '' : driven.error.message);
    return { result: driven.value, group: driven.value.groups[0] as LoadGroup };
  }

  it('does not hammer a target that fails everything at once over HTTP/2, and hears an interruption', async () => {
    const port = await listen(createHttpServer((_, response) => response.end('ok')));
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 1500);
    const began = performance.now();
    const { result, group } = await drive(
      {
        target: `http://127.0.0.1:${port}`,
        workload: { transport: { httpVersion: '2' } },
        phases: [phase('closed', users(2), 5000)],
      },
      abort.signal,
    );
    assert.ok(performance.now() - began < 4500, 'the interruption was heard');
    assert.equal(result.interrupted, true);
    assert.ok(group.requests > 4 && group.requests < 100, `${group.requests}`);
    assert.equal(group.failed, group.requests);
  });

  it('does not storm a target that closes every connection', async () => {
    const port = await rawTarget((socket) => socket.destroy());
    const { result, group } = await drive({
      target: `http://127.0.0.1:${port}`,
      phases: [phase('closed', users(4), 1000)],
    });
    assert.ok(group.requests >= 8 && group.requests <= 44, `${group.requests}`);
    assert.deepEqual(group.failureCounts, { reset: group.requests });
    assert.ok(result.generator.connectionsOpened <= 48, `${result.generator.connectionsOpened}`);
  });

  it('takes the blame when its own machine gives it no more connections', async () => {
    const port = await listen(createHttpServer((_, response) => void setTimeout(() => response.end('ok'), 50)));
    const command = `ulimit -n 160; exec "$0" "$@"`;
    const args = [join(repository, 'src/cli/main.ts'), 'load', `http://127.0.0.1:${port}/`, '-c', '400', '-d', '2s'];
    const child = spawn('bash', ['-c', command, process.execPath, ...args, '--json'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let stdout = '';
    child.stdout.on('data', (piece: Buffer) => {
      stdout += piece.toString();
    });
    await new Promise((closed) => child.on('close', closed));
    const report = JSON.parse(stdout) as BareLoadReport;
    assert.ok((report.failureCounts['connect'] ?? 0) > 0, stdout);
    assert.equal(report.generator.healthy, false);
    assert.match(report.generator.reasons.join('\n'), /requests got no connection \(EMFILE\).*ulimit -n/);
  });

  it('says that no connection opened, not that all were busy', async () => {
    // Accepts TCP and never speaks: the TLS handshake does not end.
    const port = await listen(createServer());
    const { group } = await drive({
      target: `https://127.0.0.1:${port}`,
      scenarios: [{ steps: [step({ timeout: 300 })] }],
      phases: [phase('peak', rate(20), 300)],
    });
    assert.deepEqual(group.failureCounts, { connect: 6 });
    assert.match(group.failureMessages?.connect ?? '', /^no connection within 300 ms: \d+ were being opened$/);
  });

  it('does not take requests that never left for achieved', async () => {
    const port = await listen(createHttpServer((_, response) => void setTimeout(() => response.end('ok'), 100)));
    const { result, group } = await drive({
      target: `http://127.0.0.1:${port}`,
      scenarios: [{ steps: [step({ timeout: 300 })] }],
      phases: [phase('peak', rate(100), 1000)],
      safety: { maxConnections: 1 },
    });
    assert.equal(group.requests, 100);
    assert.match(group.failureMessages?.timeout ?? '', /all 1 were busy/);
    const { achievedRate, plannedRate } = result.generator;
    assert.equal(plannedRate, 100);
    assert.ok(achievedRate > 5 && achievedRate < 12, `${achievedRate}`);
  });

  it('counts the requests that waited for a connection, in both lanes', async () => {
    const slow = (): Server => createHttpServer((_, response) => void setTimeout(() => response.end('ok'), 50));
    const directory = mkdtempSync(join(tmpdir(), 'faultline-waits-'));
    const unixSocket = join(directory, 'target.sock');
    const [port, general] = [await listen(slow()), slow()];
    general.listen(unixSocket);
    await once(general, 'listening');
    try {
      const target = `http://127.0.0.1:${port}`;
      const waits = async (maxConnections: number, transport: Transport): Promise<unknown> => {
        const plan = {
          target,
          workload: { transport },
          phases: [phase('peak', rate(50), 400)],
          safety: { maxConnections },
        };
        const { group, result } = await drive(plan);
        return [group.good, result.generator.connectionWaits];
      };
      assert.deepEqual(await waits(1, {}), [20, 19]);
      assert.deepEqual(await waits(20, {}), [20, 0]);
      assert.deepEqual(await waits(1, { unixSocket }), [20, 19]);
      assert.deepEqual(await waits(20, { unixSocket }), [20, 0]);
    } finally {
      general.close();
      rmSync(directory, { recursive: true });
    }
  });

  it('keeps the connections of a burst open for the next while the calm between can use them', async () => {
    let isBurst = false;
    const port = await listen(
      createHttpServer((_, response) => void setTimeout(() => response.end('ok'), isBurst ? 200 : 0)),
    );
    const toggles = [500, 1000, 7000].map((ms, i) => setTimeout(() => (isBurst = i !== 1), ms));
    const { result, group } = await drive({
      target: `http://127.0.0.1:${port}`,
      phases: [phase('peak', rate(50), 7500)],
      safety: { maxConnections: 64 },
    });
    for (const toggle of toggles) clearTimeout(toggle);
    assert.equal(group.good, group.requests);
    // A burst takes 10 connections at a time; opened again for the second it would be 20 and more.
    assert.ok(
      result.generator.connectionsOpened >= 9 && result.generator.connectionsOpened <= 14,
      `${result.generator.connectionsOpened}`,
    );
  });

  it('tells a reused connection that the server had closed from an outage', async () => {
    const port = await rawTarget((socket, number) => (number === 1 ? socket.write(OK) : socket.destroy()));
    const { group } = await drive({ target: `http://127.0.0.1:${port}`, phases: [phase('closed', users(1), 400)] });
    assert.ok((group.failureCounts.reset ?? 0) > 0);
    assert.match(
      group.failureMessages?.reset ?? '',
      /^the server closed a reused connection before any reply: its keep-alive time-out may be shorter/,
    );
  });

  it('waits for the reply’s own first byte behind an interim reply', async () => {
    const port = await rawTarget((socket) => {
      socket.write('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n');
      setTimeout(() => socket.write(OK), 150);
    });
    const { group } = await drive({ target: `http://127.0.0.1:${port}`, phases: [phase('peak', rate(10), 300)] });
    assert.equal(group.good, 3);
    const { firstByte } = group.histograms;
    assert.ok((firstByte?.min ?? 0) >= 145_000, `${firstByte?.min}`);
  });

  it('opens no more connections than it may, however many threads are wanted', async () => {
    const port = await listen(createHttpServer((_, response) => void setTimeout(() => response.end('ok'), 50)));
    const { result } = await drive({
      target: `http://127.0.0.1:${port}`,
      phases: [phase('peak', rate(40), 500)],
      safety: { maxConnections: 1 },
      plan: { threads: 4 },
    });
    assert.equal(result.generator.connectionsOpened, 1);
  });
});
