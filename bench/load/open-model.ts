// Does the load arrive when it should? Seen by the server: lag behind an even schedule, dispersion, rate.
import type { Generator } from './generator.ts';
import { faultline, generators } from './generators.ts';
import { quietMachine } from './quiet-machine.ts';
import { runMeasured } from './run-measured.ts';
import { startRecordingServer } from './start-recording-server.ts';
import { median, round, type Table } from './tables.ts';
import { atMost, type Target } from './targets.ts';

export interface ArrivalFigures {
  readonly lagP50: number;
  readonly lagP99: number;
  readonly lagMax: number;
  /** Variance over mean of the counts in 10 ms bins: 0 even, 1 Poisson. */
  readonly dispersion: number;
  readonly rate: number;
}

/** Lag of arrivals behind an even schedule of this rate, anchored where it is smallest; the first and the last half second are left out. */
function arrivalFigures(atMs: Float64Array, rate: number): ArrivalFigures {
  const sorted = atMs.toSorted();
  const [start = 0, end = 0] = [(sorted[0] ?? 0) + 500, (sorted.at(-1) ?? 0) - 500];
  const counted = sorted.filter((at) => at >= start && at < end);
  const gap = 1000 / rate;
  let anchor = Number.POSITIVE_INFINITY;
  for (let i = 0; i < counted.length; i += 1) anchor = Math.min(anchor, (counted[i] as number) - i * gap);
  const lags = counted.map((at, i) => at - anchor - i * gap).toSorted();
  const bins = new Float64Array(Math.floor((end - start) / 10));
  for (const at of counted) {
    const bin = Math.floor((at - start) / 10);
    if (bin < bins.length) bins[bin] = (bins[bin] as number) + 1;
  }
  const mean = bins.reduce((sum, count) => sum + count, 0) / bins.length;
  const variance = bins.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (bins.length - 1);
  const at = (q: number): number => lags[Math.min(lags.length - 1, Math.floor(q * lags.length))] ?? Number.NaN;
  return {
    lagP50: at(0.5),
    lagP99: at(0.99),
    lagMax: at(1),
    dispersion: variance / mean,
    rate: (counted.length * 1000) / (end - start),
  };
}

interface Row extends ArrivalFigures {
  readonly name: string;
  readonly core: number;
}

export interface OpenModelOptions {
  readonly rate: number;
  readonly seconds: number;
  readonly rounds: number;
  /** Also the peers that can be told a rate. */
  readonly withPeers: boolean;
  readonly schedulers: readonly ('tick' | 'timer' | 'spin')[];
}

/** Medians of all rounds for each way of sending at a rate. */
export async function openModel({
  rate,
  seconds,
  rounds,
  withPeers,
  schedulers,
}: OpenModelOptions): Promise<readonly Row[]> {
  const own = schedulers.map((scheduler) => faultline(`faultline ${scheduler}`, { scheduler }));
  const poisson = rate <= 5000 ? [faultline('faultline tick, Poisson', { arrivals: 'poisson' })] : [];
  const peers = withPeers
    ? generators().filter((each) => each.hasRate && each.absent === undefined && each.name !== 'faultline')
    : [];
  const all = [...own, ...poisson, ...peers];
  const found = new Map<string, Row[]>(all.map(({ name }) => [name, []]));
  for (let turn = 0; turn < rounds; turn += 1) {
    for (const generator of all) found.get(generator.name)?.push(await once(generator, rate, seconds));
  }
  return all.map(({ name }) => {
    const rows = found.get(name) ?? [];
    const of = (field: keyof ArrivalFigures | 'core'): number => median(rows.map((row) => row[field]));
    return {
      name,
      lagP50: of('lagP50'),
      lagP99: of('lagP99'),
      lagMax: of('lagMax'),
      dispersion: of('dispersion'),
      rate: of('rate'),
      core: of('core'),
    };
  });
}

async function once(generator: Generator, rate: number, seconds: number): Promise<Row> {
  await quietMachine();
  const server = await startRecordingServer(0);
  try {
    const { args, stdin, env } = generator.command({ url: server.url, connections: 128, seconds, rate });
    const { cpuSeconds, wallSeconds } = await runMeasured(args, { core: 1, stdin, env });
    const arrivals = await server.arrivals();
    // The engine's warm-up ramp comes first: only the last `rate x seconds` arrivals are the plan's.
    const planned = Math.min(arrivals.length, Math.round(rate * seconds));
    return {
      name: generator.name,
      ...arrivalFigures(arrivals.subarray(arrivals.length - planned), rate),
      core: cpuSeconds / wallSeconds,
    };
  } finally {
    await server.stop();
  }
}

export function openModelTable(rate: number, rows: readonly Row[]): Table {
  return {
    title: `Open model at ${rate.toLocaleString('en')}/s, seen by the server`,
    head: ['generator', 'rate', 'lag p50 ms', 'lag p99 ms', 'lag max ms', 'dispersion', 'cores'],
    rows: rows.map(({ name, rate: achieved, lagP50, lagP99, lagMax, dispersion, core }) => {
      // An even schedule is no yardstick for a Poisson process.
      const lags = name.includes('Poisson') ? ['', '', ''] : [round(lagP50, 2), round(lagP99, 2), round(lagMax, 1)];
      return [name, round(achieved, 1), ...lags, round(dispersion, 3), round(core, 2)];
    }),
    note: 'Lag: behind an even schedule. Dispersion: variance over mean of the counts in 10 ms; 0 is even, 1 a Poisson process. Cores include the start of the program.',
  };
}

export function openModelTargets(rate: number, rows: readonly Row[]): readonly Target[] {
  const row = (name: string): Row | undefined => rows.find((each) => each.name === name);
  const [tick, timer, poisson] = [row('faultline tick'), row('faultline timer'), row('faultline tick, Poisson')];
  const at = `${rate.toLocaleString('en')}/s`;
  const lag = (scheduler: string, found: Row | undefined, limit: number): Target =>
    atMost({ what: `lag p99 at ${at}, ${scheduler}`, value: found?.lagP99 ?? Number.NaN, limit, unit: ' ms' });
  if (rate > 2000) return [lag('tick', tick, 8)];
  const core = (scheduler: string, found: Row | undefined, limit: number): Target =>
    atMost({ what: `cores at ${at}, ${scheduler}`, value: found?.core ?? Number.NaN, limit });
  const dispersion = poisson?.dispersion ?? Number.NaN;
  return [
    lag('tick', tick, 2),
    core('tick', tick, 0.15),
    lag('timer', timer, 1.2),
    core('timer', timer, 0.4),
    atMost({ what: `dispersion at ${at}, constant`, value: tick?.dispersion ?? Number.NaN, limit: 0.1, digits: 3 }),
    {
      what: `dispersion at ${at}, Poisson`,
      measured: round(dispersion, 3),
      wanted: '1 +- 0.1',
      met: Math.abs(dispersion - 1) <= 0.1,
    },
    atMost({
      what: `rate error at ${at}`,
      value: Math.abs((tick?.rate ?? Number.NaN) / rate - 1) * 100,
      limit: 0.1,
      unit: '%',
      digits: 3,
    }),
  ];
}
