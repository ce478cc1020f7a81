// How clauses, warnings, gaps, validity and priorities make verdicts, and verdicts make the run's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DropReason, LoadResult } from '../../../src/core/model/load.ts';
import type { Gap } from '../../../src/core/model/observations.ts';
import type { Requirement } from '../../../src/core/model/requirement.ts';
import { millis, ratio } from '../../../src/core/model/units.ts';
import type { Verdict } from '../../../src/core/model/verdict.ts';
import { judgeAll } from '../../../src/core/slo/judge.ts';
import { needsOf } from '../../../src/core/slo/needs.ts';
import { runVerdict } from '../../../src/core/slo/run-verdict.ts';
import type { SimulatedRequest } from '../../support/load-result-of.ts';
import {
  clauseOf,
  evaluationOf,
  fixed,
  judgeInputOf,
  limits,
  named,
  observationsOf,
  quantile,
  requirementOf,
  ruleOf,
} from '../../support/requirement-of.ts';
import { loadFor, measureOf, minutes5, type Traffic, traffic } from './cases/simulated.ts';

const p95 = (limit: number) =>
  clauseOf({ stat: quantile(0.95), op: 'lte', limit: fixed(limit), text: `p95 <= ${limit}ms` });
const latency = (part: Partial<Requirement> = {}): Requirement =>
  requirementOf({ id: 'LAT', type: 'latency', require: ruleOf(p95(300)), ...part });

function judge(
  requirement: Requirement,
  part: Traffic = {},
  change: (load: LoadResult) => LoadResult = (load) => load,
): Verdict {
  const observations = observationsOf({ load: change(loadFor([requirement], traffic(part))) });
  const verdict = judgeAll([requirement], judgeInputOf([requirement], observations)).verdicts[0];
  assert.ok(verdict);
  return verdict;
}

test('a failed requirement says value, interval, limit and counts', () => {
  const verdict = judge(latency(), { slow: 0.2 });
  assert.equal(verdict.verdict, 'fail');
  assert.match(
    verdict.explanation,
    /^p95 1 s \(.*\), limit 300 ms: 2,\d{3} of 12,000 requests were slower \(\d+\.\d%, allowed 5%\)$/,
  );
  assert.ok((verdict.margin ?? 0) < -2);
  const [clause] = verdict.clauses;
  assert.ok(clause?.decision && clause.decision.designEffect >= 1 && clause.decision.interval[0] > 0.05);
  assert.equal(verdict.rule, 'p95 <= 300ms');
});

test('failed requests count as slow, or not at all', () => {
  assert.equal(judge(latency(), { failed: 0.2 }).verdict, 'fail');
  const requirement = latency();
  const observations = observationsOf({ load: loadFor([requirement], traffic({ failed: 0.2 })) });
  const input = judgeInputOf([requirement], observations, {
    evaluation: evaluationOf(['peak'], { failuresCountAs: 'excluded' }),
  });
  assert.equal(judgeAll([requirement], input).verdicts[0]?.verdict, 'pass');
});

test('a percentile among requests that failed fast has no value and nothing to spare', () => {
  const verdict = judge(latency(), { failed: 0.2 });
  assert.equal(verdict.verdict, 'fail');
  assert.equal(verdict.margin, undefined);
  const observed = verdict.clauses[0]?.observed;
  assert.ok(observed);
  assert.deepEqual([observed.value, observed.interval, observed.atLeast], [undefined, undefined, undefined]);
  assert.ok(Math.abs((observed.failedShare ?? 0) - 0.2) < 0.02);
  assert.match(
    verdict.explanation,
    /^p95 has no value \(more than 5% of requests failed: 2,\d{3} of 12,000\), limit 300 ms: 2,\d{3} of 12,000 requests were slower or failed/,
  );
  assert.match(judge(latency(), { failed: 1 }).explanation, /^p95 has no value \(all 12,000 requests failed\)/);
});

test('a percentile below the failed requests moves up by them', () => {
  const p50 = latency({ require: ruleOf(clauseOf({ stat: quantile(0.5), op: 'lte', limit: fixed(50) })) });
  const value = (traffic: Traffic): number => judge(p50, traffic).clauses[0]?.observed?.value ?? Number.NaN;
  assert.ok(Math.abs(value({ failed: 0.2 }) - 52.5) < 1, String(value({ failed: 0.2 })));
});

test('an interval that reaches into failed requests is open above', () => {
  const observed = judge(latency(), { failed: 0.049 }).clauses[0]?.observed;
  assert.ok(observed?.value !== undefined || observed?.failedShare !== undefined);
  assert.equal(observed.interval, undefined);
  assert.ok((observed.atLeast ?? 0) > 40);
});

test('a percentile seen in traces has no value among failed ones either', () => {
  const spans = latency({ source: 'trace' });
  const key = needsOf([spans], judgeInputOf([spans], observationsOf())).measures[0]?.key ?? '';
  const measure = measureOf(key, 'spanDuration', 2000, (i) => ({ value: 40, failed: i % 5 === 0 }));
  const load = loadFor([latency()], traffic());
  const [verdict] = judgeAll([spans], judgeInputOf([spans], observationsOf({ load, measures: [measure] }))).verdicts;
  assert.equal(verdict?.verdict, 'fail');
  assert.equal(verdict.margin, undefined);
  assert.equal(verdict.clauses[0]?.observed?.value, undefined);
  assert.match(verdict.explanation, /^p95 has no value \(more than 5% of traces failed: 400 of 2,000\)/);
});

test('what most slices keep is not said to be beyond its limit', () => {
  const share = clauseOf({ stat: named('rate'), op: 'lte', limit: fixed(0.01, 'ratio'), inSlices: ratio(0.8) });
  const requirement = requirementOf({ type: 'errors', require: ruleOf(share) });
  const requests = traffic().map((request) => ({ ...request, failed: request.atMs < 10_000 }));
  const observations = observationsOf({ load: loadFor([requirement], requests) });
  const verdict = judgeAll([requirement], judgeInputOf([requirement], observations)).verdicts[0];
  assert.equal(verdict?.verdict, 'pass', verdict?.explanation);
  assert.equal(verdict?.margin, undefined);
});

test('a few large bursts ask for a longer run, not for fewer than no samples', () => {
  const share = clauseOf({ stat: named('rate'), op: 'lte', limit: fixed(0.005, 'ratio') });
  const requirement = requirementOf({ type: 'errors', require: ruleOf(share) });
  const requests = traffic().map((request) => ({
    ...request,
    failed: request.atMs >= 120_000 && request.atMs < 130_000,
  }));
  const observations = observationsOf({ load: loadFor([requirement], requests) });
  const verdict = judgeAll([requirement], judgeInputOf([requirement], observations)).verdicts[0];
  assert.deepEqual([verdict?.verdict, verdict?.reason], ['inconclusive', 'straddles'], verdict?.explanation);
  assert.match(verdict?.need ?? '', /in bursts, and a few of them decide: a longer run is needed/);
});

test('with every request failed and left out there is nothing to judge', () => {
  const requirement = latency();
  const requests = traffic({ failed: 1 });
  const observations = observationsOf({ load: loadFor([requirement], requests) });
  const evaluation = evaluationOf(['peak'], { failuresCountAs: 'excluded' });
  const verdict = judgeAll([requirement], judgeInputOf([requirement], observations, { evaluation })).verdicts[0];
  assert.deepEqual([verdict?.verdict, verdict?.reason], ['inconclusive', 'no-data']);
  assert.match(verdict?.explanation ?? '', /all 12,000 requests failed, and failed ones are left out/);
});

test('a failure in one window has no margin to spare, whatever the value over all is', () => {
  const requirement = latency({ require: ruleOf({ ...p95(300), over: millis(60_000) }) });
  const bad = traffic({ startMs: 0, durationMs: 60_000, slow: 0.2 });
  const good = traffic({ startMs: 60_000, durationMs: 240_000 });
  const observations = observationsOf({ load: loadFor([requirement], [...bad, ...good]) });
  const verdict = judgeAll([requirement], judgeInputOf([requirement], observations)).verdicts[0];
  assert.equal(verdict?.verdict, 'fail');
  assert.ok((verdict.clauses[0]?.observed?.value ?? Number.NaN) < 300);
  assert.equal(verdict.margin, undefined);
});

test('all clauses must hold, and the broken one comes first', () => {
  const verdict = judge(latency({ require: ruleOf(p95(2000), p95(300)) }), { slow: 0.2 });
  assert.equal(verdict.verdict, 'fail');
  assert.deepEqual(
    verdict.clauses.map((clause) => [clause.clause, clause.verdict]),
    [
      ['p95 <= 300ms', 'fail'],
      ['p95 <= 2000ms', 'pass'],
    ],
  );
});

test('a kept limit whose warning is broken warns', () => {
  const verdict = judge(latency({ require: ruleOf(p95(300)), warn: ruleOf(p95(45)) }));
  assert.equal(verdict.verdict, 'warn');
  assert.equal(verdict.clauses[0]?.verdict, 'warn');
  assert.match(verdict.explanation, /limit 45 ms/);
  assert.equal(judge(latency({ warn: ruleOf(p95(250)) })).verdict, 'pass');
  assert.equal(judge(latency({ warn: ruleOf(p95(250)) }), { slow: 0.3 }).verdict, 'fail');
});

test('between has two sides', () => {
  const between = (low: number, high: number) =>
    latency({
      require: ruleOf(
        clauseOf({
          stat: quantile(0.5),
          op: 'between',
          limit: {
            kind: 'range',
            low: { value: low, unit: 'ms', text: '' },
            high: { value: high, unit: 'ms', text: '' },
          },
        }),
      ),
    });
  assert.equal(judge(between(30, 90)).verdict, 'pass');
  assert.equal(judge(between(60, 90)).verdict, 'fail');
  assert.equal(judge(between(10, 30)).verdict, 'fail');
});

test('max allows no request beyond it', () => {
  const max = latency({ require: ruleOf(clauseOf({ stat: named('max'), op: 'lte', limit: fixed(500) })) });
  assert.equal(judge(max).verdict, 'pass');
  assert.equal(judge(max, { slow: 0.001 }).verdict, 'fail');
});

test('in a share of slices, and over windows', () => {
  const inSlices = latency({ require: ruleOf({ ...p95(300), inSlices: ratio(0.9) }) });
  assert.equal(judge(inSlices).verdict, 'pass');
  assert.equal(judge(inSlices, { slow: 0.2 }).verdict, 'fail');
  const over = latency({ require: ruleOf({ ...p95(300), over: millis(60_000) }) });
  assert.equal(judge(over, { slow: 0.005 }).verdict, 'pass');
  assert.equal(judge(over, { slow: 0.3 }).verdict, 'fail');
  assert.equal(judge(latency({ require: ruleOf({ ...p95(300), over: millis(3_600_000) }) })).reason, 'too-few-samples');
});

test('mean latency is judged by slices', () => {
  const mean = (limit: number) =>
    latency({ require: ruleOf(clauseOf({ stat: named('mean'), op: 'lte', limit: fixed(limit) })) });
  assert.equal(judge(mean(60)).verdict, 'pass');
  assert.equal(judge(mean(45)).verdict, 'fail');
});

test('a sick generator takes back passes and failures', () => {
  const sick = (load: LoadResult): LoadResult => ({
    ...load,
    generator: { ...load.generator, healthy: false, reasons: ['the generator was late'] },
  });
  for (const slow of [0, 0.3]) {
    const verdict = judge(latency(), { slow }, sick);
    assert.equal(verdict.verdict, 'inconclusive');
    assert.equal(verdict.reason, 'generator-unhealthy');
    assert.match(verdict.explanation, /^the generator was late; as far as was seen: p95/);
    assert.ok(verdict.clauses.every((clause) => clause.verdict === 'inconclusive'));
  }
});

test('late sends and a shortfall against the plan do the same', () => {
  const late = (load: LoadResult): LoadResult => ({ ...load, generator: { ...load.generator, lagP99: millis(50) } });
  const short = (load: LoadResult): LoadResult => ({
    ...load,
    phases: load.phases.map((phase) => ({ ...phase, plannedArrivals: 2 * phase.sentArrivals })),
  });
  assert.equal(judge(latency(), {}, late).reason, 'generator-unhealthy');
  assert.equal(judge(latency(), { slow: 0.3 }, short).reason, 'generator-unhealthy');
});

test('dropped arrivals take back a pass; a failure stands when the system left no room', () => {
  const dropped =
    (reason: DropReason) =>
    (load: LoadResult): LoadResult => ({
      ...load,
      dropped: [{ phase: 'peak', reason, count: 500 }],
    });
  assert.equal(judge(latency(), {}, dropped('in-flight-limit')).verdict, 'inconclusive');
  assert.equal(judge(latency(), { slow: 0.3 }, dropped('in-flight-limit')).verdict, 'fail');
  assert.equal(judge(latency(), { slow: 0.3 }, dropped('feed-exhausted')).verdict, 'inconclusive');
  assert.equal(judge(latency(), {}, dropped('journey-failed')).verdict, 'pass');
});

test('an aborted or interrupted run never passes, but may fail', () => {
  const aborted = (load: LoadResult): LoadResult => ({
    ...load,
    aborted: { limit: 'errorRate > 50% for 10s', atMs: millis(20_000) },
  });
  const interrupted = (load: LoadResult): LoadResult => ({ ...load, interrupted: true });
  assert.equal(judge(latency(), {}, aborted).reason, 'aborted');
  assert.equal(judge(latency(), {}, interrupted).reason, 'interrupted');
  assert.equal(judge(latency(), { slow: 0.5 }, aborted).verdict, 'fail');
});

const dependency = requirementOf({
  id: 'DEP',
  type: 'dependency',
  source: 'trace',
  where: { service: 'payments', labels: {} },
  require: ruleOf(p95(120)),
});

const spans = (count: number) => [measureOf('DEP/spans', 'spanDuration', count, () => ({ value: 60 }))];

test('lost traces void what is measured on traces, and nothing else', () => {
  const requirements = [dependency, latency()];
  const load = loadFor(requirements, traffic());
  const traces = { set: undefined as never, populations: [], asked: 500, complete: 400, coverage: ratio(0.8) };
  const observations = observationsOf({ load, measures: spans(400), traces });
  // The vantage comparison would read the set: no sample is uniform here, so it is never touched.
  const judged = judgeAll(
    requirements,
    judgeInputOf(requirements, { ...observations, traces: { ...traces, set: emptySet } }),
  );
  assert.deepEqual(
    judged.verdicts.map((verdict) => [verdict.verdict, verdict.reason]),
    [
      ['inconclusive', 'trace-coverage'],
      ['pass', undefined],
    ],
  );
  assert.equal(judged.validity.ok, false);
  assert.equal(judged.validity.traceCoverage, 0.8);
});

test('traces that never came are no fault of a run that nobody promised them to', () => {
  const load = loadFor([latency()], traffic());
  const traces = { set: emptySet, populations: [], asked: 500, complete: 0, coverage: ratio(0) };
  const judged = (requirements: readonly Requirement[], tracesPromised: boolean) =>
    judgeAll(requirements, judgeInputOf(requirements, observationsOf({ load, traces }), { tracesPromised }));
  const free = judged([latency()], false);
  assert.deepEqual(
    [free.verdict, free.validity.ok, free.validity.reasons, free.message],
    ['pass', true, [], undefined],
  );
  const promised = judged([latency()], true);
  assert.deepEqual(
    [promised.verdict, promised.verdicts[0]?.verdict, promised.validity.ok, promised.validity.touches],
    ['inconclusive', 'pass', false, 'traces'],
  );
  assert.match(promised.message ?? '', /^not one of 500 traces arrived, and the document names where they come from/);
  const should = judged([latency(), { ...dependency, priority: 'should' }], false);
  assert.equal(should.verdict, 'inconclusive');
  assert.match(should.message ?? '', /DEP cannot be judged without them/);
  assert.equal(judged([latency(), { ...dependency, priority: 'info' }], false).verdict, 'pass');
});

const emptySet = { traceIds: [] } as unknown as NonNullable<ReturnType<typeof observationsOf>['traces']>['set'];

test('a source that could not be asked is an error for those who need it', () => {
  const gap = (reason: Gap['reason'], requirements: readonly string[] = ['DEP']): Gap => ({
    kind: 'traces',
    source: 'jaeger',
    reason,
    message: 'connection refused',
    requirements,
  });
  const verdicts = (found: Gap) => {
    const requirements = [dependency, latency()];
    const observations = observationsOf({ load: loadFor(requirements, traffic()), gaps: [found] });
    return judgeAll(requirements, judgeInputOf(requirements, observations)).verdicts.map((verdict) => verdict.verdict);
  };
  assert.deepEqual(verdicts(gap('unreachable')), ['error', 'pass']);
  assert.deepEqual(verdicts(gap('timeout', [])), ['error', 'pass']);
  assert.deepEqual(verdicts(gap('unreachable', ['DEP', 'LAT'])), ['error', 'pass']);
  assert.deepEqual(verdicts(gap('empty')), ['inconclusive', 'pass']);
});

test('where nothing came, the source says why', () => {
  const message = 'none of the 500 traces asked for arrived; set OTEL_EXPORTER_OTLP_ENDPOINT';
  const gaps = [{ kind: 'traces', source: 'otlp', reason: 'empty', message, requirements: ['DEP'] }] as const;
  const observations = observationsOf({ load: loadFor([dependency], traffic()), gaps });
  const [verdict] = judgeAll([dependency], judgeInputOf([dependency], observations)).verdicts;
  assert.equal(verdict?.reason, 'no-data');
  assert.match(verdict?.explanation ?? '', /set OTEL_EXPORTER_OTLP_ENDPOINT/);
});

test('a first run has no baseline, but tells what the next one is compared with', () => {
  const plus = { value: 0.1, unit: 'ratio', text: '10%' } as const;
  for (const stat of [quantile(0.95), named('rate')]) {
    const requirement = requirementOf({
      id: 'DEG',
      type: 'degradation',
      require: ruleOf(clauseOf({ stat, op: 'lte', limit: { kind: 'baseline', plus } })),
    });
    const verdict = judge(requirement, { failed: 0.02 });
    assert.equal(verdict.reason, 'no-baseline');
    assert.ok((verdict.clauses[0]?.observed?.value ?? 0) > 0);
  }
});

test('the growth of the error rate is judged in points', () => {
  const requirement = requirementOf({
    id: 'DEG',
    type: 'degradation',
    require: ruleOf(
      clauseOf({
        stat: named('rate'),
        op: 'lte',
        limit: { kind: 'baseline', plus: { value: 0.01, unit: 'ratio', text: '1%' } },
      }),
    ),
  });
  const verdictAt = (failed: number) => {
    const load = loadFor([requirement], traffic({ failed }));
    const baselines = [1, 2, 3].map((run) => ({
      requirement: 'DEG',
      runId: `run-${run}`,
      statistic: 'rate',
      value: 0.01,
      samples: 12_000,
    }));
    return judgeAll([requirement], judgeInputOf([requirement], observationsOf({ load, baselines }))).verdicts[0]
      ?.verdict;
  };
  assert.equal(verdictAt(0.01), 'pass');
  assert.equal(verdictAt(0.05), 'fail');
  assert.equal(verdictAt(0.02), 'inconclusive');
});

test('no data is what the document says it is', () => {
  const verdictOf = (onNoData: Requirement['onNoData']) =>
    judgeAll([], judgeInputOf([], observationsOf())).verdict === 'inconclusive' &&
    judgeAll([latency({ onNoData })], judgeInputOf([latency({ onNoData })], observationsOf()));
  const skipped = verdictOf('skip');
  assert.ok(skipped && skipped.verdicts[0]?.skipped === true && skipped.verdict === 'inconclusive');
  const failed = verdictOf('fail');
  assert.ok(failed && failed.verdict === 'fail');
  const open = verdictOf('inconclusive');
  assert.ok(open && open.verdict === 'inconclusive' && open.verdicts[0]?.reason === 'no-data');
});

test('a silent phase does not make the others skipped', () => {
  const requirement = latency({ onNoData: 'skip' });
  const phases = [
    { name: 'idle', startMs: 0, endMs: minutes5 },
    { name: 'peak', startMs: minutes5, endMs: 2 * minutes5 },
  ];
  const judged = (requests: readonly SimulatedRequest[]) => {
    const observations = observationsOf({ load: loadFor([requirement], requests, phases) });
    const evaluation = evaluationOf(['idle', 'peak'], { perPhase: true });
    const input = judgeInputOf([requirement], observations, { evaluation, phases: ['idle', 'peak'] });
    return judgeAll([requirement], input);
  };
  const half = judged(traffic({ phase: 'peak', startMs: minutes5 }));
  assert.deepEqual([half.verdicts[0]?.skipped, half.verdict], [undefined, 'inconclusive']);
  assert.equal(judged([]).verdicts[0]?.skipped, true);
});

test('each phase is judged for itself where the document asks for it', () => {
  const requirement = latency();
  const phases = [
    { name: 'idle', startMs: 0, endMs: minutes5 },
    { name: 'peak', startMs: minutes5, endMs: 2 * minutes5 },
  ];
  const requests = [...traffic({ phase: 'idle' }), ...traffic({ phase: 'peak', startMs: minutes5, slow: 0.08 })];
  const observations = observationsOf({ load: loadFor([requirement], requests, phases) });
  const verdictWith = (perPhase: boolean) => {
    const evaluation = evaluationOf(['idle', 'peak'], { perPhase });
    const input = judgeInputOf([requirement], observations, { evaluation, phases: ['idle', 'peak'] });
    const verdict = judgeAll([requirement], input).verdicts[0];
    assert.ok(verdict);
    return verdict;
  };
  assert.equal(verdictWith(false).verdict, 'pass');
  const apart = verdictWith(true);
  assert.equal(apart.verdict, 'fail');
  assert.equal(apart.clauses[0]?.clause, 'p95 <= 300ms in phase peak');
});

test('requirements that wait for each other end as inconclusive, not in a loop', () => {
  const capacity = (id: string, other: string): Requirement =>
    requirementOf({
      id,
      type: 'concurrency',
      require: ruleOf(clauseOf({ stat: named('capacity'), op: 'gte', limit: fixed(1, '/s'), while: [other] })),
    });
  const both = [capacity('A', 'B'), capacity('B', 'A')];
  const judged = judgeAll(both, judgeInputOf(both, observationsOf({ load: loadFor(both, traffic()) })));
  assert.deepEqual(
    judged.verdicts.map((verdict) => verdict.reason),
    ['prerequisite', 'prerequisite'],
  );
});

test('cheap and broken is not cheap', () => {
  const cost = requirementOf({
    id: 'COST',
    type: 'cost',
    priority: 'info',
    options: { prices: {}, usage: {} },
    require: ruleOf(clauseOf({ stat: named('costPer1k', ['goodRequests']), op: 'lte', limit: fixed(1, 'USD') })),
  });
  const both = [cost, latency()];
  const observations = observationsOf({ load: loadFor(both, traffic({ slow: 0.3 })) });
  const [first] = judgeAll(both, judgeInputOf(both, observations)).verdicts;
  assert.equal(first?.reason, 'prerequisite');
  assert.match(first?.need ?? '', /LAT/);
});

test('needs are collected once each', () => {
  const both = [latency(), latency({ id: 'LAT-2', warn: ruleOf(p95(100)) })];
  const needs = needsOf(both, judgeInputOf(both, observationsOf()));
  assert.deepEqual(
    needs.watches.map((watch) => [watch.id, watch.thresholds, watch.slice]),
    [
      ['LAT', [300], 625],
      ['LAT-2', [100, 300], 625],
    ],
  );
  assert.equal(needsOf([latency(), latency()], judgeInputOf([], observationsOf())).watches.length, 1);
});

test("the run's verdict is that of its gravest must", () => {
  const verdict = (name: Verdict['verdict'], priority: Verdict['priority'] = 'must', skipped = false): Verdict => ({
    requirement: 'R',
    title: '',
    type: 'latency',
    priority,
    definedAt: { file: '', line: 1, column: 1, endLine: 1, endColumn: 1 },
    rule: '',
    verdict: name,
    clauses: [],
    explanation: '',
    notes: [],
    ...(skipped ? { skipped: true } : {}),
  });
  const cases: readonly (readonly [string, readonly Verdict[], Verdict['verdict']])[] = [
    ['nothing judged', [], 'inconclusive'],
    ['all pass', [verdict('pass'), verdict('pass', 'should')], 'pass'],
    ['a must warns', [verdict('pass'), verdict('warn')], 'warn'],
    ['a should fails', [verdict('pass'), verdict('fail', 'should')], 'warn'],
    ['a should cannot be told', [verdict('pass'), verdict('inconclusive', 'should')], 'pass'],
    ['only info', [verdict('pass', 'info')], 'inconclusive'],
    ['info fails', [verdict('pass'), verdict('fail', 'info'), verdict('error', 'info')], 'pass'],
    ['fail before inconclusive', [verdict('inconclusive'), verdict('fail'), verdict('pass')], 'fail'],
    ['error before fail', [verdict('fail'), verdict('error')], 'error'],
    ['inconclusive before warn', [verdict('warn'), verdict('inconclusive')], 'inconclusive'],
    ['skipped has no say', [verdict('pass'), verdict('inconclusive', 'must', true)], 'pass'],
    ['only skipped', [verdict('inconclusive', 'must', true)], 'inconclusive'],
    ['shoulds alone', [verdict('pass', 'should')], 'pass'],
  ];
  for (const [name, verdicts, wanted] of cases) assert.equal(runVerdict(verdicts, false), wanted, name);
  assert.equal(runVerdict([verdict('pass')], true), 'inconclusive');
  assert.equal(runVerdict([verdict('fail')], true), 'fail');
});

test('a valid run says so with its figures', () => {
  const requirement = latency();
  const load = loadFor([requirement], traffic());
  const dropped = [{ phase: 'peak', reason: 'queue-full', count: 6 }] as const;
  const { validity } = judgeAll([requirement], {
    ...judgeInputOf([requirement], observationsOf({ load: { ...load, dropped } })),
    limits,
  });
  assert.deepEqual(validity, {
    ok: true,
    reasons: [],
    droppedShare: 6 / 12_006,
    sendLagP99Ms: 1,
    traceCoverage: 1,
    tracesAsked: 0,
  });
});
