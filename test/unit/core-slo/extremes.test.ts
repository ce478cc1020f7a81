// Lower limits on a maximum, upper ones on a minimum, and limits that leave out the number they name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clause, Requirement } from '../../../src/core/model/requirement.ts';
import { millis } from '../../../src/core/model/units.ts';
import type { Verdict } from '../../../src/core/model/verdict.ts';
import { judgeAll } from '../../../src/core/slo/judge.ts';
import {
  clauseOf,
  fixed,
  judgeInputOf,
  named,
  observationsOf,
  quantile,
  requirementOf,
  ruleOf,
} from '../../support/requirement-of.ts';
import { answerOf, loadFor, measureOf, minutes5, traffic } from './cases/simulated.ts';

const range = (low: number, high: number): Clause['limit'] => ({
  kind: 'range',
  low: { value: low, unit: '', text: `${low}` },
  high: { value: high, unit: '', text: `${high}` },
});

/** Fan-out of 600 traces, the same in each unless `calls` says otherwise. */
function fanout(part: Pick<Clause, 'stat' | 'op' | 'limit'> & Partial<Clause>, calls: (i: number) => number): Verdict {
  const requirement = requirementOf({ id: 'FAN', type: 'fanout', source: 'trace', require: ruleOf(clauseOf(part)) });
  const measure = measureOf('FAN/calls', 'callsPerRequest', 600, (i) => ({ value: calls(i) }));
  const observations = observationsOf({ load: loadFor([requirement], traffic()), measures: [measure] });
  const verdict = judgeAll([requirement], judgeInputOf([requirement], observations)).verdicts[0];
  assert.ok(verdict);
  return verdict;
}

/** Requests of 40 to 60 ms. */
function latency(part: Pick<Clause, 'stat' | 'op' | 'limit'>, requests = traffic()): Verdict {
  const requirement = requirementOf({ id: 'LAT', type: 'latency', require: ruleOf(clauseOf(part)) });
  const observations = observationsOf({ load: loadFor([requirement], requests) });
  const verdict = judgeAll([requirement], judgeInputOf([requirement], observations)).verdicts[0];
  assert.ok(verdict);
  return verdict;
}

test('a lower limit on a maximum is kept by one, and broken by none', () => {
  assert.equal(latency({ stat: named('max'), op: 'gte', limit: fixed(100) }).verdict, 'fail');
  assert.match(
    latency({ stat: named('max'), op: 'gte', limit: fixed(100) }).explanation,
    /12,000 of 12,000 requests were faster \(100%, one that was not is enough\)/,
  );
  const one = traffic().map((request, i) => (i === 77 ? { ...request, latencyMs: 120 } : request));
  assert.equal(latency({ stat: named('max'), op: 'gte', limit: fixed(100) }, one).verdict, 'pass');
  assert.equal(latency({ stat: named('min'), op: 'lte', limit: fixed(5) }).verdict, 'fail');
  assert.equal(latency({ stat: named('min'), op: 'lte', limit: fixed(45) }).verdict, 'pass');
});

test('none among a few shows nothing', () => {
  const few = traffic({ durationMs: 500 });
  const verdict = latency({ stat: named('max'), op: 'gte', limit: fixed(100) }, few);
  assert.deepEqual([verdict.verdict, verdict.reason], ['inconclusive', 'too-few-samples'], verdict.explanation);
});

const max = named('max', [], 'callsPerRequest');

test('a range of a maximum is broken on both sides', () => {
  const between = { stat: max, op: 'between', limit: range(2, 8) } as const;
  for (const [calls, wanted] of [
    [1, 'fail'],
    [2, 'pass'],
    [8, 'pass'],
    [9, 'fail'],
  ] as const)
    assert.equal(fanout(between, () => calls).verdict, wanted, `${calls} calls`);
  const equal = { stat: max, op: 'eq', limit: fixed(8, '') } as const;
  assert.equal(fanout(equal, () => 3).verdict, 'fail');
  assert.equal(fanout(equal, (i) => (i === 5 ? 8 : 3)).verdict, 'pass');
});

test('in slices, each needs one of its own', () => {
  const inSlices = { stat: max, op: 'gte', limit: fixed(8, ''), inSlices: 0.5 } as Parameters<typeof fanout>[0];
  assert.equal(fanout(inSlices, () => 3).verdict, 'fail');
  assert.equal(fanout(inSlices, (i) => (i % 5 === 0 ? 8 : 3)).verdict, 'pass');
});

test('what lies exactly on a limit breaks < and >', () => {
  const p95 = quantile(0.95, 'callsPerRequest');
  for (const [stat, op, wanted] of [
    [p95, 'lt', 'fail'],
    [p95, 'lte', 'pass'],
    [quantile(0.5, 'callsPerRequest'), 'gt', 'fail'],
    [quantile(0.5, 'callsPerRequest'), 'gte', 'pass'],
    [max, 'lt', 'fail'],
    [max, 'gt', 'fail'],
  ] as const)
    assert.equal(fanout({ stat, op, limit: fixed(8, '') }, () => 8).verdict, wanted, op);
});

test('a capacity above a limit is not shown at the limit itself', () => {
  const kept = requirementOf({
    id: 'LAT',
    type: 'latency',
    require: ruleOf(clauseOf({ stat: quantile(0.95), op: 'lte', limit: fixed(300) })),
  });
  const capacity = (op: Clause['op']): Requirement =>
    requirementOf({
      id: 'CAP',
      type: 'concurrency',
      source: 'server',
      require: ruleOf(clauseOf({ stat: named('capacity'), op, limit: fixed(40, '/s'), while: ['LAT'] })),
    });
  for (const [op, wanted] of [
    ['gte', 'pass'],
    ['gt', 'inconclusive'],
  ] as const) {
    const all = [kept, capacity(op)];
    const observations = observationsOf({ load: loadFor(all, traffic()) });
    const verdict = judgeAll(all, judgeInputOf(all, observations)).verdicts[1];
    assert.equal(verdict?.verdict, wanted, verdict?.explanation);
  }
});

test('users are not compared with requests a second', () => {
  const kept = requirementOf({
    id: 'LAT',
    type: 'latency',
    require: ruleOf(clauseOf({ stat: quantile(0.95), op: 'lte', limit: fixed(300) })),
  });
  const judged = (unit: '' | '/s', users: number | undefined): Verdict | undefined => {
    const stat = named('capacity');
    const clause = clauseOf({ stat, op: 'gte', limit: fixed(30, unit), while: ['LAT'] });
    const all = [kept, requirementOf({ id: 'CAP', type: 'concurrency', source: 'server', require: ruleOf(clause) })];
    const phase = { name: 'peak', startMs: 0, endMs: minutes5, ...(users === undefined ? {} : { users }) };
    return judgeAll(all, judgeInputOf(all, observationsOf({ load: loadFor(all, traffic(), [phase]) }))).verdicts[1];
  };
  assert.equal(judged('', 32)?.verdict, 'pass');
  assert.equal(judged('/s', undefined)?.verdict, 'pass');
  for (const [unit, users] of [
    ['/s', 32],
    ['', undefined],
  ] as const) {
    const verdict = judged(unit, users);
    assert.deepEqual([verdict?.verdict, verdict?.reason], ['inconclusive', 'prerequisite'], verdict?.explanation);
  }
  assert.match(judged('/s', 32)?.need ?? '', /write capacity >= 30, or give them a rate/);
});

test('one slice of a gauge is enough for its maximum', () => {
  const requirement = requirementOf({
    id: 'GAUGE',
    type: 'concurrency',
    source: 'server',
    slice: millis(5000),
    require: ruleOf(clauseOf({ stat: named('max', [], 'in_flight'), op: 'gte', limit: fixed(5, '') })),
  });
  const judged = (value: (i: number) => number) => {
    const series = [answerOf('GAUGE/in_flight', [{ value }])];
    const observations = observationsOf({ load: loadFor([requirement], traffic()), series });
    return judgeAll([requirement], judgeInputOf([requirement], observations)).verdicts[0];
  };
  assert.equal(judged((i) => (i === 9 ? 6 : 1))?.verdict, 'pass');
  assert.equal(judged(() => 1)?.verdict, 'fail');
});

test('a share above nothing needs one', () => {
  const share = (failed: number): Verdict | undefined => {
    const clause = clauseOf({ stat: named('rate'), op: 'gt', limit: fixed(0, 'ratio'), text: 'rate > 0%' });
    const requirement = requirementOf({ type: 'errors', require: ruleOf(clause) });
    const requests = traffic().map((request, i) => ({ ...request, failed: i < failed }));
    const observations = observationsOf({ load: loadFor([requirement], requests) });
    return judgeAll([requirement], judgeInputOf([requirement], observations)).verdicts[0];
  };
  assert.equal(share(0)?.verdict, 'fail');
  assert.equal(share(1)?.verdict, 'pass');
});
