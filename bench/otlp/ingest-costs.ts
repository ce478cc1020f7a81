// CPU that a server spends on a million spans posted to it, read from /proc: our receiver and a Collector that drops what it gets.
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { writeOtlpProtobuf } from '../../src/adapters/shared/otlp/write-protobuf.ts';
import { startCollector } from '../../test/support/peers/collector.ts';
import { batchOf, jsonOf } from './batches.ts';
import { median } from './decode-rates.ts';

export interface IngestCost {
  readonly name: string;
  readonly cpuSecondsPerMillion: number;
  readonly spans: number;
}

interface Server {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  readonly encoding: 'protobuf' | 'json';
  readonly stop: () => Promise<void>;
}

const turns = 3;
const spansPerBody = 512;
const connections = 4;

export async function ingestCosts(
  seconds: number,
  { withCollector }: { readonly withCollector: boolean },
): Promise<readonly IngestCost[]> {
  const receiver = await startReceiver();
  const collector = withCollector ? await startCollector() : undefined;
  const servers: readonly Server[] = (['protobuf', 'json'] as const).flatMap((encoding) => [
    { name: `own receiver, ${encoding}`, url: receiver.url, pid: receiver.pid, encoding, stop: receiver.stop },
    ...(collector === undefined
      ? []
      : [
          {
            name: `Collector to nop, ${encoding}`,
            url: collector.otlpUrl,
            pid: collector.pid,
            encoding,
            stop: collector.stop,
          },
        ]),
  ]);
  try {
    const bodies = {
      protobuf: Array.from({ length: 16 }, (_, i) => writeOtlpProtobuf(batchOf(i, spansPerBody))),
      json: [] as Buffer[],
    };
    for (const body of bodies.protobuf) bodies.json.push(Buffer.from(jsonOf(body)));
    const costs = servers.map(() => [] as number[]);
    const counts = servers.map(() => 0);
    for (let turn = 0; turn <= turns; turn += 1) {
      for (const [i, server] of servers.entries()) {
        const before = cpuSeconds(server.pid);
        const posted = (await post(server, bodies[server.encoding], (seconds * 1000) / turns)) * spansPerBody;
        if (turn === 0) continue;
        costs[i]?.push(((cpuSeconds(server.pid) - before) / posted) * 1e6);
        counts[i] = (counts[i] ?? 0) + posted;
      }
    }
    return servers.map(({ name }, i) => ({
      name,
      cpuSecondsPerMillion: median(costs[i] ?? []),
      spans: counts[i] ?? 0,
    }));
  } finally {
    await receiver.stop();
    await collector?.stop();
  }
}

async function startReceiver(): Promise<{
  readonly url: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}> {
  const child = fork(new URL('./receiver-process.ts', import.meta.url), { stdio: 'inherit' });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(String(message)));
    child.once('exit', (code) => reject(new Error(`the receiver ended with ${code}`)));
  });
  return {
    url,
    pid: child.pid as number,
    stop() {
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Posts for so long over a few connections; the number of bodies taken. */
async function post(server: Server, bodies: readonly Buffer[], milliseconds: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const headers = { 'content-type': server.encoding === 'json' ? 'application/json' : 'application/x-protobuf' };
  const until = performance.now() + milliseconds;
  let taken = 0;
  const loop = async (): Promise<void> => {
    while (performance.now() < until) {
      const status = await postOne(`${server.url}/v1/traces`, agent, headers, bodies[taken % bodies.length] as Buffer);
      if (status !== 200) throw new Error(`${server.name} answered ${status}`);
      taken += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, loop));
  agent.destroy();
  return taken;
}

function postOne(url: string, agent: Agent, headers: Record<string, string>, body: Buffer): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  request(url, { method: 'POST', agent, headers: { ...headers, 'content-length': body.length } }, (response) => {
    response.resume().once('end', () => resolve(response.statusCode ?? 0));
  })
    .once('error', reject)
    .end(body);
  return promise;
}

/** User and system time of the process with all its threads; a tick is 10 ms. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
