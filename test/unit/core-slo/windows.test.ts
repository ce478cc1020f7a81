// `over 1m`: windows are lengths of time, whatever was sampled in them; slices and samples of a requirement are different counts.
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
import { loadFor, measureOf, traffic } from './cases/simulated.ts';

const minute = 60_000;
const overMinute = clauseOf({
  stat: quantile(0.5),
  op: 'lte',
  limit: fixed(100),
  over: millis(minute),
  text: 'p50 <= 100ms over 1m',
});

interface Spans {
  readonly atMs: number;
  readonly value: number;
  readonly failed?: boolean;
}

function onSpans(clause: Clause, spans: readonly Spans[], part: Partial<Requirement> = {}): Verdict {
  const requirement = requirementOf({
    id: 'DEP',
    type: 'dependency',
    source: 'trace',
    require: ruleOf(clause),
    ...part,
  });
  const key = requirement.type === 'errors' ? 'DEP/root' : 'DEP/spans';
  const base = measureOf(key, 'spanDuration', spans.length, (i) => ({ value: 0, ...spans[i] }));
  const observations = observationsOf({ load: loadFor([requirement], traffic()), measures: [base] });
  const verdict = judgeAll([requirement], judgeInputOf([requirement], observations)).verdicts[0];
  assert.ok(verdict);
  return verdict;
}

/** A dense first minute, then in each further one sixty spans in its second half; those of the third minute are `slow`. */
function uneven(slow: Partial<Spans>): Spans[] {
  const dense = Array.from({ length: 300 }, (_, i) => ({ atMs: i * 200, value: 20 }));
  const sparse = [1, 2, 3, 4].flatMap((at) =>
    Array.from({ length: 60 }, (_, i) => ({
      atMs: at * minute + 30_000 + i * 400,
      value: 20,
      ...(at === 2 ? slow : {}),
    })),
  );
  return [...dense, ...sparse];
}

test('a bad minute is not hidden by minutes with fewer traces', () => {
  const bad = onSpans(overMinute, uneven({ value: 500 }));
  assert.equal(bad.verdict, 'fail', bad.explanation);
  assert.equal(bad.clauses[0]?.decision?.samples, 60, bad.explanation);
  assert.equal(onSpans(overMinute, uneven({})).verdict, 'pass');
});

test('nor are its failures', () => {
  const rate = { ...overMinute, stat: named('rate'), limit: fixed(0.5, 'ratio') };
  const bad = onSpans(rate, uneven({ failed: true }), { type: 'errors' });
  assert.equal(bad.verdict, 'fail', bad.explanation);
});

const stopping = traffic().filter(({ atMs }) => atMs < minute || atMs >= 3 * minute);

function onRequests(clause: Clause, part: Partial<Requirement> = {}): Verdict {
  const requirement = requirementOf({ type: 'latency', require: ruleOf(clause), ...part });
  const observations = observationsOf({ load: loadFor([requirement], stopping) });
  const verdict = judgeAll([requirement], judgeInputOf([requirement], observations)).verdicts[0];
  assert.ok(verdict);
  return verdict;
}

test('a minute without requests among others is not no data', () => {
  const verdict = onRequests(overMinute, { onNoData: 'skip' });
  assert.deepEqual([verdict.verdict, verdict.reason], ['inconclusive', 'too-few-samples'], verdict.explanation);
  assert.equal(verdict.skipped, undefined);
  assert.match(verdict.need ?? '', /need samples in every 60 s, one has none/);
});

test('good slices do not make up for too few samples', () => {
  const inSlices = { ...overMinute, inSlices: 0.5 } as Clause;
  const { over: _, ...plain } = inSlices;
  assert.equal(onRequests(plain).verdict, 'pass');
  const verdict = onRequests(plain, { minSamples: 1_000_000 });
  assert.deepEqual([verdict.verdict, verdict.reason], ['inconclusive', 'too-few-samples'], verdict.explanation);
});
