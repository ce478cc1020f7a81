// Starts a real program for a test and ends it again: this one process and no other.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface PeerCommand {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A URL that answers with 200 when the program is ready, or a question of the peer's own. */
  readonly ready: string | (() => Promise<boolean>);
  /** Milliseconds from start to readiness. */
  readonly timeoutMs?: number;
}

export interface RunningPeer {
  readonly pid: number;
  /** What the program wrote, its last 8 kB: for messages when a test fails. */
  readonly output: () => string;
  /** Ends the process: SIGTERM, after 3 s SIGKILL. */
  readonly stop: () => Promise<void>;
}

/** Resolves when the program answers; rejects, with its output, when it ends before or does not answer in time. */
export async function startPeer({
  name,
  program,
  args,
  env,
  ready,
  timeoutMs = 20_000,
}: PeerCommand): Promise<RunningPeer> {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => {
      output = (output + text.toString()).slice(-8192);
    });
  }
  const stop = (): Promise<void> => end(child);
  const failed = new Promise<never>((_resolve, reject) => {
    child.once('error', (cause) => reject(new Error(`${name} cannot be started`, { cause })));
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code} before it was ready:\n${output}`)));
  });
  // Ends that come later are not failures of the start.
  failed.catch(() => undefined);
  try {
    await Promise.race([untilReady(ready, timeoutMs), failed]);
  } catch (error) {
    await stop();
    throw error instanceof Error && error.message.startsWith(name)
      ? error
      : new Error(`${name}: ${String(error)}\n${output}`);
  }
  return { pid: child.pid as number, output: () => output, stop };
}

/** `count` ports that are free now; they may be taken by others before they are used, which `startPeer` then reports. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** A folder for the peer's files, and its removal. */
export async function scratchFolder(
  name: string,
): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `faultline-${name}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}

async function untilReady(ready: PeerCommand['ready'], timeoutMs: number): Promise<void> {
  const isReady = typeof ready === 'string' ? () => answers(ready) : ready;
  const deadline = Date.now() + timeoutMs;
  while (!(await isReady().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`not ready within ${timeoutMs} ms`);
    await sleep(100);
  }
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
  await response.body?.cancel();
  return response.status === 200;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended;
  clearTimeout(force);
}
