// Since when, by which commit, and what changed: in the words of a report.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequirementHistory } from '../../../src/core/model/history.ts';
import { historyTexts } from '../../../src/report/history-text.ts';
import { markdownReport } from '../../../src/report/markdown.ts';
import { standingText } from '../../../src/report/run-list.ts';
import { terminalReport } from '../../../src/report/terminal.ts';
import { plainStyle } from '../../../src/report/terminal-style.ts';
import { examplePlan, runWith, startedAt, verdictWith } from '../../support/run-builder.ts';

const first = { runId: 'R1', at: startedAt, commit: '521747298a37c0ffee' };
const before = { runId: 'R0', at: startedAt };
const change = { since: first, before, stat: 'p99', from: 244, to: 278, unit: 'ms', change: 0.14, runs: 40 } as const;
const runId = examplePlan.runId;

const cases: readonly (readonly [string, Omit<RequirementHistory, 'requirement'>, string])[] = [
  [
    'an old break',
    { open: { since: first, runs: 3, lastKept: before } },
    'broken since run R1 (2026-03-01 10:20:30 UTC, commit 521747298a37), 3 runs; last kept by run R0 (2026-03-01 10:20:30 UTC)',
  ],
  [
    'a new break',
    { open: { since: { ...first, runId }, runs: 1, lastKept: before } },
    'newly broken by this run; last kept by run R0 (2026-03-01 10:20:30 UTC)',
  ],
  [
    'a break with nothing before it',
    { open: { since: { ...first, runId }, runs: 1 } },
    'first seen broken by this run',
  ],
  [
    'a closed break',
    { closed: { since: first, runs: 1 } },
    'kept again: it was broken since run R1 (2026-03-01 10:20:30 UTC, commit 521747298a37), 1 run',
  ],
  [
    'a change of level',
    { change },
    'p99 changed by +14% since run R1 (2026-03-01 10:20:30 UTC, commit 521747298a37): 244 ms before, 278 ms after (advisory, over 40 runs)',
  ],
];

const runOf = (history: Omit<RequirementHistory, 'requirement'>) =>
  runWith({ verdicts: [verdictWith()], history: [{ requirement: 'CHK-01', ...history }] });

for (const [name, history, text] of cases)
  test(`${name} is told in one sentence`, () => {
    assert.deepEqual(historyTexts(runOf(history), 'CHK-01'), [text]);
  });

test('every report tells it, also of a requirement that is kept', () => {
  const run = runOf({ change });
  assert.match(terminalReport(run, plainStyle, { width: 140 }), /history {2}p99 changed by \+14% since run R1/);
  assert.match(markdownReport(run), /\*\*History\*\*:\n- CHK-01: p99 changed by \+14%/);
  assert.match(standingText([run]), /\ncheckout-peak in staging:\n {2}CHK-01 p99 changed by \+14%/);
  assert.equal(standingText([runWith()]), '');
});
