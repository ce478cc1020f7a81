// For every requirement type, as a document says it: worlds in which it passes, fails, and cannot be told.
import type { RequirementTypeName } from '../../../../src/core/model/requirement.ts';
import type { InconclusiveReason } from '../../../../src/core/model/verdict.ts';
import type { SimulatedPhase } from '../../../support/load-result-of.ts';
import type { SeriesOf, World } from '../../../support/recorded-world.ts';
import { call, type DrawnWork, query, server } from '../../../support/request-traces.ts';
import { minutes5, type Traffic, traffic } from '../../core-slo/cases/simulated.ts';

export interface VerifiedCase {
  readonly type: RequirementTypeName;
  /** The requirement under test first, those it refers to behind it; one YAML flow mapping each. */
  readonly requirements: readonly string[];
  readonly pass: World;
  readonly fail: World;
  readonly open: World;
  /** Why `open` cannot be told. */
  readonly reason: InconclusiveReason;
  /** Judged phases, `peak` when absent. */
  readonly judged?: readonly string[];
  /** What five earlier runs saw. Not for `open`. */
  readonly before?: World;
}

const peak: SimulatedPhase = { name: 'peak', startMs: 0, endMs: minutes5 };
const idle: SimulatedPhase = { name: 'idle', startMs: 0, endMs: minutes5 };
const later: SimulatedPhase = { name: 'peak', startMs: minutes5, endMs: 2 * minutes5 };

const at = (part: Traffic = {}, more: Partial<World> = {}): World => ({
  requests: traffic(part),
  phases: [peak],
  ...more,
});

/** `idle` before `peak`. */
const twoPhases = (first: Traffic, second: Traffic, users?: readonly [number, number]): World => ({
  requests: [...traffic({ phase: 'idle', ...first }), ...traffic({ phase: 'peak', startMs: minutes5, ...second })],
  phases:
    users === undefined
      ? [idle, later]
      : [
          { ...idle, users: users[0] },
          { ...later, users: users[1] },
        ],
});

const answering = (series: SeriesOf | undefined): World => at({}, { answer: () => (series ? [series] : []) });

/** By what a query contains; unknown queries have no answer. */
const answers = (values: Readonly<Record<string, SeriesOf>>): World =>
  at({}, { answer: (text) => Object.entries(values).flatMap(([part, value]) => (text.includes(part) ? [value] : [])) });

const stream = (slowShare: number): World =>
  at({
    values: (random) => {
      const isSlow = random() < slowShare;
      return { ttft: isSlow ? 900 : 200, tpot: isSlow ? 80 : 20, itl: isSlow ? 400 : 50, outputTokens: 100 };
    },
  });

const streamed = (type: 'ttft' | 'tpot' | 'itl', limit: string): VerifiedCase => ({
  type,
  requirements: [`{ id: LLM-01, type: ${type}, require: p95 <= ${limit} }`],
  pass: stream(0.01),
  fail: stream(0.2),
  open: stream(0.05),
  reason: 'straddles',
});

/** Requests take 310 ms, a little more than the longest of their traces. */
const traced = (trace: (random: () => number) => DrawnWork): World =>
  at({ slow: 1, slowMs: 310 }, { trace: (_, random) => trace(random) });

/** checkout asks payments, which is slow in a share of the requests. */
const payments = (slow: number): World =>
  traced((random) => {
    const took = random() < slow ? 180 : 60 + 10 * random();
    return server('checkout', 'POST /checkout', [0, 300], {
      below: [call(['checkout', 'payments', 'POST /charge'], [10, 10 + took])],
    });
  });

/** checkout asks payments again in a share of the requests. */
const repeated = (share: number): World =>
  traced((random) => {
    const again = random() < share;
    return server('checkout', 'POST /checkout', [0, 100], {
      below: [
        call(['checkout', 'payments', 'POST /charge'], [10, 30], { failed: again }),
        ...(again ? [call(['checkout', 'payments', 'POST /charge'], [40, 60])] : []),
      ],
    });
  });

/** inventory asks its database once an item in a share of the requests. */
const queries = (share: number): World =>
  traced((random) => {
    const count = random() < share ? 20 : 2;
    const statements = Array.from({ length: count }, (_, i) =>
      query('inventory', 'SELECT * FROM stock WHERE id = ?', [i * 4, i * 4 + 3]),
    );
    return server('inventory', 'GET /stock', [0, 100], { below: statements });
  });

const spent = (hourBad: number, windowBad: number, perSecond = 10): World => {
  const bad = (text: string): number => (text.includes('[3600s]') || text.includes('[1h]') ? hourBad : windowBad);
  return at({}, { answer: (text) => [() => perSecond * (text.includes('good') ? 1 - bad(text) : 1)] });
};

/** The first phase is the spike; what comes after it stays slow for a while. */
const afterSpike = (slowForMs: number): World => ({
  requests: [
    ...traffic({ phase: 'idle', slow: 0.5 }),
    ...traffic({ phase: 'peak', startMs: minutes5, durationMs: slowForMs, slow: 0.5 }),
    ...traffic({ phase: 'peak', startMs: minutes5 + slowForMs, durationMs: minutes5 - slowForMs }),
  ],
  phases: [idle, later],
});

const latency = '{ id: LAT-01, type: latency, require: p95 <= 300ms }';
const both = ['idle', 'peak'];

export const verifiedCases: readonly VerifiedCase[] = [
  {
    type: 'latency',
    requirements: [latency],
    pass: at({ slow: 0.01 }),
    fail: at({ slow: 0.2 }),
    open: at({ slow: 0.05 }),
    reason: 'straddles',
  },
  {
    type: 'errors',
    requirements: ['{ id: ERR-01, type: errors, require: rate <= 1% }'],
    pass: at({ failed: 0.001 }),
    fail: at({ failed: 0.05 }),
    open: at({ failed: 0.01 }),
    reason: 'straddles',
  },
  {
    type: 'throughput',
    requirements: ['{ id: THR-01, type: throughput, require: goodput >= 38/s }'],
    pass: at({ failed: 0.005 }),
    fail: at({ failed: 0.2 }),
    open: at({ rate: 20 }),
    reason: 'generator-unhealthy',
  },
  {
    type: 'apdex',
    requirements: ['{ id: APX-01, type: apdex, require: apdex(300ms) >= 0.94 }'],
    pass: at({ slow: 0.02 }),
    fail: at({ slow: 0.3 }),
    open: at({ slow: 0.122 }),
    reason: 'straddles',
  },
  streamed('ttft', '500ms'),
  streamed('tpot', '40ms'),
  streamed('itl', '150ms'),
  {
    type: 'tokens',
    requirements: ['{ id: TOK-01, type: tokens, require: perUser p10 >= 25 tok/s and system >= 1500 tok/s }'],
    pass: stream(0.02),
    fail: stream(0.3),
    open: stream(0.1),
    reason: 'straddles',
  },
  {
    type: 'goodput',
    requirements: [
      '{ id: GOOD-01, type: goodput, good: { ttft: <= 500ms, tpot: <= 40ms, status: ok }, require: ratio >= 95% and rate >= 30/s }',
    ],
    pass: stream(0.01),
    fail: stream(0.2),
    open: stream(0.05),
    reason: 'straddles',
  },
  {
    type: 'dependency',
    requirements: [
      `{ id: DEP-01, type: dependency, where: { span: '[service.name="payments" kind=server]' }, require: p95 <= 120ms and criticalPathShare <= 45% }`,
    ],
    pass: payments(0.01),
    fail: payments(0.3),
    open: payments(0.05),
    reason: 'straddles',
  },
  {
    type: 'retries',
    requirements: [
      '{ id: RET-01, type: retries, where: { edge: "checkout -> payments" }, require: amplification <= 1.05 }',
    ],
    pass: repeated(0.01),
    fail: repeated(0.4),
    open: repeated(0.05),
    reason: 'straddles',
  },
  {
    type: 'fanout',
    requirements: [
      '{ id: FAN-01, type: fanout, where: { edge: "inventory -> stock.db" }, require: callsPerRequest p95 <= 8 }',
    ],
    pass: queries(0.01),
    fail: queries(0.4),
    open: queries(0.05),
    reason: 'straddles',
  },
  {
    type: 'saturation',
    requirements: ['{ id: SAT-01, type: saturation, query: pool_used, require: value <= 0.8 in 95% of slices }'],
    pass: answering(() => 0.5),
    fail: answering((i) => (i % 3 === 0 ? 0.95 : 0.5)),
    open: answering((i) => (i % 20 === 0 ? 0.95 : 0.5)),
    reason: 'straddles',
  },
  {
    type: 'query',
    requirements: ['{ id: QRY-01, type: query, query: consumer_lag, require: value <= 5 }'],
    pass: answering(() => 3),
    fail: answering(() => 9),
    open: answering((i, n) => (i > n - 3 ? Number.NaN : 3)),
    reason: 'stale-data',
  },
  {
    type: 'concurrency',
    requirements: ['{ id: CON-01, type: concurrency, where: { service: checkout }, require: max in_flight <= 120 }'],
    pass: answering((i) => (i === 30 ? 40 : 2)),
    fail: answering((i) => (i === 30 ? 200 : 2)),
    open: answering((i) => (i > 40 ? Number.NaN : 2)),
    reason: 'stale-data',
  },
  {
    type: 'concurrency',
    requirements: [
      '{ id: CAP-01, type: concurrency, require: "capacity >= 32 while [LAT-01]" }',
      latency.replace('}', ', priority: info }'),
    ],
    pass: twoPhases({}, {}, [16, 32]),
    fail: twoPhases({}, { slow: 0.5 }, [16, 32]),
    open: twoPhases({}, { slow: 0.05 }, [16, 32]),
    reason: 'prerequisite',
    judged: both,
  },
  {
    type: 'errorBudget',
    requirements: ['{ id: BUD-01, type: errorBudget, sloRef: slo1, require: burnRate(1h) <= 1 and remaining >= 25% }'],
    pass: spent(0.001, 0.001),
    fail: spent(0.05, 0.001),
    open: spent(0.001, 0.001, 0.01),
    reason: 'too-few-samples',
  },
  {
    type: 'cost',
    requirements: [
      '{ id: COST-01, type: cost, prices: { cpuHour: 0.04 USD }, usage: { cpuHour: cpu_hours }, require: costPer1k(goodRequests) <= 0.004 USD }',
    ],
    pass: answering(() => 0.5),
    fail: answering(() => 5),
    open: answering(undefined),
    reason: 'no-data',
  },
  {
    type: 'degradation',
    requirements: ['{ id: DEG-01, type: degradation, require: p95 <= baseline + 10% }'],
    before: at({ slow: 0.1, slowMs: 100 }),
    pass: at({ slow: 0.1, slowMs: 100 }),
    fail: at({ slow: 0.1, slowMs: 150 }),
    open: at({ slow: 0.1, slowMs: 100 }),
    reason: 'no-baseline',
  },
  {
    type: 'degradation',
    requirements: ['{ id: DEG-02, type: degradation, require: p95(peak) <= 2 x p95(idle) }'],
    pass: twoPhases({ slow: 0.1, slowMs: 100 }, { slow: 0.1, slowMs: 120 }),
    fail: twoPhases({ slow: 0.1, slowMs: 100 }, { slow: 0.1, slowMs: 400 }),
    open: twoPhases({ rate: 0.1 }, { rate: 0.1 }),
    reason: 'too-few-samples',
  },
  {
    type: 'recovery',
    requirements: ['{ id: REC-01, type: recovery, require: timeTo(LAT-01) <= 60s after idle }', latency],
    pass: afterSpike(20_000),
    fail: afterSpike(200_000),
    open: afterSpike(60_000),
    reason: 'straddles',
    judged: both,
  },
  {
    type: 'stability',
    requirements: [
      '{ id: STA-01, type: stability, queries: { heap: heap_used_bytes }, require: slope(p95) <= 60ms/h and slope(heap) <= 10MiB/h }',
    ],
    pass: answers({ heap_used: (i) => 1e8 + 1000 * Math.sin(i * i) }),
    fail: answers({ heap_used: (i) => 1e8 + i * 145_000 + 1000 * Math.sin(i * i) }),
    open: answers({}),
    reason: 'no-data',
  },
  {
    type: 'scalability',
    requirements: ['{ id: SCA-01, type: scalability, levels: { idle: 1, peak: 4 }, require: efficiency(4) >= 80% }'],
    pass: twoPhases({ rate: 20 }, { rate: 78 }),
    fail: twoPhases({ rate: 20 }, { rate: 78, failed: 0.5 }),
    open: { requests: traffic({ phase: 'peak', startMs: minutes5, rate: 78 }), phases: [later] },
    reason: 'no-data',
    judged: both,
  },
];
