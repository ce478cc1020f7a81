import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ratio } from '../../../src/core/model/units.ts';
import { openMetricsReport } from '../../../src/report/open-metrics.ts';
import { brokenCheckoutRun, clauseWith, runWith, undecidedVerdict, verdictWith } from '../../support/run-builder.ts';

const grammar =
  /^(# TYPE [a-z_]+ gauge|# UNIT [a-z_]+ [a-z_]+|# HELP [a-z_]+ .+|[a-z_]+\{[a-z]+="(?:[^"\\\n]|\\["\\n])*"(?:,[a-z]+="(?:[^"\\\n]|\\["\\n])*")*\} -?[\d.]+(?:e[+-]\d+)?|# EOF)$/;

test('every line is OpenMetrics, families are whole, the end is marked', () => {
  const text = openMetricsReport(brokenCheckoutRun());
  assert.ok(text.endsWith('# EOF\n'));
  const lines = text.trimEnd().split('\n');
  for (const line of lines) assert.match(line, grammar);
  const families = lines.filter((line) => line.startsWith('# TYPE')).map((line) => line.split(' ')[2]);
  assert.equal(new Set(families).size, families.length);
  const series = lines.filter((line) => !line.startsWith('#')).map((line) => line.replace(/ [^ ]+$/, ''));
  assert.equal(new Set(series).size, series.length);
});

test('values are rounded, in base units, without a run id', () => {
  const text = openMetricsReport(brokenCheckoutRun());
  assert.match(
    text,
    /^faultline_requirement_value_seconds\{verification="checkout-peak",requirement="CHK-01"\} 0\.412$/m,
  );
  assert.match(text, /^faultline_requirement_passed\{.*"CHK-01",verdict="fail"\} 0$/m);
  assert.match(text, /^faultline_requirement_passed\{.*"CHK-10",verdict="error"\} 0$/m);
  assert.match(text, /^faultline_response_seconds\{.*step="POST \/checkout",phase="peak",q="0\.99"\} 0\.412$/m);
  assert.doesNotMatch(text, /01J9ZK3W6Q|phase="idle"/);
});

test('what was not observed is left out, not zero', () => {
  const broken = clauseWith({ observed: { value: Number.NaN, unit: 'ms', confidence: ratio(0.95) } });
  const text = openMetricsReport(
    runWith({ verdicts: [undecidedVerdict('inconclusive'), verdictWith({ requirement: 'NAN-1', clauses: [broken] })] }),
  );
  assert.doesNotMatch(text, /faultline_requirement_value|NaN/);
  assert.match(text, /^faultline_requirement_passed\{.*verdict="inconclusive"\} 0$/m);
});

test('a step that a journey calls twice has two series, as the first and the second', () => {
  const run = brokenCheckoutRun();
  const step = run.steps.find(({ phase }) => run.phases.includes(phase));
  assert.ok(step !== undefined);
  const text = openMetricsReport({ ...run, steps: [step, { ...step, failed: step.requests }, step] });
  const failed = [...text.matchAll(/^faultline_failed_ratio\{.*step="([^"]+)"/gm)].map(([, name]) => name);
  assert.deepEqual(failed, [step.step, `${step.step} (2)`, `${step.step} (3)`]);
});

test('label values are escaped', () => {
  const run = brokenCheckoutRun();
  const step = run.steps[1];
  assert.ok(step !== undefined);
  const text = openMetricsReport({ ...run, steps: [{ ...step, step: 'GET /"a"\\\n' }] });
  for (const line of text.trimEnd().split('\n')) assert.match(line, grammar);
});

test('an empty run has its validity and the end', () => {
  assert.match(
    openMetricsReport(runWith()),
    /faultline_dropped_ratio\{verification="checkout-peak"\} 0\.0002\n[\s\S]*# EOF\n$/,
  );
});
