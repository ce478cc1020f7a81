// What a request costs: CPU seconds of the whole generator process for 100,000 requests, as the server counted them.
import type { Generator, LoadOrder } from './generator.ts';
import { generators } from './generators.ts';
import { quietMachine } from './quiet-machine.ts';
import { runMeasured } from './run-measured.ts';
import type { Nginx } from './start-nginx.ts';
import { median, round, type Table } from './tables.ts';
import { atLeast, atMost, type Target } from './targets.ts';

export interface CostOptions {
  readonly nginx: Nginx;
  readonly url: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
  readonly group: CostGroupName;
}

export interface CostRow {
  readonly name: string;
  readonly cpuPer100k: number;
  readonly lowest: number;
  readonly highest: number;
  readonly rps: number;
  readonly runs: number;
}

interface Turn {
  readonly cpuSeconds: number;
  readonly requests: number;
}

/** The generators in turn, round after round; medians. */
export async function cost({
  nginx,
  url,
  rounds,
  seconds,
  connections,
  group,
}: CostOptions): Promise<readonly CostRow[]> {
  const { peers } = COST_GROUPS[group];
  const wanted = new Set(['faultline', ...peers]);
  const present = generators().filter(({ name, absent }) => absent === undefined && wanted.has(name));
  const turns = new Map<string, { readonly per100k: number; readonly rps: number }[]>(
    present.map(({ name }) => [name, []]),
  );
  const run = async (generator: Generator, order: LoadOrder): Promise<Turn> => {
    const { args, stdin, env } = generator.command(order);
    await nginx.requestsSince();
    const { cpuSeconds, code, stderr } = await runMeasured(args, { core: generator.pins ? 1 : undefined, stdin, env });
    const requests = await nginx.requestsSince();
    if (requests < 100)
      throw new Error(`${generator.name} sent ${requests} requests (exit code ${code}): ${stderr.slice(-400)}`);
    return { cpuSeconds, requests };
  };
  for (let turn = 0; turn < rounds; turn += 1) {
    for (const generator of present) {
      await quietMachine();
      const { startsSlowly = 0 } = generator;
      const long = await run(generator, { url, connections, seconds: startsSlowly + seconds });
      const short =
        startsSlowly === 0
          ? { cpuSeconds: 0, requests: 0 }
          : await run(generator, { url, connections, seconds: startsSlowly });
      const requests = long.requests - short.requests;
      if (requests <= 0)
        throw new Error(`${generator.name} sent less in a longer time: the machine is too busy to measure`);
      turns
        .get(generator.name)
        ?.push({ per100k: ((long.cpuSeconds - short.cpuSeconds) / requests) * 1e5, rps: requests / seconds });
    }
  }
  return present.map(({ name }) => {
    const found = turns.get(name) ?? [];
    const costs = found.map(({ per100k }) => per100k);
    return {
      name,
      cpuPer100k: median(costs),
      lowest: Math.min(...costs),
      highest: Math.max(...costs),
      rps: median(found.map(({ rps }) => rps)),
      runs: found.length,
    };
  });
}

/** Which generators are measured together, and at most so many times the peer's cost, by the load engine's issue. */
interface CostGroup {
  readonly title: string;
  readonly peers: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
}

export type CostGroupName = 'cost' | 'slow' | 'tls';

const PLAIN = 'HTTP/1.1 keep-alive, 64 connections, one core';

/** Those that take long to start have a group of their own: they need so much more time. */
const COST_GROUPS: Readonly<Record<CostGroupName, CostGroup>> = {
  cost: {
    title: PLAIN,
    peers: ['wrk', 'h2load', 'oha', 'hey', 'vegeta', 'autocannon'],
    limits: { wrk: 1.25, oha: 0.9, autocannon: 0.45, vegeta: 0.35 },
  },
  slow: { title: PLAIN, peers: ['Gatling', 'Artillery'], limits: { Gatling: 0.45, Artillery: 1 / 40 } },
  tls: { title: `${PLAIN}, TLS 1.3`, peers: ['wrk', 'h2load', 'autocannon'], limits: { wrk: 1.4 } },
};

const LEAST_RPS = 70_000;

export function costTable(rows: readonly CostRow[], group: CostGroupName): Table {
  const { title, limits } = COST_GROUPS[group];
  const own = ownRow(rows).cpuPer100k;
  const floor = rows.find(({ name }) => name === 'wrk')?.cpuPer100k;
  const ratio = (value: number): string => round(value, value < 0.1 ? 3 : 2);
  return {
    title,
    head: [
      'generator',
      'CPU-s per 100k',
      'lowest-highest',
      'requests/s on one core',
      'faultline / it',
      'wanted',
      'wrk / it',
    ],
    rows: rows.map(({ name, cpuPer100k, lowest, highest, rps }) => [
      name,
      round(cpuPer100k, 2),
      `${round(lowest, 2)}-${round(highest, 2)}`,
      Math.round(rps).toLocaleString('en'),
      name === 'faultline' ? '' : ratio(own / cpuPer100k),
      limits[name] === undefined ? '' : `<= ${ratio(limits[name])}`,
      // wrk is the least that the kernel lets a client cost: no ratio can be far below its own.
      floor === undefined || name === 'wrk' ? '' : ratio(floor / cpuPer100k),
    ]),
  };
}

/** A peer that is not here is a target not met: nobody has looked. */
export function costTargets(rows: readonly CostRow[], group: CostGroupName): readonly Target[] {
  const own = ownRow(rows);
  const { limits } = COST_GROUPS[group];
  const ratios = Object.entries(limits).map(([name, limit]) =>
    atMost({
      what: `CPU per request${group === 'tls' ? ' over TLS' : ''} against ${name}`,
      value: own.cpuPer100k / (rows.find((row) => row.name === name)?.cpuPer100k ?? Number.NaN),
      limit,
      unit: 'x',
      digits: limit < 0.1 ? 4 : 2,
    }),
  );
  const speed = { what: 'requests/s on one core', value: own.rps, limit: LEAST_RPS, digits: 0 };
  return group === 'cost' ? [...ratios, atLeast(speed)] : ratios;
}

function ownRow(rows: readonly CostRow[]): CostRow {
  const own = rows.find(({ name }) => name === 'faultline');
  if (own === undefined) throw new Error('faultline itself was not measured');
  return own;
}
