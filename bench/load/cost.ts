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
  /** Only these; absent: all. */
  readonly only?: readonly string[];
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
  only,
}: CostOptions): Promise<readonly CostRow[]> {
  const present = generators().filter(
    ({ name, absent }) => absent === undefined && (only === undefined || only.includes(name)),
  );
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
      const long = await run(generator, { url, connections, seconds: generator.startsSlowly ? seconds * 2 : seconds });
      const short = generator.startsSlowly
        ? await run(generator, { url, connections, seconds })
        : { cpuSeconds: 0, requests: 0 };
      const requests = long.requests - short.requests;
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

/** The limits of the load engine's issue: at most so many times the peer's cost. */
const LIMITS: Readonly<Record<string, number>> = {
  wrk: 1.25,
  oha: 0.9,
  autocannon: 0.45,
  Gatling: 0.45,
  vegeta: 0.35,
  Artillery: 1 / 40,
};
const LIMITS_SECURE: Readonly<Record<string, number>> = { wrk: 1.4 };
const LEAST_RPS = 70_000;

export function costTable(rows: readonly CostRow[], how: 'plain' | 'TLS'): Table {
  const limits = how === 'plain' ? LIMITS : LIMITS_SECURE;
  const own = ownRow(rows).cpuPer100k;
  const ratio = (value: number): string => round(value, value < 0.1 ? 3 : 2);
  return {
    title: `HTTP/1.1 keep-alive${how === 'TLS' ? ' over TLS 1.3' : ''}, 64 connections, one core`,
    head: ['generator', 'CPU-s per 100k', 'lowest-highest', 'requests/s on one core', 'faultline / it', 'wanted'],
    rows: rows.map(({ name, cpuPer100k, lowest, highest, rps }) => [
      name,
      round(cpuPer100k, 2),
      `${round(lowest, 2)}-${round(highest, 2)}`,
      Math.round(rps).toLocaleString('en'),
      name === 'faultline' ? '' : ratio(own / cpuPer100k),
      limits[name] === undefined ? '' : `<= ${ratio(limits[name])}`,
    ]),
  };
}

/** A peer that is not here is a target not met: nobody has looked. */
export function costTargets(rows: readonly CostRow[], how: 'plain' | 'TLS'): readonly Target[] {
  const own = ownRow(rows);
  const ratios = Object.entries(how === 'plain' ? LIMITS : LIMITS_SECURE).map(([name, limit]) =>
    atMost({
      what: `CPU per request${how === 'TLS' ? ' over TLS' : ''} against ${name}`,
      value: own.cpuPer100k / (rows.find((row) => row.name === name)?.cpuPer100k ?? Number.NaN),
      limit,
      unit: 'x',
      digits: limit < 0.1 ? 4 : 2,
    }),
  );
  const speed = { what: 'requests/s on one core', value: own.rps, limit: LEAST_RPS, digits: 0 };
  return how === 'plain' ? [...ratios, atLeast(speed)] : ratios;
}

function ownRow(rows: readonly CostRow[]): CostRow {
  const own = rows.find(({ name }) => name === 'faultline');
  if (own === undefined) throw new Error('faultline itself was not measured');
  return own;
}
