// Memory for each connection and user, time to the first request, threads, many connections.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import process from 'node:process';
import type { BareLoadReport } from '../../src/adapters/load/bare-load.ts';
import type { Generator } from './generator.ts';
import { faultline } from './generators.ts';
import { quietMachine } from './quiet-machine.ts';
import { runMeasured } from './run-measured.ts';
import type { Nginx } from './start-nginx.ts';
import { median } from './tables.ts';

/** How long the closed loop over very many connections runs. */
export const MANY_SECONDS = 30;
const MEMORY = new URL('./memory-process.ts', import.meta.url).pathname;

/** KiB for each idle connection and for each user of a closed model who thinks. */
export async function memoryPer(nginx: Nginx, kind: 'connection' | 'user', count: number): Promise<number> {
  const { stdout, stderr, code } = await runMeasured([
    process.execPath,
    '--expose-gc',
    MEMORY,
    nginx.url,
    kind,
    `${count}`,
  ]);
  if (code !== 0) throw new Error(`memory of a ${kind}: ${stderr.slice(-400)}`);
  return Number(stdout);
}

/** Milliseconds from the start of the process to the first byte at the server; median. */
export async function timeToFirstRequest(
  args: readonly string[],
  rounds: number,
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const found: number[] = [];
  for (let turn = 0; turn < rounds; turn += 1) {
    await quietMachine();
    found.push(await firstRequest(args, env));
  }
  return median(found);
}

async function firstRequest(args: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  const first = Promise.withResolvers<number>();
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', () => {
      first.resolve(performance.now());
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  const [program = '', ...rest] = args.map((arg) => arg.replace('{url}', `http://127.0.0.1:${port}/`));
  const began = performance.now();
  const child = spawn(program, rest, { stdio: 'ignore', env: { ...process.env, ...env } });
  const gone = new Promise<void>((left) => child.once('close', () => left()));
  const timer = setTimeout(() => first.reject(new Error(`${args.join(' ')} sent nothing in 20 s`)), 20_000);
  try {
    return (await first.promise) - began;
  } finally {
    clearTimeout(timer);
    child.kill('SIGTERM');
    await gone;
    server.close();
  }
}

/** The command line as it is run by users: built when there is a build, else from the sources. */
export function commandLine(): { readonly name: string; readonly args: readonly string[] } {
  const built = new URL('../../dist/cli/main.js', import.meta.url).pathname;
  const source = new URL('../../src/cli/main.ts', import.meta.url).pathname;
  const [name, main] = existsSync(built)
    ? ['faultline load (built)', built]
    : ['faultline load (from sources)', source];
  return { name, args: [process.execPath, main, 'load', '{url}', '--rate', '100/s', '--duration', '1s'] };
}

async function drive(generator: Generator, order: Parameters<Generator['command']>[0], core?: number) {
  const { args, env } = generator.command(order);
  const run = await runMeasured(args, { core, env });
  if (run.code !== 0) throw new Error(`${generator.name}: ${run.stderr.slice(-400)}`);
  return { ...run, report: JSON.parse(run.stdout) as BareLoadReport };
}

/** CPU seconds per 100k requests of two threads over that of one: 1 is perfect scaling. */
export async function threadCostRatio(nginx: Nginx, seconds: number, rounds: number): Promise<number> {
  const ratios: number[] = [];
  for (let turn = 0; turn < rounds; turn += 1) {
    await quietMachine();
    const costs: number[] = [];
    for (const threads of [1, 2]) {
      const { cpuSeconds, report } = await drive(
        faultline('faultline', { threads }),
        { url: nginx.url, connections: 64, seconds },
        1,
      );
      costs.push(cpuSeconds / report.requests);
    }
    ratios.push((costs[1] ?? Number.NaN) / (costs[0] ?? Number.NaN));
  }
  return median(ratios);
}

/**
 * A closed loop over very many connections: errors and requests. While thousands of replies are always ready, libuv takes up new sockets only about
 * twice a second, so opening takes its time.
 */
export async function manyConnections(
  nginx: Nginx,
  connections: number,
): Promise<{ readonly opened: number; readonly errors: number; readonly requests: number }> {
  const { report } = await drive(faultline(), { url: nginx.url, connections, seconds: MANY_SECONDS });
  return { opened: report.connectionsOpened, errors: report.errors, requests: report.requests };
}
