// Breaks open and close like bugs, and a change of level is found at the run that made it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../../src/core/model/run.ts';
import { ratio, unixMillis } from '../../../src/core/model/units.ts';
import type { VerdictName } from '../../../src/core/model/verdict.ts';
import { requirementHistories } from '../../../src/core/slo/history/requirement-history.ts';
import { clauseWith, examplePlan, runWith, startedAt, verdictWith } from '../../support/run-builder.ts';

interface Past {
  readonly verdict?: VerdictName;
  readonly value?: number;
  readonly clause?: string;
  readonly workloadHash?: string;
}

/** Runs `r0`, `r1`, ... of commits `c0`, `c1`, ..., an hour apart. */
function runs(past: readonly Past[]): readonly Run[] {
  return past.map(({ verdict = 'pass', value = 100, clause = 'p99 <= 300ms', workloadHash = 'same' }, i) =>
    runWith({
      plan: { ...examplePlan, runId: `r${i}`, commit: `c${i}`, workloadHash, startedAt: at(i) },
      verdicts: [
        verdictWith({
          verdict,
          clauses: [clauseWith({ clause, observed: { value, unit: 'ms', confidence: ratio(0.95) } })],
        }),
      ],
    }),
  );
}

const at = (i: number) => unixMillis(startedAt + i * 3_600_000);
const mark = (i: number) => ({ runId: `r${i}`, at: at(i), commit: `c${i}` });
const verdicts = (...names: readonly VerdictName[]) => runs(names.map((verdict) => ({ verdict })));
const historyOf = (past: readonly Run[]) => requirementHistories(past)[0];

test('a requirement that was always kept has no history', () => {
  assert.deepEqual(requirementHistories(verdicts('pass', 'warn', 'pass')), []);
  assert.deepEqual(requirementHistories([]), []);
});

test('a break is open since the first failed run after the last that kept it', () => {
  assert.deepEqual(historyOf(verdicts('pass', 'fail', 'fail', 'fail')), {
    requirement: 'CHK-01',
    open: { since: mark(1), runs: 3, lastKept: mark(0) },
  });
  assert.deepEqual(historyOf(verdicts('fail'))?.open, { since: mark(0), runs: 1 });
});

test('runs that cannot tell neither open nor close it', () => {
  assert.deepEqual(historyOf(verdicts('pass', 'fail', 'inconclusive', 'error'))?.open, {
    since: mark(1),
    runs: 1,
    lastKept: mark(0),
  });
  assert.deepEqual(requirementHistories(verdicts('pass', 'inconclusive')), []);
});

test('the run that keeps it again closes it, the runs after say nothing', () => {
  assert.deepEqual(historyOf(verdicts('pass', 'fail', 'fail', 'pass')), {
    requirement: 'CHK-01',
    closed: { since: mark(1), runs: 2, lastKept: mark(0) },
  });
  assert.deepEqual(requirementHistories(verdicts('fail', 'pass', 'pass')), []);
});

const level = (from: number, to: number, step = 12, count = 20): readonly Past[] =>
  Array.from({ length: count }, (_, i) => ({ value: (i < step ? from : to) + ((i * 7) % 5) }));

test('a change of level is told with the run and commit that began it', () => {
  const change = historyOf(runs(level(242, 276)))?.change;
  assert.deepEqual(
    [change?.since, change?.before, change?.stat, change?.unit, change?.runs],
    [mark(12), mark(11), 'p99', 'ms', 20],
  );
  assert.ok(Math.abs((change?.change ?? 0) - 0.14) < 0.01, String(change?.change));
});

test('noise, small changes and few runs are no change of level', () => {
  assert.deepEqual(requirementHistories(runs(level(242, 242))), []);
  assert.deepEqual(requirementHistories(runs(level(242, 249))), []);
  assert.deepEqual(requirementHistories(runs(level(242, 484, 4, 8))), []);
});

test('a changed limit is no change of level, another workload is another level', () => {
  const moved = level(242, 276).map((past, i) => (i < 6 ? { ...past, clause: 'p99 <= 250ms' } : past));
  assert.equal(historyOf(runs(moved))?.change?.runs, 20);
  const heavier = level(242, 484).map((past, i) => (i < 12 ? { ...past, workloadHash: 'other' } : past));
  assert.deepEqual(requirementHistories(runs(heavier)), []);
});
