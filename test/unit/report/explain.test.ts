import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ratio } from '../../../src/core/model/units.ts';
import { explainRun } from '../../../src/report/explain.ts';
import { plainStyle } from '../../../src/report/terminal-style.ts';
import { lengthOf } from '../../../src/report/wrap-text.ts';
import { brokenCheckoutRun, clauseWith, runWith, verdictWith } from '../../support/run-builder.ts';

const text = explainRun(brokenCheckoutRun(), plainStyle, { width: 110 });

test('the arithmetic of a share decision can be redone from what is printed', () => {
  assert.match(text, /1123 bad of 48,013 samples = 2\.34%, 1% may be bad/);
  assert.match(text, /design effect 6\.1: worth 7871 independent samples; even the lower bound 2\.07% is above 1%/);
  assert.match(text, /even the upper bound 0\.29% is within 1%/);
});

test('other clocks, the baseline, every clause and the evidence are told', () => {
  assert.match(text, /clocks {3}client 412 ms, server 395 ms, trace root 397 ms/);
  assert.match(text, /before {3}244 ms over 5 passed runs, \+69% since/);
  assert.match(text, /! criticalPathShare <= 45%[\s\S]*✓ p99 <= 120ms/);
  assert.match(text, /evidence self time 171 ms, normally 13 ms\n +amplification 2\.3x, normally 1x/);
  assert.match(text, /400 traces, 6104 spans, 99\.2% complete, 3 without entry span/);
});

test('what was not observed reads as nothing, with reason and need', () => {
  assert.match(
    text,
    /\? CHK-05 inconclusive[\s\S]*reason {3}no baseline to compare with\n {2}need {5}1 passed run[\s\S]*seen {5}nothing/,
  );
});

test('narrow terminals and empty runs are fine', () => {
  for (const line of explainRun(brokenCheckoutRun(), plainStyle, { width: 44 }).split('\n'))
    assert.ok(lengthOf(line) <= 44, line);
  assert.match(explainRun(runWith(), plainStyle, { width: 80 }), /No requirement was judged/);
});

test('what is a fact of the run is not said to lie between its bounds', () => {
  const never = { samples: 31_800, bad: 0, badShare: ratio(0), allowed: ratio(0), designEffect: 1 };
  const clause = clauseWith({ clause: 'rate <= 0%', decision: { ...never, interval: [ratio(0), ratio(0.0001)] } });
  const said = explainRun(runWith({ verdicts: [verdictWith({ clauses: [clause] })] }), plainStyle, { width: 160 });
  assert.match(said, /31,800 independent samples; the count itself decides, it is a fact of this run/);
  assert.doesNotMatch(said, /lies between/);
});
