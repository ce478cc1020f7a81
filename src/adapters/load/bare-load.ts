// A bare load run against one URL, without any document: what `faultline load` prints.
import { randomBytes } from 'node:crypto';
import { mergeData } from '../../core/load/histogram.ts';
import { quantileOf } from '../../core/model/histogram-data.ts';
import type { HistogramData, LoadResult, LoadSnapshot, MeasureName } from '../../core/model/load.ts';
import { err, ok, type Result } from '../../core/model/result.ts';
import { millis, perSecond } from '../../core/model/units.ts';
import type { Pace, Step, StepBody, Transport, Workload } from '../../core/model/workload.ts';
import type { LoadError, LoadPlan } from '../../ports/load-engine.ts';
import { loadEngine } from './load-engine.ts';
import { parseOrigin } from './requests/origin.ts';

export interface BareLoadOptions {
  readonly url: string;
  /** Requests a second, spread evenly whatever the replies do; `max`: as fast as `connections` users in a closed loop go. */
  readonly rate: number | 'max';
  /** Most connections; users of the closed loop. */
  readonly connections: number;
  readonly durationMs: number;
  /** Most requests; the run ends when they have ended, or after `durationMs`. A fixed rate sends them in `requests / rate` seconds. */
  readonly requests?: number;
  readonly arrivals?: 'constant' | 'poisson';
  /** GET when absent, POST with a body. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A file whose bytes are the body, instead of `body`. */
  readonly bodyFile?: string;
  readonly timeoutMs?: number;
  /** Uncounted ramp before a fixed rate; 1 s when absent. `max` only opens its connections ahead. */
  readonly warmUpMs?: number;
  readonly threads?: number;
  readonly scheduler?: 'tick' | 'timer' | 'spin';
  /** Most requests under way or waiting for a connection; further arrivals are dropped and counted. 200,000 when absent. */
  readonly maxInFlight?: number;
  /** Most requests a second whose traces the target is asked to keep; 100 when absent. */
  readonly maxSampledPerSecond?: number;
  readonly seed?: number;
  /** HTTP/2, a proxy, a unix socket, TLS settings; absent: HTTP/1.1 straight to the URL's host. */
  readonly transport?: Transport;
}

/** Milliseconds. 0 throughout when there was no request. */
export interface LatencySummary {
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly 'p99.9': number;
  readonly max: number;
  readonly mean: number;
}

/** The object of `load --json`. Latency runs from the intended start, service from the send; lag lies between the two. */
export interface BareLoadReport {
  readonly requests: number;
  /** Failed requests: no complete reply, or a status of 400 and above. */
  readonly errors: number;
  readonly dropped: number;
  /** Why they were, by reason. */
  readonly dropReasons: Readonly<Record<string, number>>;
  /** Requests a second; `planned` is null where the plan was "as fast as possible". */
  readonly rate: { readonly planned: number | null; readonly achieved: number };
  readonly latencyMs: LatencySummary;
  readonly serviceMs: LatencySummary;
  readonly lagMs: LatencySummary;
  /** From the send to the first byte of the reply. */
  readonly firstByteMs: LatencySummary;
  /** Opening a connection, TLS included, for the requests that were the first on theirs. */
  readonly connectMs: LatencySummary;
  /** The secure handshake alone. */
  readonly tlsMs: LatencySummary;
  /** From the first byte of a reply to its end, for replies that came in more than one piece. */
  readonly transferMs: LatencySummary;
  /** From the first intended start to the end of the plan, or to the last reply where that came later or the run was shorter. */
  readonly seconds: number;
  /** Bytes of replies: their heads included in HTTP/1.1, bodies alone where undici reads them. */
  readonly bytesReceived: number;
  /** User and system time of the whole process since its start. */
  readonly cpuSeconds: number;
  readonly generator: { readonly healthy: boolean; readonly reasons: readonly string[] };
  readonly statusCounts: Readonly<Record<string, number>>;
  readonly failureCounts: Readonly<Record<string, number>>;
  /** What the first failure of each kind said. */
  readonly failureMessages: Readonly<Record<string, string>>;
  readonly connectionsOpened: number;
  /** Requests that waited because all connections (or streams) that may be open were in use. */
  readonly connectionWaits: number;
  readonly interrupted: boolean;
  readonly aborted?: string;
}

const PHASE = 'load';
// Well above what a shared connection pool can hold back in a second; beyond it arrivals are dropped and counted.
const MAX_IN_FLIGHT = 200_000;
/** As verifications slice by default: the report needs no slices, so that long runs take little memory for them. */
const SLICE_MS = 5000;
/** Slower than this is worth a trace in a run without requirements. */
const NOTABLE_MS = 100;

/** Runs it. Errors are those of the load engine: unreachable target, options that make no sense. */
export async function bareLoad(
  options: BareLoadOptions,
  run: { readonly signal: AbortSignal; readonly onSnapshot?: (snapshot: LoadSnapshot) => void },
): Promise<Result<BareLoadReport, LoadError>> {
  const origin = parseOrigin(options.url);
  if (!origin.ok) return err({ kind: 'invalid-plan', message: origin.error });
  const result = await loadEngine().drive(planOf(options), run);
  return result.ok ? ok(reportOf(result.value, options)) : result;
}

function planOf(options: BareLoadOptions): LoadPlan {
  const prefix = randomBytes(8).toString('hex');
  return {
    workload: workloadOf(options),
    watches: [
      {
        id: 'latency',
        phases: [PHASE],
        measure: 'response',
        thresholds: [millis(NOTABLE_MS)],
        slice: millis(SLICE_MS),
      },
    ],
    seed: options.seed ?? 1,
    traceIdPrefix: prefix,
    runId: prefix,
    slice: millis(SLICE_MS),
    selectionSize: 20,
    uniformSize: 100,
    judgedPhases: [PHASE],
    environment: {},
    feeds: {},
    ...(options.threads === undefined ? {} : { threads: options.threads }),
    ...(options.requests === undefined || options.rate !== 'max' ? {} : { journeys: options.requests }),
    ...(options.scheduler === undefined ? {} : { scheduler: options.scheduler }),
  };
}

function workloadOf(options: BareLoadOptions): Workload {
  const { rate, connections } = options;
  const url = new URL(options.url);
  const pace: Pace =
    rate === 'max'
      ? { kind: 'concurrency', users: connections }
      : { kind: 'rate', from: perSecond(rate), to: perSecond(rate), arrivals: options.arrivals ?? 'constant' };
  return {
    target: url.origin,
    testType: 'load',
    protocol: 'http',
    scenarios: [{ name: 'bare', weight: 1, steps: [stepOf(options, url)], feeds: [], cookies: false }],
    phases: [{ name: PHASE, pace, duration: millis(durationOf(options)), role: 'load' }],
    safety: {
      errorRate: { above: 0.5, for: millis(10_000) },
      p99: { above: millis(30_000), for: millis(10_000) },
      maxRate: perSecond(Number.POSITIVE_INFINITY),
      maxInFlight: options.maxInFlight ?? MAX_IN_FLIGHT,
      maxConnections: connections,
    },
    sampledShare: 1,
    maxSampledPerSecond: options.maxSampledPerSecond ?? 100,
    baggage: true,
    warmUp: millis(rate === 'max' ? 0 : (options.warmUpMs ?? 1000)),
    ...(options.transport === undefined ? {} : { transport: options.transport }),
  };
}

function durationOf({ durationMs, requests, rate }: BareLoadOptions): number {
  return requests === undefined || rate === 'max' ? durationMs : Math.min(durationMs, (requests / rate) * 1000);
}

function stepOf(options: BareLoadOptions, url: URL): Step {
  const { headers = {}, timeoutMs = 30_000 } = options;
  const body = bodyOf(options);
  const method = options.method ?? (body === undefined ? 'GET' : 'POST');
  return {
    name: `${method} ${url.pathname}`,
    method,
    path: literal(url.pathname + url.search),
    query: {},
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, literal(value)])),
    ...(body === undefined ? {} : { body }),
    expect: {},
    captures: [],
    timeout: millis(timeoutMs),
  };
}

/** Nothing that is given for a bare run is a template. */
function literal(text: string): string {
  return text.replaceAll('${', () => '$${');
}

function bodyOf({ body, bodyFile }: BareLoadOptions): StepBody | undefined {
  if (bodyFile !== undefined) return { kind: 'file', path: bodyFile };
  return body === undefined ? undefined : { kind: 'text', template: literal(body) };
}

function reportOf(result: LoadResult, { rate }: BareLoadOptions): BareLoadReport {
  const { groups, generator, dropped, aborted, interrupted } = result;
  const histogram = (measure: MeasureName): HistogramData =>
    mergeData(groups.flatMap((group) => group.histograms[measure] ?? []));
  const requests = groups.reduce((sum, group) => sum + group.requests, 0);
  const { user, system } = process.cpuUsage();
  return {
    requests,
    errors: groups.reduce((sum, group) => sum + group.failed, 0),
    dropped: dropped.reduce((sum, { count }) => sum + count, 0),
    dropReasons: Object.fromEntries(dropped.map(({ reason, count }) => [reason, count])),
    rate: { planned: rate === 'max' ? null : rate, achieved: generator.achievedRate },
    latencyMs: summary(histogram('response')),
    serviceMs: summary(histogram('service')),
    lagMs: summary(histogram('lag')),
    firstByteMs: summary(histogram('firstByte')),
    connectMs: summary(histogram('connect')),
    tlsMs: summary(histogram('tls')),
    transferMs: summary(histogram('transfer')),
    seconds: Math.max(0, result.durationMs - (result.phases[0]?.startMs ?? 0)) / 1000,
    bytesReceived: groups.reduce((sum, group) => sum + group.bytesReceived, 0),
    cpuSeconds: (user + system) / 1e6,
    generator: { healthy: generator.healthy, reasons: generator.reasons },
    statusCounts: groups[0]?.statusCounts ?? {},
    failureCounts: groups[0]?.failureCounts ?? {},
    failureMessages: groups[0]?.failureMessages ?? {},
    connectionsOpened: generator.connectionsOpened,
    connectionWaits: generator.connectionWaits ?? 0,
    interrupted,
    ...(aborted === undefined ? {} : { aborted: aborted.limit }),
  };
}

function summary(data: HistogramData): LatencySummary {
  const at = (q: number): number => (quantileOf(data, q) ?? 0) / 1000;
  return {
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    'p99.9': at(0.999),
    max: at(1),
    mean: data.count === 0 ? 0 : data.sum / data.count / 1000,
  };
}
