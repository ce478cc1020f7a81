// The freeze test: the server stands still for 1 s in the middle of 10 s at 2,000/s. What do the generators say of it?
import { setTimeout as sleep } from 'node:timers/promises';
import type { BareLoadReport } from '../../src/adapters/load/bare-load.ts';
import type { Generator } from './generator.ts';
import { faultline, generators } from './generators.ts';
import { quietMachine } from './quiet-machine.ts';
import { runMeasured } from './run-measured.ts';
import { startRecordingServer } from './start-recording-server.ts';
import { median, round, type Table } from './tables.ts';
import { atMost, near, type Target } from './targets.ts';

const RATE = 2000;
const SECONDS = 10;
const FREEZE_MS = 1000;

/** p50, p95, p99 and max in milliseconds. */
type Figures = readonly number[];

interface Row {
  readonly name: string;
  readonly said: Figures;
  /** The same figures from the server's record: arrival behind the schedule. */
  readonly truth: Figures;
  /** What else the engine says; absent for peers. */
  readonly service?: Figures;
  readonly lag?: Figures;
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
  return all.map(({ name }) => {
    const rows = found.get(name) ?? [];
    const middle = (field: 'said' | 'truth' | 'service' | 'lag'): Figures =>
      [0, 1, 2, 3].map((i) => median(rows.map((row) => row[field]?.[i] ?? Number.NaN)));
    const beside = rows[0]?.service === undefined ? {} : { service: middle('service'), lag: middle('lag') };
    return { name, said: middle('said'), truth: middle('truth'), ...beside };
  });
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
      ...besideOf(generator, stdout),
    };
  } finally {
    await server.stop();
  }
}

function besideOf({ name }: Generator, stdout: string): Pick<Row, 'service' | 'lag'> {
  if (name !== 'faultline') return {};
  const { serviceMs, lagMs } = JSON.parse(stdout) as BareLoadReport;
  const figures = ({ p50, p95, p99, max }: BareLoadReport['serviceMs']): Figures => [p50, p95, p99, max];
  return { service: figures(serviceMs), lag: figures(lagMs) };
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
  const line = (name: string, figures: Figures = []): readonly string[] => [
    name,
    ...figures.map((value) => round(value, 1)),
  ];
  return {
    title: 'The server stands still for 1 s of 10 s at 2,000/s',
    head: ['generator', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms'],
    rows: [
      line('truth (server record, even schedule)', own?.truth),
      line('faultline: latency', own?.said),
      line('faultline: service (from the send)', own?.service),
      line('faultline: lag (from intended start to send)', own?.lag),
      ...rows.slice(1).map(({ name, said }) => line(name, said)),
    ],
    note: 'A generator that sends less while the server stands still hides what happened.',
  };
}

export function freezeTargets([own]: readonly Row[]): readonly Target[] {
  const [p50 = Number.NaN, p95 = Number.NaN, p99 = Number.NaN, max = Number.NaN] = own?.said ?? [];
  const [trueP50 = Number.NaN, trueP95 = Number.NaN, trueP99 = Number.NaN, trueMax = Number.NaN] = own?.truth ?? [];
  return [
    atMost({ what: 'freeze: p50 off the truth', value: Math.abs(p50 - trueP50), limit: 1, unit: ' ms' }),
    near('freeze: p95', p95, trueP95, 0.03),
    near('freeze: p99', p99, trueP99, 0.03),
    near('freeze: max', max, trueMax, 0.03),
  ];
}
