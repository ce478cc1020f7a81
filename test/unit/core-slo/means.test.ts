// Means of requests and rates: what counts is the request and the second, not the slice, and the phases are planned.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Requirement } from '../../../src/core/model/requirement.ts';
import type { Verdict } from '../../../src/core/model/verdict.ts';
import { judgeAll } from '../../../src/core/slo/judge.ts';
import type { SimulatedRequest } from '../../support/load-result-of.ts';
import {
  clauseOf,
  evaluationOf,
  fixed,
  judgeInputOf,
  named,
  observationsOf,
  requirementOf,
  ruleOf,
} from '../../support/requirement-of.ts';
import { instantOf, loadFor, measureOf, minutes5, traffic } from './cases/simulated.ts';

const phases = [
  { name: 'idle', startMs: 0, endMs: minutes5 },
  { name: 'peak', startMs: minutes5, endMs: 2 * minutes5 },
];
const twoRates = [...traffic({ phase: 'idle', rate: 10 }), ...traffic({ phase: 'peak', startMs: minutes5, rate: 100 })];

function judge(requirement: Requirement, requests: readonly SimulatedRequest[], part = {}): Verdict {
  const observations = observationsOf({ load: loadFor([requirement], requests, phases), ...part });
  const evaluation = evaluationOf(['idle', 'peak']);
  const verdict = judgeAll([requirement], judgeInputOf([requirement], observations, { evaluation })).verdicts[0];
  assert.ok(verdict);
  return verdict;
}

const mean = (limit: number, part: Partial<Requirement> = {}): Requirement =>
  requirementOf({
    id: 'MEAN',
    type: 'latency',
    require: ruleOf(clauseOf({ stat: named('mean'), op: 'lte', limit: fixed(limit), text: `mean <= ${limit}ms` })),
    ...part,
  });

test('a mean over requests is not lowered by seconds with few of them', () => {
  const uneven = Array.from({ length: 300 }, (_, second) => {
    const isBusy = second % 2 === 1;
    const count = isBusy ? 190 : 10;
    return Array.from({ length: count }, (_, i) => ({
      atMs: minutes5 + second * 1000 + (i * 1000) / count,
      latencyMs: isBusy ? 40 : 5,
      phase: 'peak',
    }));
  }).flat();
  const verdict = judge(mean(30), uneven);
  assert.equal(verdict.verdict, 'fail', verdict.explanation);
  const value = verdict.clauses[0]?.observed?.value ?? 0;
  assert.ok(Math.abs(value - (190 * 40 + 10 * 5) / 200) < 0.1, verdict.explanation);
});

test('nor one over spans', () => {
  const spans = measureOf('MEAN/root', 'rootDuration', 2000, (i) => ({ value: i % 100 < 90 ? 40 : 5 }));
  const points = spans.points.map((point, i) => ({
    ...point,
    atMs: Math.floor(i / 100) * 10_000 + (i % 100 < 90 ? 0 : 6000),
  }));
  const verdict = judge(mean(30, { source: 'trace' }), twoRates, { measures: [{ ...spans, points }] });
  assert.ok(Math.abs((verdict.clauses[0]?.observed?.value ?? 0) - 36.5) < 0.1, verdict.explanation);
});

test('a rate over phases of different load has the interval of each', () => {
  const rate = requirementOf({
    id: 'THR',
    type: 'throughput',
    require: ruleOf(clauseOf({ stat: named('rate'), op: 'gte', limit: fixed(50, '/s'), text: 'rate >= 50/s' })),
  });
  const verdict = judge(rate, twoRates);
  assert.equal(verdict.verdict, 'pass', verdict.explanation);
  assert.match(verdict.explanation, /^rate 55\/s \(55-55\)/);
});

test('a range that reaches above what was offered is not the system that misses it', () => {
  const range = {
    low: { value: 190, unit: '/s', text: '190/s' },
    high: { value: 210, unit: '/s', text: '210/s' },
  } as const;
  const between = clauseOf({ stat: named('rate'), op: 'between', limit: { kind: 'range', ...range } });
  const throughput = requirementOf({
    type: 'throughput',
    where: { phase: 'peak', labels: {} },
    require: ruleOf(between),
  });
  const verdict = judge(throughput, twoRates);
  assert.deepEqual([verdict.verdict, verdict.reason], ['inconclusive', 'generator-unhealthy'], verdict.explanation);
  const kept = traffic({ phase: 'peak', startMs: minutes5, rate: 200 });
  assert.equal(judge(throughput, kept).verdict, 'pass');
});

test('so has the cost of what they served', () => {
  const cost = requirementOf({
    id: 'COST',
    type: 'cost',
    source: 'server',
    priority: 'should',
    options: { prices: { cpu: 1 }, usage: { cpu: 'cpu' } },
    require: ruleOf(clauseOf({ stat: named('costPer1k', ['goodRequests']), op: 'lte', limit: fixed(1, 'USD') })),
  });
  const used = instantOf('COST/cpu', 1);
  const window = { start: used.window.start, end: used.window.end };
  const verdict = judge(cost, twoRates, { series: [{ ...used, window }] });
  assert.equal(verdict.verdict, 'pass', verdict.explanation);
  const brief = judge({ ...cost, slice: minutes5 as Requirement['slice'], onNoData: 'fail' }, twoRates, {
    series: [used],
  });
  assert.deepEqual([brief.verdict, brief.reason], ['inconclusive', 'too-few-samples'], brief.explanation);
});

test('fewer samples than asked for are inconclusive, whatever is averaged or traced', () => {
  const minSamples = 1_000_000;
  const slope = requirementOf({
    type: 'stability',
    require: ruleOf(clauseOf({ stat: named('slope', ['p95']), op: 'lte', limit: fixed(60, 'ms/h') })),
  });
  const goodput = requirementOf({
    type: 'goodput',
    options: { good: { response: { op: 'lte', value: 500, unit: 'ms', text: '<= 500ms' } } },
    require: ruleOf(clauseOf({ stat: named('rate'), op: 'gte', limit: fixed(50, '/s') })),
  });
  for (const requirement of [mean(300), slope, goodput]) {
    assert.equal(judge(requirement, twoRates).verdict, 'pass', requirement.type);
    const verdict = judge({ ...requirement, minSamples }, twoRates);
    assert.deepEqual([verdict.verdict, verdict.reason], ['inconclusive', 'too-few-samples'], verdict.explanation);
    assert.match(verdict.need ?? '', /need 1,000,000 samples, have 33,000/);
  }
});

test('phases too short to know their throughput are not no data', () => {
  const scalability = requirementOf({
    type: 'scalability',
    onNoData: 'fail',
    slice: minutes5 as Requirement['slice'],
    options: { levels: { idle: 1, peak: 4 } },
    require: ruleOf(clauseOf({ stat: named('efficiency', ['4']), op: 'gte', limit: fixed(0.8, 'ratio') })),
  });
  const brief = judge(scalability, twoRates);
  assert.deepEqual([brief.verdict, brief.reason], ['inconclusive', 'too-few-samples'], brief.explanation);
  const none = judge(scalability, traffic({ phase: 'idle', rate: 10 }));
  assert.deepEqual([none.verdict, none.reason], ['fail', 'no-data'], none.explanation);
});

test('an interval of what is never negative begins at 0 at the lowest', () => {
  // One burst in a stretch of silence: Student's t alone would reach far below 0.
  const burst = Array.from({ length: 60 }, (_, i) => ({ atMs: minutes5 + i * 10, latencyMs: 5, phase: 'peak' }));
  const rate = requirementOf({
    id: 'RATE',
    type: 'throughput',
    require: ruleOf(clauseOf({ stat: named('rate'), op: 'lte', limit: fixed(1, '/s'), text: 'rate <= 1/s' })),
  });
  const [low, high] = judge(rate, burst).clauses[0]?.observed?.interval ?? [];
  assert.equal(low, 0);
  assert.ok((high ?? 0) > 0.1);
});
