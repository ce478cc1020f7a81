// Errors with `count:`: how requests ended is known of whole phases, and a part of one says nothing of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Requirement } from '../../../src/core/model/requirement.ts';
import { millis, perSecond } from '../../../src/core/model/units.ts';
import type { Verdict } from '../../../src/core/model/verdict.ts';
import { restrict } from '../../../src/core/slo/evidence/restrict.ts';
import { judgeAll, judgePart } from '../../../src/core/slo/judge.ts';
import type { SimulatedRequest } from '../../support/load-result-of.ts';
import {
  clauseOf,
  fixed,
  judgeInputOf,
  named,
  observationsOf,
  requirementOf,
  ruleOf,
} from '../../support/requirement-of.ts';
import { loadFor, minutes5, traffic } from './cases/simulated.ts';

const rate = ruleOf(clauseOf({ stat: named('rate'), op: 'lte', limit: fixed(0.01, 'ratio'), text: 'rate <= 1%' }));
const counting = requirementOf({ id: 'ERR', type: 'errors', require: rate, options: { count: ['5xx'] } });

const allFailed = (part: Parameters<typeof traffic>[0]): SimulatedRequest[] =>
  traffic({ ...part, failed: 1 }).map((request) => ({ ...request, status: 503 }));

const phases = [
  { name: 'spike', startMs: 0, endMs: minutes5, rate: 100 },
  { name: 'after', startMs: minutes5, endMs: 2 * minutes5, rate: 40, role: 'recovery' as const },
];

function find(verdicts: readonly Verdict[], id: string): Verdict {
  const verdict = verdicts.find(({ requirement }) => requirement === id);
  assert.ok(verdict);
  return verdict;
}

function judge(requirements: readonly Requirement[], requests: readonly SimulatedRequest[], ramp = false): Verdict[] {
  const load = loadFor(requirements, requests, phases);
  const windows = load.phases.map((phase) =>
    ramp && phase.name === 'spike' ? { ...phase, plannedRate: { from: perSecond(10), to: perSecond(200) } } : phase,
  );
  const observations = observationsOf({ load: { ...load, phases: windows } });
  const evaluation = { ...judgeInputOf([], observations).evaluation, phases: phases.map(({ name }) => name) };
  return [...judgeAll(requirements, judgeInputOf(requirements, observations, { evaluation })).verdicts];
}

test('recovery does not take unknown statuses for none', () => {
  const stat = named('timeTo', ['ERR', 'spike']);
  const recovery = requirementOf({
    id: 'REC',
    type: 'recovery',
    require: ruleOf(clauseOf({ stat, op: 'lte', limit: fixed(60_000), text: 'timeTo(ERR) <= 60s after spike' })),
  });
  const requests = [...traffic({ phase: 'spike' }), ...allFailed({ phase: 'after', startMs: minutes5 })];
  const verdict = find(judge([counting, recovery], requests), 'REC');
  assert.equal(verdict.verdict, 'inconclusive', verdict.explanation);
  assert.match(verdict.explanation, /which requests count as 5xx is known of whole phases only/);
});

test('nor does a capacity on a ramp', () => {
  const capacity = requirementOf({
    id: 'CAP',
    type: 'concurrency',
    where: { phase: 'spike', labels: {} },
    require: ruleOf(
      clauseOf({
        stat: named('capacity'),
        op: 'gte',
        limit: fixed(150, '/s'),
        while: ['ERR'],
        text: 'capacity >= 150/s',
      }),
    ),
  });
  const verdict = find(judge([counting, capacity], allFailed({ phase: 'spike' }), true), 'CAP');
  assert.equal(verdict.verdict, 'inconclusive', verdict.explanation);
});

test('a stretch that holds whole phases knows how their requests ended', () => {
  const requests = [...traffic({ phase: 'spike' }), ...allFailed({ phase: 'after', startMs: minutes5 })];
  const observations = observationsOf({ load: loadFor([counting], requests, phases) });
  const input = judgeInputOf([counting], observations);
  const whole = judgePart(counting, { startMs: minutes5, endMs: 2 * minutes5 }, input);
  assert.equal(whole.verdict, 'fail', whole.explanation);
  const part = judgePart(counting, { startMs: minutes5, endMs: minutes5 + 60_000 }, input);
  assert.deepEqual([part.verdict, part.reason], ['inconclusive', 'prerequisite'], part.explanation);
  const cut = restrict(observations, { startMs: millis(minutes5), endMs: millis(2 * minutes5) });
  assert.deepEqual(cut.load?.groups.find(({ phase }) => phase === 'after')?.statusCounts, { '503': 12_000 });
});

test('exactly as many as allowed are kept, whatever share of the failures they are', () => {
  for (const [counted, failed] of [
    [3, 49],
    [5, 7],
    [9, 11],
  ] as const) {
    const count = ruleOf(clauseOf({ stat: named('count'), op: 'lte', limit: fixed(counted, ''), text: 'count' }));
    const requirement = { ...counting, require: count };
    const requests = traffic({ phase: 'spike' }).map((request, i) => {
      const at = i % 200 === 0 ? i / 200 : Number.POSITIVE_INFINITY;
      return { ...request, failed: at < failed, status: at < counted ? 503 : at < failed ? 429 : 200 };
    });
    const verdict = find(judge([requirement], requests), 'ERR');
    assert.equal(verdict.verdict, 'pass', `${counted} of ${failed}: ${verdict.explanation}`);
    assert.equal(verdict.clauses[0]?.observed?.value, counted);
  }
});
