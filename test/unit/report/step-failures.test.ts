// What reports say of why requests failed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StepFailure, StepSummary } from '../../../src/core/model/run.ts';
import { markdownReport } from '../../../src/report/markdown.ts';
import { failureTexts } from '../../../src/report/step-failures.ts';
import { terminalReport } from '../../../src/report/terminal.ts';
import { plainStyle } from '../../../src/report/terminal-style.ts';
import { runWith } from '../../support/run-builder.ts';

const stepOf = (phase: string, failures?: readonly StepFailure[], scenario = 'buy'): StepSummary => ({
  scenario,
  step: 'POST /orders',
  phase,
  requests: 500,
  failed: (failures ?? []).reduce((sum, { count }) => sum + count, 0),
  ratePerSecond: 10,
  p50Ms: 1,
  p95Ms: 2,
  p99Ms: 3,
  maxMs: 4,
  serviceP99Ms: 3,
  ...(failures === undefined ? {} : { failures }),
});

const message = 'the reply has nothing to capture as `id`';
const steps = [
  stepOf('idle', [{ what: 'expectation', count: 3, message }]),
  stepOf('peak', [
    { what: 'status 500', count: 148 },
    { what: 'expectation', count: 4, message: 'another' },
  ]),
  stepOf('after'),
];

test('phases are added up, the most frequent reason comes first, and what the first said is told', () => {
  assert.deepEqual(failureTexts({ steps }), [
    '148 of POST /orders: status 500',
    `7 of POST /orders: expectation (first: ${message})`,
  ]);
});

test('scenarios are named where there are several, and what is left out is counted', () => {
  const kinds = Array.from({ length: 10 }, (_, i) => ({ what: `status ${500 + i}`, count: 20 - i }));
  const texts = failureTexts({ steps: [stepOf('peak', kinds), stepOf('peak', undefined, 'browse')] });
  assert.equal(texts.length, 9);
  assert.equal(texts[0], '20 of buy: POST /orders: status 500');
  assert.equal(texts[8], '23 for other reasons (report.json has them all)');
});

test('terminal and Markdown say it; a run without failures says nothing', () => {
  const run = runWith({ steps });
  assert.match(terminalReport(run, plainStyle, { width: 120 }), /\nfailed {3}148 of POST \/orders: status 500\n/);
  assert.match(markdownReport(run), /\*\*Failed\*\*:\n- 148 of POST \/orders: status 500\n/);
  assert.doesNotMatch(markdownReport(runWith({ steps: [stepOf('peak')] })), /Failed\*\*:/);
});
