// Runs made by hand, for tests of whatever reads a Run: reports, stores, alerts, the service.
import type { Attribution, Finding } from '../../src/core/model/finding.ts';
import type { Run, RunPlan, StepSummary, TimelinePoint, Waterfall, WaterfallSpan } from '../../src/core/model/run.ts';
import { millis, perSecond, ratio, type UnixMillis, unixMillis } from '../../src/core/model/units.ts';
import type { ClauseVerdict, Verdict, VerdictName } from '../../src/core/model/verdict.ts';

/** 2026-03-01T10:20:30Z. */
export const startedAt: UnixMillis = unixMillis(Date.UTC(2026, 2, 1, 10, 20, 30));
const minute = 60_000;

export const emptyAttribution: Attribution = {
  findings: [],
  services: [],
  completeness: { traces: 0, spans: 0, ratio: 1, withoutEntry: 0, skewCorrected: 0 },
};

export const examplePlan: RunPlan = {
  runId: '01J9ZK3W6Q',
  verification: 'checkout-peak',
  service: 'checkout',
  environment: 'staging',
  commit: '521747298a37c0ffee',
  branch: 'main',
  workloadHash: 'sha256:9f2b5c',
  seed: 42,
  startedAt,
  trigger: 'cli',
  mode: 'run',
};

/** A completed, valid run without requirements, load or traces; every field can be replaced. */
export function runWith(fields: Partial<Run> = {}): Run {
  return {
    plan: examplePlan,
    status: 'completed',
    verdict: 'pass',
    endedAt: unixMillis(startedAt + 7 * minute + 3000),
    window: { start: unixMillis(startedAt + 2 * minute), end: unixMillis(startedAt + 7 * minute) },
    phases: ['peak'],
    validity: { ok: true, reasons: [], droppedShare: 0.0002, sendLagP99Ms: 1.2, traceCoverage: 0.985 },
    verdicts: [],
    attribution: emptyAttribution,
    byRequirement: [],
    steps: [],
    timeline: [],
    dropped: [],
    gaps: [],
    baselines: [],
    ...fields,
  };
}

/** A passing latency verdict on one clause; every field can be replaced. */
export function verdictWith(fields: Partial<Verdict> = {}): Verdict {
  const id = fields.requirement ?? 'CHK-01';
  return {
    requirement: id,
    title: 'Buyers get an answer fast',
    type: 'latency',
    priority: 'must',
    definedAt: { file: 'slos/checkout.yaml', line: 101, column: 7, endLine: 107, endColumn: 1 },
    rule: 'p99 <= 300ms',
    verdict: 'pass',
    clauses: [clauseWith({ verdict: fields.verdict ?? 'pass' })],
    margin: 0.1867,
    explanation: 'p99 is 244 ms (235–251 ms at 95%), inside 300 ms.',
    notes: [],
    ...fields,
  };
}

/** `p99 <= 300ms`, observed 244 ms; every field can be replaced. */
export function clauseWith(fields: Partial<ClauseVerdict> = {}): ClauseVerdict {
  return {
    clause: 'p99 <= 300ms',
    verdict: 'pass',
    observed: { value: 244, unit: 'ms', interval: [235, 251], confidence: ratio(0.95) },
    limit: 300,
    decision: {
      samples: 48_013,
      bad: 112,
      badShare: ratio(0.00233),
      allowed: ratio(0.01),
      designEffect: 2.1,
      interval: [ratio(0.0018), ratio(0.0029)],
    },
    explanation: 'p99 is 244 ms (235–251 ms at 95%), inside 300 ms.',
    ...fields,
  };
}

/** A verdict without numbers: what could not be decided or looked at. */
export function undecidedVerdict(verdict: VerdictName, fields: Partial<Verdict> = {}): Verdict {
  const explanation = fields.explanation ?? 'Nothing was observed.';
  const { margin: _none, ...undecided } = verdictWith({
    verdict,
    explanation,
    clauses: [{ clause: fields.rule ?? 'p99 <= 300ms', verdict, explanation }],
    ...fields,
  });
  return undecided;
}

/** A slow fraud service three calls below the gateway; every field can be replaced. */
export function findingWith(fields: Partial<Finding> = {}): Finding {
  return {
    rank: 1,
    mechanism: 'slow-dependency',
    service: 'fraud',
    operation: 'POST /score',
    edge: { caller: 'payments', callee: 'fraud', operation: 'POST /score' },
    path: ['gateway', 'checkout', 'payments', 'fraud'],
    effectMs: 158,
    share: 0.61,
    effectInterval: [140, 177],
    confidence: 'high',
    explanation:
      "checkout p99 is 412 ms against a limit of 300 ms: 61% of the excess is fraud's own time on POST /score, reached through payments, whose retries (x2.3) double it.",
    advice:
      'Look at fraud POST /score first; a time-out with a budget in payments would keep checkout inside its limit.',
    evidence: [
      { name: 'selfTimeMs', value: 171, baseline: 13, unit: 'ms' },
      { name: 'amplification', value: 2.3, baseline: 1, unit: 'x' },
    ],
    traces: ['4bf92f3577b34da6a3ce929d0e0e4736', '4bf92f3577b34da6b1c0a8d2f04e9913'],
    onsetMs: 131_000,
    amplifiers: [
      {
        mechanism: 'retry-storm',
        service: 'payments',
        edge: { caller: 'checkout', callee: 'payments', operation: 'POST /charge' },
      },
    ],
    ...fields,
  };
}

/** The run most tests look at: one latency requirement broken by a slow fraud service, each other verdict once. */
export function brokenCheckoutRun(fields: Partial<Run> = {}): Run {
  const attribution: Attribution = {
    findings: [findingWith()],
    services: [
      { service: 'fraud', effectMs: 158, share: 0.61, interval: [140, 177] },
      { service: 'payments', effectMs: 64, share: 0.25 },
      { service: 'checkout', effectMs: 6, share: 0.02 },
    ],
    completeness: { traces: 400, spans: 6104, ratio: 0.992, withoutEntry: 3, skewCorrected: 0 },
  };
  return runWith({
    verdict: 'fail',
    verdicts: exampleVerdicts,
    attribution,
    byRequirement: [{ requirement: 'CHK-01', attribution, waterfalls: [violatingWaterfall, typicalWaterfall] }],
    steps: exampleSteps,
    timeline: exampleTimeline(),
    generator: {
      healthy: true,
      reasons: [],
      plannedRate: perSecond(200),
      achievedRate: perSecond(199.96),
      lagP99: millis(1.2),
      cpuSeconds: 8.41,
      eventLoopDelayP99: millis(2.3),
      maxInFlight: 91,
      connectionsOpened: 64,
    },
    dropped: [{ phase: 'peak', reason: 'in-flight-limit', count: 12 }],
    gaps: [
      {
        kind: 'metrics',
        source: 'prom',
        reason: 'unreachable',
        message: 'connect ECONNREFUSED 127.0.0.1:9090',
        requirements: ['CHK-10'],
      },
    ],
    ...fields,
  });
}

const failedLatency = verdictWith({
  verdict: 'fail',
  clauses: [
    clauseWith({
      verdict: 'fail',
      observed: { value: 412, unit: 'ms', interval: [398, 431], confidence: ratio(0.95) },
      decision: {
        samples: 48_013,
        bad: 1123,
        badShare: ratio(0.0234),
        allowed: ratio(0.01),
        designEffect: 6.1,
        interval: [ratio(0.0207), ratio(0.0264)],
      },
      explanation: 'p99 is 412 ms (398–431 ms at 95%), beyond 300 ms: 2.34% of requests were slower or failed, 1% may.',
    }),
  ],
  margin: -0.373,
  explanation: 'p99 is 412 ms (398–431 ms at 95%), beyond 300 ms: 2.34% of requests were slower or failed, 1% may.',
  vantage: { client: 412, server: 395, traceRoot: 397 },
  baseline: { value: 244, runs: 5, change: 0.69 },
  notes: ["the client's p99 and the trace root's differ by 4%"],
});

const at = (line: number): Verdict['definedAt'] => ({
  file: 'slos/checkout.yaml',
  line,
  column: 7,
  endLine: line + 5,
  endColumn: 1,
});

/** One verdict of each name, out of order on purpose. */
const exampleVerdicts: readonly Verdict[] = [
  verdictWith({
    requirement: 'CHK-02',
    title: 'Checkouts do not fail',
    type: 'errors',
    rule: 'rate <= 0.1%',
    definedAt: at(108),
    clauses: [
      clauseWith({
        clause: 'rate <= 0.1%',
        observed: { value: 0.00031, unit: 'ratio', interval: [0.0002, 0.00047], confidence: ratio(0.95) },
        limit: 0.001,
        explanation: '0.031% of requests failed, 0.1% may.',
      }),
    ],
    margin: 0.69,
    explanation: '0.031% of requests failed, 0.1% may.',
  }),
  failedLatency,
  undecidedVerdict('inconclusive', {
    requirement: 'CHK-05',
    title: 'Not slower than before',
    type: 'degradation',
    priority: 'should',
    rule: 'p95 <= baseline + 10%',
    definedAt: at(122),
    explanation: 'No passed run with this workload to compare with.',
    reason: 'no-baseline',
    need: '1 passed run of checkout-peak in staging with workload sha256:9f2b5c',
  }),
  undecidedVerdict('error', {
    requirement: 'CHK-10',
    title: 'Connections to the database are not exhausted',
    type: 'saturation',
    rule: 'value <= 0.8 in 95% of slices',
    definedAt: at(150),
    explanation: 'prom could not be asked: connect ECONNREFUSED 127.0.0.1:9090.',
  }),
  verdictWith({
    requirement: 'CHK-08',
    title: 'Payments stays inside its share',
    type: 'dependency',
    priority: 'should',
    verdict: 'warn',
    rule: 'p99 <= 120ms and criticalPathShare <= 45%',
    definedAt: at(138),
    clauses: [
      clauseWith({
        clause: 'criticalPathShare <= 45%',
        verdict: 'warn',
        observed: { value: 0.441, unit: 'ratio', interval: [0.43, 0.449], confidence: ratio(0.95) },
        limit: 0.45,
        explanation: 'payments holds 44.1% of the critical path, 45% may; the warning limit is 40%.',
      }),
      clauseWith({ clause: 'p99 <= 120ms', limit: 120, observed: { value: 96, unit: 'ms', confidence: ratio(0.95) } }),
    ],
    margin: 0.02,
    explanation: 'payments holds 44.1% of the critical path, 45% may; the warning limit is 40%.',
  }),
];

const step = (name: string, phase: string, requests: number, failed: number, p99Ms: number): StepSummary => ({
  scenario: name.startsWith('GET') ? 'browse' : 'buy',
  step: name,
  phase,
  requests,
  failed,
  ratePerSecond: requests / 300,
  p50Ms: p99Ms / 6,
  p95Ms: p99Ms / 1.7,
  p99Ms,
  maxMs: p99Ms * 1.9,
  serviceP99Ms: p99Ms * 0.98,
});

const exampleSteps: readonly StepSummary[] = [
  step('POST /checkout', 'idle', 240, 0, 118),
  step('POST /cart', 'peak', 48_013, 0, 64),
  step('POST /checkout', 'peak', 48_013, 15, 412),
  step('GET /products', 'peak', 12_002, 0, 31.4),
];

/** Seven minutes in steps of five seconds: idle, ramp, peak; slow from 131 s on. */
function exampleTimeline(): readonly TimelinePoint[] {
  return Array.from({ length: 84 }, (_, i) => {
    const atMs = i * 5000;
    const phase = atMs < minute ? 'idle' : atMs < 2 * minute ? 'ramp' : 'peak';
    const slow = atMs >= 131_000 ? 1 : 0;
    const wobble = 1 + 0.12 * Math.sin(i * 1.7) + 0.06 * Math.sin(i * 0.61);
    return {
      atMs,
      phase,
      requests: phase === 'idle' ? 25 : 1000,
      failed: slow === 1 && i % 17 === 0 ? 3 : 0,
      p50Ms: (38 + 12 * slow) * wobble,
      p95Ms: (92 + 110 * slow) * wobble,
      p99Ms: (118 + 285 * slow) * wobble,
    };
  });
}

type SpanFields = readonly [
  id: string,
  parent: string | undefined,
  depth: number,
  service: string,
  name: string,
  kind: number,
  start: number,
  end: number,
  critical: WaterfallSpan['critical'],
  isError?: boolean,
];

const span = ([
  spanId,
  parentSpanId,
  depth,
  service,
  name,
  kind,
  startMs,
  endMs,
  critical,
  isError,
]: SpanFields): WaterfallSpan => ({
  spanId,
  ...(parentSpanId === undefined ? {} : { parentSpanId }),
  depth,
  service,
  name,
  kind,
  isError: isError === true,
  startMs,
  endMs,
  critical,
});

const server = 2;
const client = 3;

export const violatingWaterfall: Waterfall = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  role: 'violating',
  durationMs: 431,
  spans: [
    span([
      'a1',
      undefined,
      0,
      'gateway',
      'POST /checkout',
      server,
      0,
      431,
      [
        [0, 3],
        [428, 431],
      ],
    ]),
    span([
      'a2',
      'a1',
      1,
      'gateway',
      'POST',
      client,
      3,
      428,
      [
        [3, 5],
        [426, 428],
      ],
    ]),
    span([
      'a3',
      'a2',
      2,
      'checkout',
      'POST /checkout',
      server,
      5,
      426,
      [
        [5, 9],
        [46, 52],
        [421, 426],
      ],
    ]),
    span([
      'a4',
      'a3',
      3,
      'checkout',
      'GET',
      client,
      9,
      46,
      [
        [9, 11],
        [44, 46],
      ],
    ]),
    span(['a5', 'a4', 4, 'cart', 'GET /cart/:id', server, 11, 44, [[11, 44]]]),
    span([
      'a6',
      'a3',
      3,
      'checkout',
      'POST',
      client,
      52,
      421,
      [
        [52, 54],
        [419, 421],
      ],
    ]),
    span([
      'a7',
      'a6',
      4,
      'payments',
      'POST /charge',
      server,
      54,
      419,
      [
        [54, 58],
        [208, 228],
        [411, 419],
      ],
    ]),
    span(['a8', 'a7', 5, 'payments', 'POST', client, 58, 208, [[58, 208]], true]),
    span(['a9', 'a8', 6, 'fraud', 'POST /score', server, 60, 232, []]),
    span([
      'b1',
      'a7',
      5,
      'payments',
      'POST',
      client,
      228,
      411,
      [
        [228, 230],
        [409, 411],
      ],
    ]),
    span(['b2', 'b1', 6, 'fraud', 'POST /score', server, 230, 409, [[230, 409]]]),
  ],
};

export const typicalWaterfall: Waterfall = {
  traceId: '4bf92f3577b34da6c0ffee00d15ea5e0',
  role: 'typical',
  durationMs: 92,
  spans: [
    span([
      'c1',
      undefined,
      0,
      'gateway',
      'POST /checkout',
      server,
      0,
      92,
      [
        [0, 2],
        [90, 92],
      ],
    ]),
    span([
      'c2',
      'c1',
      1,
      'gateway',
      'POST',
      client,
      2,
      90,
      [
        [2, 3],
        [89, 90],
      ],
    ]),
    span([
      'c3',
      'c2',
      2,
      'checkout',
      'POST /checkout',
      server,
      3,
      89,
      [
        [3, 6],
        [37, 41],
        [85, 89],
      ],
    ]),
    span([
      'c4',
      'c3',
      3,
      'checkout',
      'GET',
      client,
      6,
      37,
      [
        [6, 8],
        [36, 37],
      ],
    ]),
    span(['c5', 'c4', 4, 'cart', 'GET /cart/:id', server, 8, 36, [[8, 36]]]),
    span([
      'c6',
      'c3',
      3,
      'checkout',
      'POST',
      client,
      41,
      85,
      [
        [41, 43],
        [84, 85],
      ],
    ]),
    span([
      'c7',
      'c6',
      4,
      'payments',
      'POST /charge',
      server,
      43,
      84,
      [
        [43, 47],
        [77, 84],
      ],
    ]),
    span([
      'c8',
      'c7',
      5,
      'payments',
      'POST',
      client,
      47,
      77,
      [
        [47, 48],
        [76, 77],
      ],
    ]),
    span(['c9', 'c8', 6, 'fraud', 'POST /score', server, 48, 76, [[48, 76]]]),
  ],
};
