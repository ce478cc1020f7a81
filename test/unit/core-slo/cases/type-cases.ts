// For every requirement type: observations on which it passes, fails, and cannot tell.
import type { Observations } from '../../../../src/core/model/observations.ts';
import type { Requirement, RequirementTypeName } from '../../../../src/core/model/requirement.ts';
import { millis, ratio } from '../../../../src/core/model/units.ts';
import type { InconclusiveReason } from '../../../../src/core/model/verdict.ts';
import type { JudgeInput } from '../../../../src/core/slo/judge.ts';
import type { SimulatedPhase } from '../../../support/load-result-of.ts';
import {
  clauseOf,
  fixed,
  judgeInputOf,
  named,
  observationsOf,
  quantile,
  requirementOf,
  ruleOf,
} from '../../../support/requirement-of.ts';
import { answerOf, instantOf, loadFor, measureOf, minutes5, type Traffic, traffic } from './simulated.ts';

export interface TypeCase {
  readonly type: RequirementTypeName;
  /** The requirement under test first, those it refers to behind it. */
  readonly requirements: readonly Requirement[];
  readonly pass: Observations;
  readonly fail: Observations;
  readonly open: Observations;
  /** Why `open` cannot tell. */
  readonly reason: InconclusiveReason;
  readonly input?: Partial<JudgeInput>;
  /** Which source the type reads counters from, whose values must not go back. */
  readonly counters?: true;
}

export function inputFor(typeCase: TypeCase, observations: Observations): JudgeInput {
  return judgeInputOf(typeCase.requirements, observations, typeCase.input ?? {});
}

const latency = requirementOf({
  id: 'LAT',
  type: 'latency',
  require: ruleOf(clauseOf({ stat: quantile(0.95), op: 'lte', limit: fixed(300), text: 'p95 <= 300ms' })),
});

const withLoad = (requirements: readonly Requirement[], part: Traffic = {}): Observations =>
  observationsOf({ load: loadFor(requirements, traffic(part)) });

/** A type judged on requests alone. */
function onRequests(
  type: RequirementTypeName,
  requirement: Requirement,
  parts: {
    readonly pass: Traffic;
    readonly fail: Traffic;
    readonly open: Traffic;
    readonly reason: InconclusiveReason;
  },
): TypeCase {
  return {
    type,
    requirements: [requirement],
    pass: withLoad([requirement], parts.pass),
    fail: withLoad([requirement], parts.fail),
    open: withLoad([requirement], parts.open),
    reason: parts.reason,
  };
}

const errors = requirementOf({
  id: 'ERR',
  type: 'errors',
  require: ruleOf(clauseOf({ stat: named('rate'), op: 'lte', limit: fixed(0.01, 'ratio'), text: 'rate <= 1%' })),
});

const throughput = requirementOf({
  id: 'THR',
  type: 'throughput',
  require: ruleOf(clauseOf({ stat: named('goodput'), op: 'gte', limit: fixed(38, '/s'), text: 'goodput >= 38/s' })),
});

const apdex = requirementOf({
  id: 'APX',
  type: 'apdex',
  require: ruleOf(clauseOf({ stat: named('apdex', ['300ms']), op: 'gte', limit: fixed(0.94, ''), text: 'apdex' })),
});

const stream = (slowShare: number): Traffic => ({
  values: (random) => {
    const isSlow = random() < slowShare;
    return {
      ttft: isSlow ? 900 : 200,
      tpot: isSlow ? 80 : 20,
      itl: isSlow ? 400 : 50,
      outputTokens: 100,
    };
  },
});

const streamed = (type: 'ttft' | 'tpot' | 'itl', limit: number): TypeCase =>
  onRequests(
    type,
    requirementOf({
      id: 'LLM',
      type,
      require: ruleOf(clauseOf({ stat: quantile(0.95), op: 'lte', limit: fixed(limit), text: `p95 <= ${limit}ms` })),
    }),
    { pass: stream(0.01), fail: stream(0.2), open: stream(0.05), reason: 'straddles' },
  );

const tokens = requirementOf({
  id: 'TOK',
  type: 'tokens',
  require: ruleOf(
    clauseOf({ stat: quantile(0.1, 'perUser'), op: 'gte', limit: fixed(25, 'tok/s'), text: 'perUser p10 >= 25 tok/s' }),
    clauseOf({ stat: named('system'), op: 'gte', limit: fixed(1500, 'tok/s'), text: 'system >= 1500 tok/s' }),
  ),
});

const goodput = requirementOf({
  id: 'GOOD',
  type: 'goodput',
  options: {
    good: { ttft: { op: 'lte', value: 500, unit: 'ms' }, tpot: { op: 'lte', value: 40, unit: 'ms' }, status: 'ok' },
  },
  require: ruleOf(
    clauseOf({ stat: named('ratio'), op: 'gte', limit: fixed(0.95, 'ratio'), text: 'ratio >= 95%' }),
    clauseOf({ stat: named('rate'), op: 'gte', limit: fixed(30, '/s'), text: 'rate >= 30/s' }),
  ),
});

/** A type judged on points from traces. */
function onTraces(
  requirement: Requirement,
  reason: InconclusiveReason,
  measures: {
    readonly pass: Observations['measures'];
    readonly fail: Observations['measures'];
    readonly open: Observations['measures'];
  },
): TypeCase {
  const load = loadFor([requirement], traffic());
  const seen = (found: Observations['measures']) => observationsOf({ load, measures: found });
  return {
    type: requirement.type,
    requirements: [requirement],
    pass: seen(measures.pass),
    fail: seen(measures.fail),
    open: seen(measures.open),
    reason,
  };
}

const dependency = requirementOf({
  id: 'DEP',
  type: 'dependency',
  source: 'trace',
  where: { service: 'payments', labels: {} },
  require: ruleOf(
    clauseOf({ stat: quantile(0.95), op: 'lte', limit: fixed(120), text: 'p95 <= 120ms' }),
    clauseOf({
      stat: named('criticalPathShare'),
      op: 'lte',
      limit: fixed(0.45, 'ratio'),
      text: 'criticalPathShare <= 45%',
    }),
  ),
});

const payments = (count: number, slow: number, share: number): Observations['measures'] => [
  measureOf('DEP/spans', 'spanDuration', count, (_, random) => ({ value: random() < slow ? 200 : 60 + 20 * random() })),
  measureOf('DEP/share', 'criticalPathShare', count, (_, random) => ({ value: share + 0.1 * (random() - 0.5) })),
];

const retries = requirementOf({
  id: 'RET',
  type: 'retries',
  source: 'trace',
  where: { edge: { caller: 'checkout', callee: 'payments' }, labels: {} },
  require: ruleOf(
    clauseOf({ stat: named('amplification'), op: 'lte', limit: fixed(1.05, ''), text: 'amplification <= 1.05' }),
  ),
});

const attempts = (count: number, repeated: number): Observations['measures'] => [
  measureOf('RET/attempts', 'attempts', count, (_, random) => ({ value: random() < repeated ? 2 : 1, base: 1 })),
];

const fanout = requirementOf({
  id: 'FAN',
  type: 'fanout',
  source: 'trace',
  where: { edge: { caller: 'inventory', callee: 'db' }, labels: {} },
  require: ruleOf(
    clauseOf({
      stat: quantile(0.95, 'callsPerRequest'),
      op: 'lte',
      limit: fixed(8, ''),
      text: 'callsPerRequest p95 <= 8',
    }),
  ),
});

const calls = (count: number, many: number): Observations['measures'] => [
  measureOf('FAN/calls', 'callsPerRequest', count, (_, random) => ({ value: random() < many ? 40 : 3 })),
];

/** A type judged on a query. */
function onSeries(
  requirement: Requirement,
  reason: InconclusiveReason,
  series: {
    readonly pass: Observations['series'];
    readonly fail: Observations['series'];
    readonly open: Observations['series'];
  },
  more: Partial<TypeCase> = {},
): TypeCase {
  const load = loadFor([requirement], traffic());
  const seen = (found: Observations['series']) => observationsOf({ load, series: found });
  return {
    type: requirement.type,
    requirements: [requirement],
    pass: seen(series.pass),
    fail: seen(series.fail),
    open: seen(series.open),
    reason,
    ...more,
  };
}

const saturation = requirementOf({
  id: 'SAT',
  type: 'saturation',
  source: 'server',
  query: 'up',
  require: ruleOf(
    clauseOf({
      stat: named('value'),
      op: 'lte',
      limit: fixed(0.8, ''),
      inSlices: ratio(0.95),
      text: 'value <= 0.8 in 95% of slices',
    }),
  ),
});

const busy = (full: number): Observations['series'] => [
  answerOf('SAT', [{ value: (i, n) => (i < full * n ? 0.95 : 0.5) }]),
];

const query = requirementOf({
  id: 'QRY',
  type: 'query',
  source: 'server',
  query: 'up',
  require: ruleOf(clauseOf({ stat: named('value'), op: 'lte', limit: fixed(5, ''), text: 'value <= 5' })),
});

const servedLatency = requirementOf({
  id: 'SLAT',
  type: 'latency',
  source: 'server',
  require: ruleOf(clauseOf({ stat: quantile(0.95), op: 'lte', limit: fixed(250), text: 'server p95 <= 250ms' })),
});

/** 200 requests a slice, `slow` of them between 250 and 500 ms. */
const buckets = (slow: number): Observations['series'] => [
  answerOf(
    'SLAT/buckets',
    [
      ['0.1', 150],
      ['0.25', 200 - slow],
      ['0.5', 200],
      ['+Inf', 200],
    ].map(([le, count]) => ({
      labels: { le: String(le), http_response_status_code: '200' },
      value: () => Number(count),
    })),
  ),
];

const servedErrors = requirementOf({
  id: 'SERR',
  type: 'errors',
  source: 'server',
  require: ruleOf(clauseOf({ stat: named('rate'), op: 'lte', limit: fixed(0.01, 'ratio'), text: 'server rate <= 1%' })),
});

/** 200 requests a slice, so many of them answered with 500 in every fifth slice. */
const statuses = (failed: number): Observations['series'] => [
  answerOf('SERR/status', [
    { labels: { http_response_status_code: '200' }, value: () => 200 },
    { labels: { http_response_status_code: '500' }, value: (i) => (i % 5 === 0 ? failed : 0) },
  ]),
];

const concurrency = requirementOf({
  id: 'CON',
  type: 'concurrency',
  source: 'server',
  require: ruleOf(
    clauseOf({ stat: named('max', [], 'in_flight'), op: 'lte', limit: fixed(120, ''), text: 'max in_flight <= 120' }),
  ),
});

const inFlight = (highest: number, slices = 60): Observations['series'] => [
  answerOf('CON/in_flight', [{ value: (i) => (i === 30 ? highest : i < slices ? 2 : Number.NaN) }]),
];

const budget = requirementOf({
  id: 'BUD',
  type: 'errorBudget',
  source: 'server',
  sloRef: 'checkout-fast',
  require: ruleOf(
    clauseOf({ stat: named('burnRate', ['1h']), op: 'lte', limit: fixed(1, ''), text: 'burnRate(1h) <= 1' }),
    clauseOf({ stat: named('remaining'), op: 'gte', limit: fixed(0.25, 'ratio'), text: 'remaining >= 25%' }),
  ),
});

const slo: JudgeInput['slos'][number] = {
  name: 'checkout-fast',
  service: 'checkout',
  target: ratio(0.99),
  window: millis(28 * 86_400_000),
  method: 'Occurrences',
  indicator: {
    kind: 'good-total',
    good: 'sum(rate(good[{{.window}}]))',
    total: 'sum(rate(all[{{.window}}]))',
    dataSource: '',
  },
};

const spent = (hourBad: number, windowBad: number, perSecond = 10): Observations['series'] => [
  instantOf('BUD/3600s/good', perSecond * (1 - hourBad)),
  instantOf('BUD/3600s/total', perSecond),
  instantOf('BUD/2419200s/good', perSecond * (1 - windowBad)),
  instantOf('BUD/2419200s/total', perSecond),
];

const cost = requirementOf({
  id: 'COST',
  type: 'cost',
  source: 'server',
  priority: 'should',
  options: { prices: { cpuHour: 0.04 }, usage: { cpuHour: 'cpu' } },
  require: ruleOf(
    clauseOf({ stat: named('costPer1k', ['goodRequests']), op: 'lte', limit: fixed(0.004, 'USD'), text: 'costPer1k' }),
  ),
});

const idle: SimulatedPhase = { name: 'idle', startMs: 0, endMs: minutes5 };
const later: SimulatedPhase = { name: 'peak', startMs: minutes5, endMs: 2 * minutes5 };

const degradation = requirementOf({
  id: 'DEG',
  type: 'degradation',
  require: ruleOf(
    clauseOf({
      stat: quantile(0.95),
      op: 'lte',
      limit: { kind: 'baseline', plus: { value: 0.1, unit: 'ratio', text: '10%' } },
      text: 'p95 <= baseline + 10%',
    }),
  ),
});

const passedRuns = (...values: readonly number[]): Observations['baselines'] =>
  values.map((value, i) => ({ requirement: 'DEG', runId: `run-${i}`, statistic: 'p95', value, samples: 12_000 }));

const underLoad = requirementOf({
  id: 'DEG',
  type: 'degradation',
  require: ruleOf(
    clauseOf({
      stat: named('p95', ['peak']),
      op: 'lte',
      limit: { kind: 'multiple', factor: 2, stat: named('p95', ['idle']) },
      text: 'p95(peak) <= 2 x p95(idle)',
    }),
  ),
});

function twoPhases(slowMs: number, rate = 40): Observations {
  const requests = [
    ...traffic({ phase: 'idle', rate, slow: 0.1, slowMs: 100 }),
    ...traffic({ phase: 'peak', startMs: minutes5, rate, slow: 0.1, slowMs }),
  ];
  return observationsOf({ load: loadFor([underLoad], requests, [idle, later], ['peak']) });
}

const recovery = requirementOf({
  id: 'REC',
  type: 'recovery',
  require: ruleOf(
    clauseOf({
      stat: named('timeTo', ['LAT', 'idle']),
      op: 'lte',
      limit: fixed(60_000),
      text: 'timeTo(LAT) <= 60s after idle',
    }),
  ),
});

/** The spike is the phase called idle; what comes after is slow for a while. */
function afterSpike(slowForMs: number): Observations {
  const requests = [
    ...traffic({ phase: 'idle', slow: 0.5 }),
    ...traffic({ phase: 'peak', startMs: minutes5, durationMs: slowForMs, slow: 0.5 }),
    ...traffic({ phase: 'peak', startMs: minutes5 + slowForMs, durationMs: minutes5 - slowForMs }),
  ];
  return observationsOf({ load: loadFor([recovery, latency], requests, [idle, later]) });
}

const stability = requirementOf({
  id: 'STA',
  type: 'stability',
  options: { queries: { heap: 'heap_bytes' } },
  require: ruleOf(
    clauseOf({ stat: named('slope', ['p95']), op: 'lte', limit: fixed(60, 'ms/h'), text: 'slope(p95) <= 60ms/h' }),
    clauseOf({
      stat: named('slope', ['heap']),
      op: 'lte',
      limit: fixed(10 * 2 ** 20, 'B/h'),
      text: 'slope(heap) <= 10MiB/h',
    }),
  ),
});

const heap = (perHour: number): Observations['series'] => [
  answerOf('STA/heap', [{ value: (i) => 1e8 + ((i * 5000) / 3_600_000) * perHour + 1000 * Math.sin(i * i) }]),
];

const scalability = requirementOf({
  id: 'SCA',
  type: 'scalability',
  options: { levels: { idle: 1, peak: 4 } },
  require: ruleOf(
    clauseOf({ stat: named('efficiency', ['4']), op: 'gte', limit: fixed(0.8, 'ratio'), text: 'efficiency(4) >= 80%' }),
  ),
});

function scaled(failed: number, phases = [idle, later]): Observations {
  const requests = [
    ...traffic({ phase: 'idle', rate: 20 }),
    ...traffic({ phase: 'peak', startMs: minutes5, rate: 78, failed }),
  ].filter((request) => phases.some((phase) => phase.name === request.phase));
  return observationsOf({ load: loadFor([scalability], requests, phases) });
}

const bothPhases: Partial<JudgeInput> = {
  evaluation: { ...judgeInputOf([], observationsOf()).evaluation, phases: ['idle', 'peak'] },
  phases: ['idle', 'peak'],
};

export const typeCases: readonly TypeCase[] = [
  onRequests('latency', latency, {
    pass: { slow: 0.01 },
    fail: { slow: 0.2 },
    open: { slow: 0.05 },
    reason: 'straddles',
  }),
  onRequests('errors', errors, {
    pass: { failed: 0.001 },
    fail: { failed: 0.05 },
    open: { failed: 0.01 },
    reason: 'straddles',
  }),
  onRequests('throughput', throughput, {
    pass: { failed: 0.005 },
    fail: { failed: 0.2 },
    open: { rate: 20 },
    reason: 'generator-unhealthy',
  }),
  onRequests('apdex', apdex, {
    pass: { slow: 0.02 },
    fail: { slow: 0.3 },
    open: { slow: 0.122 },
    reason: 'straddles',
  }),
  streamed('ttft', 500),
  streamed('tpot', 40),
  streamed('itl', 150),
  onRequests('tokens', tokens, { pass: stream(0.02), fail: stream(0.3), open: stream(0.1), reason: 'straddles' }),
  onRequests('goodput', goodput, { pass: stream(0.01), fail: stream(0.2), open: stream(0.05), reason: 'straddles' }),
  onTraces(dependency, 'straddles', {
    pass: payments(500, 0.01, 0.3),
    fail: payments(500, 0.3, 0.3),
    open: payments(500, 0.05, 0.3),
  }),
  onTraces(retries, 'straddles', { pass: attempts(500, 0.01), fail: attempts(500, 0.5), open: attempts(500, 0.05) }),
  onTraces(fanout, 'straddles', { pass: calls(500, 0.01), fail: calls(500, 0.5), open: calls(500, 0.05) }),
  onSeries(saturation, 'straddles', { pass: busy(0), fail: busy(0.3), open: busy(0.05) }),
  onSeries(query, 'stale-data', {
    pass: [answerOf('QRY', [{ value: () => 3 }])],
    fail: [answerOf('QRY', [{ value: () => 3 }, { value: () => 9 }])],
    open: [answerOf('QRY', [{ value: (i, n) => (i === n - 1 ? Number.NaN : 3) }])],
  }),
  onSeries(servedLatency, 'straddles', { pass: buckets(2), fail: buckets(40), open: buckets(10) }, { counters: true }),
  onSeries(
    servedErrors,
    'straddles',
    { pass: statuses(1), fail: statuses(60), open: statuses(10) },
    { counters: true },
  ),
  onSeries(concurrency, 'stale-data', { pass: inFlight(40), fail: inFlight(200), open: inFlight(40, 40) }),
  onSeries(
    budget,
    'too-few-samples',
    { pass: spent(0.001, 0.001), fail: spent(0.05, 0.001), open: spent(0.001, 0.001, 0.01) },
    { input: { slos: [slo] }, counters: true },
  ),
  onSeries(
    cost,
    'no-data',
    {
      pass: [instantOf('COST/cpuHour', 0.5)],
      fail: [instantOf('COST/cpuHour', 5)],
      open: [instantOf('COST/cpuHour', Number.NaN)],
    },
    { counters: true },
  ),
  {
    type: 'degradation',
    requirements: [degradation],
    pass: observationsOf({
      load: loadFor([degradation], traffic({ slow: 0.1, slowMs: 100 })),
      baselines: passedRuns(100, 101, 99, 100, 100),
    }),
    fail: observationsOf({
      load: loadFor([degradation], traffic({ slow: 0.1, slowMs: 150 })),
      baselines: passedRuns(100, 101, 99, 100, 100),
    }),
    open: observationsOf({ load: loadFor([degradation], traffic({ slow: 0.1, slowMs: 100 })) }),
    reason: 'no-baseline',
  },
  {
    type: 'degradation',
    requirements: [underLoad],
    pass: twoPhases(120),
    fail: twoPhases(400),
    open: twoPhases(120, 0.1),
    reason: 'too-few-samples',
  },
  {
    type: 'recovery',
    requirements: [recovery, latency],
    pass: afterSpike(20_000),
    fail: afterSpike(200_000),
    open: afterSpike(60_000),
    reason: 'straddles',
    input: bothPhases,
  },
  {
    type: 'stability',
    requirements: [stability],
    pass: observationsOf({ load: loadFor([stability], traffic()), series: heap(0) }),
    fail: observationsOf({ load: loadFor([stability], traffic()), series: heap(100 * 2 ** 20) }),
    open: observationsOf({ load: loadFor([stability], traffic()), series: [] }),
    reason: 'no-data',
  },
  {
    type: 'scalability',
    requirements: [scalability],
    pass: scaled(0),
    fail: scaled(0.5),
    open: scaled(0, [later]),
    reason: 'no-data',
    input: bothPhases,
  },
  {
    type: 'concurrency',
    requirements: [
      requirementOf({
        id: 'CAP',
        type: 'concurrency',
        source: 'server',
        require: ruleOf(
          clauseOf({
            stat: named('capacity'),
            op: 'gte',
            limit: fixed(32, ''),
            while: ['LAT'],
            text: 'capacity >= 32 while [LAT]',
          }),
        ),
      }),
      { ...latency, priority: 'info' },
    ],
    ...capacityCases(),
    reason: 'prerequisite',
    input: bothPhases,
  },
];

function capacityCases(): Pick<TypeCase, 'pass' | 'fail' | 'open'> {
  const phases = [
    { ...idle, users: 16 },
    { ...later, users: 32 },
  ];
  const steps = (slowAt32: number, slowAt16 = 0): Observations =>
    observationsOf({
      load: loadFor(
        [latency],
        [
          ...traffic({ phase: 'idle', slow: slowAt16 }),
          ...traffic({ phase: 'peak', startMs: minutes5, slow: slowAt32 }),
        ],
        phases,
      ),
    });
  return { pass: steps(0), fail: steps(0.5), open: steps(0.05) };
}
