// A percentile that falls among failed requests has no value: no report shows one, and none says there is something to spare.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../../src/core/model/run.ts';
import { ratio } from '../../../src/core/model/units.ts';
import { explainRun } from '../../../src/report/explain.ts';
import { htmlReport, runSlot } from '../../../src/report/html.ts';
import { jsonReport } from '../../../src/report/json.ts';
import { junitReport } from '../../../src/report/junit.ts';
import { markdownReport } from '../../../src/report/markdown.ts';
import { openMetricsReport } from '../../../src/report/open-metrics.ts';
import { terminalReport } from '../../../src/report/terminal.ts';
import { plainStyle } from '../../../src/report/terminal-style.ts';
import { worstFirst } from '../../../src/report/worst-first.ts';
import { clauseWith, runWith, verdictWith } from '../../support/run-builder.ts';

const explanation =
  'p90 has no value (more than 10% of requests failed: 30 of 191), limit 300 ms: 32 of 191 requests were slower or failed (16.8%, allowed 10%)';
const { margin: _none, ...failing } = verdictWith({
  verdict: 'fail',
  rule: 'p90 <= 300ms',
  explanation,
  clauses: [
    clauseWith({
      clause: 'p90 <= 300ms',
      verdict: 'fail',
      observed: { unit: 'ms', confidence: ratio(0.95), atLeast: 300, failedShare: ratio(30 / 191) },
      explanation,
    }),
  ],
});
const run: Run = runWith({ verdict: 'fail', verdicts: [failing] });
/** As the store and the page have it. */
const stored = JSON.parse(JSON.stringify(run)) as Run;

for (const [name, given] of [
  ['fresh', run],
  ['stored', stored],
] as const) {
  test(`the terminal says how many failed, and that it lies beyond (${name})`, () => {
    const text = terminalReport(given, plainStyle, { width: 122 });
    assert.match(text, /CHK-01 .* 15\.7% failed +≥ 300 ms +p90 ≤ 300 ms +beyond/);
    assert.match(text, /more than 10% of requests failed: 30 of 191/);
    assert.doesNotMatch(text, /to spare|infinit|NaN/i);
    assert.doesNotMatch(explainRun(given, plainStyle, { width: 100 }), /to spare|infinit|NaN/i);
  });

  test(`JSON has null for what is not known (${name})`, () => {
    const [requirement] = jsonReport(given).requirements;
    assert.deepEqual(requirement?.observed, {
      value: null,
      unit: 's',
      ci: [0.3, null],
      confidence: 0.95,
      failedShare: 30 / 191,
    });
    assert.equal(requirement.margin, undefined);
  });

  test(`Markdown, JUnit and the metrics say the same (${name})`, () => {
    assert.match(markdownReport(given), /15\.7% failed \| ≥ 300 ms \| .* beyond/);
    const junit = junitReport([given]);
    assert.match(junit, /<property name="ci_low" value="0\.3"\/>/);
    assert.match(junit, /<property name="failed_share" value="0\.157/);
    assert.doesNotMatch(junit, /name="(value|ci_high)"|to spare/);
    assert.doesNotMatch(openMetricsReport(given), /requirement_(value|margin)|NaN|Inf/);
  });
}

test('the page carries no number for it', () => {
  const page = htmlReport(`<title></title>${runSlot}`, run);
  assert.match(page, /"observed":\{"unit":"ms","confidence":0\.95,"atLeast":300,"failedShare":0\.15/);
});

test('it stands before what is beyond its limit by a number', () => {
  const beyond = verdictWith({ requirement: 'CHK-00', verdict: 'fail', margin: -9 });
  assert.deepEqual(
    worstFirst([beyond, failing]).map(({ requirement }) => requirement),
    ['CHK-01', 'CHK-00'],
  );
});
