// Recovery of requirements that a single slice can tell of, and of those that it cannot.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clause, Requirement } from '../../../src/core/model/requirement.ts';
import type { Verdict } from '../../../src/core/model/verdict.ts';
import { judgeAll } from '../../../src/core/slo/judge.ts';
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

const phases = [
  { name: 'spike', startMs: 0, endMs: minutes5, rate: 100 },
  { name: 'peak', startMs: minutes5, endMs: 2 * minutes5, rate: 40 },
];

function recoveryOf(type: Requirement['type'], clause: Clause, slowMs = 50): Verdict {
  const timed = requirementOf({ id: 'TIMED', type, require: ruleOf(clause) });
  const stat = named('timeTo', ['TIMED', 'spike']);
  const recovery = requirementOf({
    id: 'REC',
    type: 'recovery',
    require: ruleOf(clauseOf({ stat, op: 'lte', limit: fixed(60_000), text: 'timeTo(TIMED) <= 60s after spike' })),
  });
  const requests = [...traffic({ phase: 'spike' }), ...traffic({ phase: 'peak', startMs: minutes5, slow: 1, slowMs })];
  const all = [timed, recovery];
  const observations = observationsOf({ load: loadFor(all, requests, phases) });
  const verdict = judgeAll(all, judgeInputOf(all, observations)).verdicts[1];
  assert.ok(verdict);
  return verdict;
}

const mean = clauseOf({ stat: named('mean'), op: 'lte', limit: fixed(300), text: 'mean <= 300ms' });
const rate = clauseOf({ stat: named('rate'), op: 'gte', limit: fixed(20, '/s'), text: 'rate >= 20/s' });
const slope = clauseOf({
  stat: named('slope', ['p95']),
  op: 'lte',
  limit: fixed(5, 'ms/h'),
  text: 'slope(p95) <= 5ms/h',
});

test('a mean and a rate have a value in every slice', () => {
  assert.equal(recoveryOf('latency', mean).verdict, 'pass');
  assert.equal(recoveryOf('latency', mean, 900).verdict, 'fail');
  assert.equal(recoveryOf('throughput', rate).verdict, 'pass');
});

test('what one slice cannot tell has neither recovered nor not', () => {
  const verdict = recoveryOf('stability', slope);
  assert.deepEqual([verdict.verdict, verdict.reason], ['inconclusive', 'prerequisite'], verdict.explanation);
  assert.match(verdict.explanation, /TIMED cannot be told in slices of 5 s: need 20 slices/);
});
