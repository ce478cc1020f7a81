// A flood against a slow server: 100,000 arrivals in 2 s where the server can answer a small part of them. Nothing may be lost uncounted, the memory
// stays bounded, and the percentiles say what the clients would have felt.
import type { BareLoadReport } from '../../src/adapters/load/bare-load.ts';
import { faultline } from './generators.ts';
import { quietMachine } from './quiet-machine.ts';
import { runMeasured } from './run-measured.ts';
import { startRecordingServer } from './start-recording-server.ts';
import { round, type Table } from './tables.ts';
import { atMost, near, type Target } from './targets.ts';

const RATE = 50_000;
const SECONDS = 2;
const ARRIVALS = RATE * SECONDS;
const CONNECTIONS = 64;
const REPLY_MS = 5;
/** Of the second run, so that arrivals must be dropped. */
const MAX_IN_FLIGHT = 40_000;
/** A queue of 100,000 requests is worth a few tens of MiB, not hundreds. */
const MOST_MEMORY_MIB = 250;

type Figures = readonly [p50: number, p95: number, p99: number, max: number];

export interface Flood {
  readonly report: BareLoadReport;
  readonly memoryMiB: number;
  /** p50, p95, p99, max of what the clients felt, from the server's record. */
  readonly truth: Figures;
}

/** Without a limit of requests under way, and with one. */
export async function flood(): Promise<{ readonly queued: Flood; readonly limited: Flood }> {
  return { queued: await once(), limited: await once(MAX_IN_FLIGHT) };
}

async function once(maxInFlight?: number): Promise<Flood> {
  await quietMachine();
  const server = await startRecordingServer(0);
  try {
    server.delay(REPLY_MS);
    // Without a warm-up ramp, which would queue, too: all that arrives belongs to the flood.
    const generator = faultline('faultline', {
      warmUpMs: 0,
      timeoutMs: 120_000,
      ...(maxInFlight ? { maxInFlight } : {}),
    });
    const { args, env } = generator.command({
      url: server.url,
      connections: CONNECTIONS,
      seconds: SECONDS,
      rate: RATE,
    });
    const run = await runMeasured(args, { core: 1, env });
    if (run.code !== 0) throw new Error(`the flood ended with ${run.code}: ${run.stderr.slice(-400)}`);
    const report = JSON.parse(run.stdout) as BareLoadReport & { readonly mostMemoryMiB: number };
    return { report, memoryMiB: report.mostMemoryMiB, truth: truthOf((await server.arrivals()).toSorted()) };
  } finally {
    await server.stop();
  }
}

/** Requests are sent in the order they were due in, so the k-th to arrive is the k-th of the even schedule. */
function truthOf(atMs: Float64Array): Figures {
  const first = atMs[0] ?? Number.NaN;
  const felt = atMs.map((at, i) => at - first - (i * 1000) / RATE + REPLY_MS).toSorted();
  const at = (q: number): number => felt[Math.min(felt.length - 1, Math.floor(q * felt.length))] ?? Number.NaN;
  return [at(0.5), at(0.95), at(0.99), at(1)];
}

export function floodTable({ queued, limited }: Awaited<ReturnType<typeof flood>>): Table {
  const row = (name: string, { report, memoryMiB }: Flood): readonly string[] => {
    const { p50, p95, p99, max } = report.latencyMs;
    const counts = [report.requests, report.errors, report.dropped].map((count) => count.toLocaleString('en'));
    return [name, ...counts, ...[p50, p95, p99, max].map((ms) => round(ms, 0)), round(memoryMiB, 0)];
  };
  return {
    title: `${ARRIVALS.toLocaleString('en')} arrivals in ${SECONDS} s, a server that takes ${REPLY_MS} ms on each of ${CONNECTIONS} connections`,
    head: ['', 'requests', 'failed', 'dropped', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms', 'most memory MiB'],
    rows: [
      row('all may wait', queued),
      ['truth (server record)', '', '', '', ...queued.truth.map((ms) => round(ms, 0)), ''],
      row(`at most ${MAX_IN_FLIGHT.toLocaleString('en')} under way`, limited),
    ],
  };
}

export function floodTargets({ queued, limited }: Awaited<ReturnType<typeof flood>>): readonly Target[] {
  const { p50, p99, max } = queued.report.latencyMs;
  const counted = (run: Flood): number => run.report.requests + run.report.dropped;
  return [
    {
      what: `${ARRIVALS.toLocaleString('en')} arrivals queued: answered`,
      measured: `${queued.report.requests.toLocaleString('en')}, ${queued.report.errors} failed, ${queued.report.dropped} dropped`,
      wanted: 'all',
      met: queued.report.requests === ARRIVALS && queued.report.errors === 0,
    },
    near('flood: p50', p50, queued.truth[0], 0.03),
    near('flood: p99', p99, queued.truth[2], 0.03),
    near('flood: max', max, queued.truth[3], 0.03),
    atMost({
      what: 'flood: memory of the whole process',
      value: queued.memoryMiB,
      limit: MOST_MEMORY_MIB,
      unit: ' MiB',
      digits: 0,
    }),
    {
      what: 'flood with a limit: requests + dropped',
      measured: `${limited.report.requests.toLocaleString('en')} + ${limited.report.dropped.toLocaleString('en')}`,
      wanted: `= ${ARRIVALS.toLocaleString('en')}, some dropped`,
      met: counted(limited) === ARRIVALS && limited.report.dropped > 0,
    },
  ];
}
