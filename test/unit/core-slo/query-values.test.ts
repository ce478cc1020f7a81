// What queries answer beside plain numbers: infinite values, series that fall silent, names that the load has too.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clause, Requirement } from '../../../src/core/model/requirement.ts';
import type { Verdict } from '../../../src/core/model/verdict.ts';
import { judgeAll } from '../../../src/core/slo/judge.ts';
import { needsOf } from '../../../src/core/slo/needs.ts';
import {
  clauseOf,
  fixed,
  judgeInputOf,
  named,
  observationsOf,
  requirementOf,
  ruleOf,
} from '../../support/requirement-of.ts';
import { answerOf, loadFor, type SeriesCase, traffic } from './cases/simulated.ts';

type Part = Pick<Requirement, 'type'> & Partial<Requirement>;

function judge(part: Part, clause: Clause, key: string, ...series: readonly SeriesCase[]): Verdict {
  const requirement = requirementOf({ id: 'Q', source: 'server', require: ruleOf(clause), ...part });
  const observations = observationsOf({
    load: loadFor([requirement], traffic()),
    series: [answerOf(key, series)],
  });
  const verdict = judgeAll([requirement], judgeInputOf([requirement], observations)).verdicts[0];
  assert.ok(verdict);
  return verdict;
}

const value = clauseOf({ stat: named('value'), op: 'lte', limit: fixed(0.8, ''), text: 'value <= 0.8' });
const infinite = (every: number): SeriesCase => ({ value: (i) => (i % every === 5 ? Number.POSITIVE_INFINITY : 0.5) });

test('an infinite value breaks an upper limit', () => {
  const gauge = judge({ type: 'saturation' }, value, 'Q', infinite(10));
  assert.equal(gauge.verdict, 'fail', gauge.explanation);
  assert.match(gauge.explanation, /value infinite, limit 0.8: 6 of 60 slices beyond it/);
  const pod = judge(
    { type: 'saturation' },
    value,
    'Q',
    { value: () => Number.POSITIVE_INFINITY },
    { value: () => 0.5 },
  );
  assert.equal(pod.verdict, 'fail', pod.explanation);
  const last = judge({ type: 'query' }, value, 'Q', {
    value: (i, n) => (i === n - 1 ? Number.POSITIVE_INFINITY : 0.5),
  });
  assert.equal(last.verdict, 'fail', last.explanation);
  const least = { ...value, op: 'gte', limit: fixed(0.1, '') } as const;
  assert.equal(judge({ type: 'saturation' }, least, 'Q', infinite(10)).verdict, 'pass');
});

test('a mean of infinite values keeps nothing', () => {
  const mean = (op: Clause['op']): Clause =>
    clauseOf({ stat: named('mean', [], 'in_flight'), op, limit: fixed(2, ''), text: 'mean in_flight' });
  const above = judge({ type: 'concurrency' }, mean('lte'), 'Q/in_flight', infinite(10));
  assert.equal(above.verdict, 'fail', above.explanation);
  const below = judge({ type: 'concurrency' }, mean('gte'), 'Q/in_flight', infinite(10));
  assert.deepEqual([below.verdict, below.reason], ['inconclusive', 'unsteady'], below.explanation);
  assert.deepEqual(below.notes, []);
});

test('not a number is still no value', () => {
  const verdict = judge({ type: 'saturation' }, value, 'Q', { value: (i) => (i % 3 === 0 ? Number.NaN : 0.5) });
  assert.equal(verdict.reason, 'stale-data');
});

test('a series that falls silent beside another is told', () => {
  const dying: SeriesCase = { labels: { pod: 'b' }, value: (i) => (i < 20 ? 0.79 : Number.NaN) };
  const verdict = judge({ type: 'saturation' }, value, 'Q', { labels: { pod: 'a' }, value: () => 0.5 }, dying);
  assert.match(verdict.notes.join(), /1 of 2 series were silent for a part of the time.*pod="b".*40 of 60 slices/);
  const heap = { type: 'stability', options: { queries: { heap: 'sum(heap)' } } } as const;
  const flat = judge(heap, slope('heap'), 'Q/heap', { labels: { pod: 'a' }, value: () => 0.5 }, dying);
  assert.match(flat.notes.join(), /pod="b"/);
  const steady = judge({ type: 'saturation' }, value, 'Q', { value: () => 0.5 }, { value: () => 0.6 });
  assert.deepEqual(steady.notes, []);
});

const rising: SeriesCase = { value: (i) => 1000 * i };
const slope = (name: string): Clause =>
  clauseOf({ stat: named('slope', [name]), op: 'lte', limit: fixed(5, ''), text: `slope(${name}) <= 5` });

test('a query of the document is meant where the load has a statistic of its name', () => {
  for (const name of ['rate', 'mean', 'p95', 'p9_queue']) {
    const part = { type: 'stability', options: { queries: { [name]: 'sum(queued)' } } } as const;
    const verdict = judge(part, slope(name), `Q/${name}`, rising);
    assert.equal(verdict.verdict, 'fail', `${name}: ${verdict.explanation}`);
    const needed = needsOf(
      [requirementOf({ id: 'Q', require: ruleOf(slope(name)), ...part })],
      judgeInputOf([], observationsOf()),
    );
    assert.deepEqual([needed.queries.length, needed.watches.length], [1, 0]);
  }
});

test('no percentile is above the hundredth', () => {
  const verdict = judge({ type: 'stability' }, slope('p950'), 'Q/p950', rising);
  assert.equal(verdict.verdict, 'error', verdict.explanation);
});

test('a query that becomes infinite is not said to fail requests', () => {
  const part = { type: 'stability', options: { queries: { heap: 'sum(heap)' } } } as const;
  const verdict = judge(part, slope('heap'), 'Q/heap', infinite(10));
  assert.equal(verdict.verdict, 'inconclusive', verdict.explanation);
  assert.match(verdict.explanation, /slices have no heap: it is infinite there/);
});
