// The freeze test: the server stands still for 1 s in the middle of 10 s at 2,000/s. What do the generators say of it?
import { setTimeout as sleep } from 'node:timers/promises';
import type { Generator } from './generator.ts';
import { faultline, generators } from './generators.ts';
import { quietMachine } from './quiet-machine.ts';
import { runMeasured } from './run-measured.ts';
import { startRecordingServer } from './start-recording-server.ts';
import { median, round, type Table } from './tables.ts';

const RATE = 2000;
const SECONDS = 10;
const FREEZE_MS = 1000;

interface Row {
  readonly name: string;
  readonly said: readonly number[];
  /** The same figures from the server's record: arrival behind the schedule. */
  readonly truth: readonly number[];
}

export async function freeze(rounds: number): Promise<readonly Row[]> {
  const peers = generators().filter(
    (each) => each.hasRate && each.absent === undefined && each.latencies !== undefined && each.name !== 'faultline',
  );
  const all = [faultline(), ...peers];
  const found = new Map<string, Row[]>(all.map(({ name }) => [name, []]));
  for (let turn = 0; turn < rounds; turn += 1) {
    for (const generator of all) found.get(generator.name)?.push(await once(generator));
  }
  const middle = (rows: readonly Row[], field: 'said' | 'truth'): readonly number[] =>
    [0, 1, 2, 3].map((i) => median(rows.map((row) => row[field][i] ?? Number.NaN)));
  return all.map(({ name }) => ({
    name,
    said: middle(found.get(name) ?? [], 'said'),
    truth: middle(found.get(name) ?? [], 'truth'),
  }));
}

async function once(generator: Generator): Promise<Row> {
  await quietMachine();
  const server = await startRecordingServer(0);
  try {
    const { args, stdin, env } = generator.command({ url: server.url, connections: 128, seconds: SECONDS, rate: RATE });
    const running = runMeasured(args, { core: 1, stdin, env });
    await sleep(1500);
    server.freeze(FREEZE_MS, 4000);
    const { stdout } = await running;
    const arrivals = (await server.arrivals()).toSorted();
    const own = arrivals.subarray(Math.max(0, arrivals.length - RATE * SECONDS));
    return {
      name: generator.name,
      said: (generator.latencies?.(stdout) ?? []).map((value) => value ?? Number.NaN),
      truth: truthOf(own),
    };
  } finally {
    await server.stop();
  }
}

/** What every client should have felt at an even schedule: p50, p95, p99, max of the arrivals' lag. */
function truthOf(atMs: Float64Array): readonly number[] {
  const gap = 1000 / RATE;
  let anchor = Number.POSITIVE_INFINITY;
  for (let i = 0; i < atMs.length; i += 1) anchor = Math.min(anchor, (atMs[i] as number) - i * gap);
  const lags = atMs.map((at, i) => at - anchor - i * gap).toSorted();
  return [0.5, 0.95, 0.99, 1].map((q) => lags[Math.min(lags.length - 1, Math.floor(q * lags.length))] ?? Number.NaN);
}

export function freezeTable(rows: readonly Row[]): Table {
  const [own] = rows;
  return {
    title: 'A server that stands still for 1 s of 10 s at 2,000/s',
    head: ['generator', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms'],
    rows: [
      ['truth (server record, even schedule)', ...(own?.truth ?? []).map((value) => round(value, 1))],
      ...rows.map(({ name, said }) => [name, ...said.map((value) => round(value, 1))]),
    ],
    note: 'Wanted of faultline: p50 within 1 ms, p95, p99 and max within 3% of the truth. A generator that sent less while the server stood still has hidden what happened.',
  };
}
