// What /metrics shows after runs, before any, and after a restart.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../../src/core/model/run.ts';
import type { Verification } from '../../../src/core/model/verification.ts';
import { serviceMetrics } from '../../../src/server/service-metrics.ts';
import { examplePlan, runWith, verdictWith } from '../../support/run-builder.ts';

const { verification, service } = examplePlan;
const document = {
  name: verification,
  service,
  requirements: [{ id: 'CHK-01', priority: 'must' }],
  targets: [{ name: 'oncall' }],
} as unknown as Verification;
const broken = (fields: Partial<Run> = {}): Run =>
  runWith({ verdict: 'fail', verdicts: [verdictWith({ verdict: 'fail', priority: 'must' })], ...fields });

async function linesAfter(
  work: (metrics: ReturnType<typeof serviceMetrics>) => void,
  pattern: RegExp,
): Promise<readonly string[]> {
  const metrics = serviceMetrics([document]);
  work(metrics);
  return (await metrics.registry.metrics()).split('\n').filter((line) => pattern.test(line));
}

test('counters begin at 0, so that the first event counts as an increase', async () => {
  const lines = await linesAfter(() => undefined, /^faultline_(runs|events|notifications)_total/);
  assert.ok(lines.includes(`faultline_runs_total{verification="${verification}",verdict="fail"} 0`), lines.join('\n'));
  assert.ok(lines.includes(`faultline_events_total{verification="${verification}",requirement="CHK-01"} 0`));
  assert.ok(lines.includes('faultline_notifications_total{target="oncall",result="dead"} 0'));
});

test('before the first run no verdict is shown, not even a good one', async () => {
  assert.deepEqual(await linesAfter(() => undefined, /^faultline_requirement_verdict\{/), []);
});

test('after a restart the newest run is shown and not counted again', async () => {
  const lines = await linesAfter((metrics) => metrics.runRestored(broken()), /verdict="fail"/);
  assert.ok(lines.some((line) => /^faultline_requirement_verdict\{.*requirement="CHK-01".*\} 1$/.test(line)));
  assert.ok(lines.includes(`faultline_runs_total{verification="${verification}",verdict="fail"} 0`));
});

test('a run that could not be made leaves no older verdict standing', async () => {
  const lines = await linesAfter((metrics) => {
    metrics.runEnded(runWith({ verdict: 'pass', verdicts: [verdictWith({ verdict: 'pass', priority: 'must' })] }));
    metrics.runEnded(runWith({ verdict: 'error', status: 'failed', verdicts: [] }));
  }, /^faultline_requirement_/);
  const shown = lines.filter((line) => line.endsWith(' 1')).map((line) => /verdict="(\w+)"/.exec(line)?.[1]);
  assert.deepEqual(shown, ['error']);
  assert.ok(!lines.some((line) => line.startsWith('faultline_requirement_value')));
});

test('an interrupted run leaves what was shown before', async () => {
  const lines = await linesAfter((metrics) => {
    metrics.runEnded(broken());
    const interrupted = runWith({
      plan: { ...examplePlan, runId: 'RUN2' },
      status: 'interrupted',
      verdict: 'inconclusive',
      verdicts: [verdictWith({ verdict: 'inconclusive', priority: 'must' })],
    });
    metrics.runEnded(interrupted);
  }, /^faultline_(requirement_verdict|last_run_info|runs_total).* 1$/);
  assert.deepEqual(lines.map((line) => /verdict="(\w+)"/.exec(line)?.[1]).toSorted(), [
    'fail',
    'fail',
    'fail',
    'inconclusive',
  ]);
});

test('only the newest run is named', async () => {
  const lines = await linesAfter((metrics) => {
    for (const runId of ['RUN1', 'RUN2']) metrics.runEnded(broken({ plan: { ...examplePlan, runId } }));
  }, /run_id=/);
  assert.deepEqual(
    lines.map((line) => /run_id="(\w+)"/.exec(line)?.[1]),
    ['RUN2'],
  );
});
