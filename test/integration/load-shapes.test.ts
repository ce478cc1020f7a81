// Shapes of load end to end, by the real command: ramp, spike with recovery, growing concurrency; against servers of known capacity.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type LimitedServer, startLimitedServer } from '../support/limited-server.ts';
import { type DocumentRun, runDocument } from '../support/run-document.ts';
import { skipWhenBusy } from '../support/skip-when-busy.ts';

describe('load shapes', { timeout: 400_000 }, () => {
  let server: LimitedServer;
  before(async () => {
    // Two at a time, 20 ms each: 100 requests a second.
    server = await startLimitedServer({ workers: 2, serviceMs: 20 });
  });
  after(() => server.stop());

  const run = (workload: string, requirements: string): Promise<DocumentRun> =>
    runDocument(documentOf(server.url, workload, requirements));

  it('ramp, spike and recovery: the backlog of the spike is worked off in the time it takes', async (t) => {
    // The spike brings 300 in 1 s where 100 are served: 200 wait, and 50/s of spare capacity need 4 s for them.
    const { report, stdout, verdictOf } = await run(
      `testType: spike
    phases:
      - { name: ramp, rate: 10/s..50/s, duration: 2s }
      - { name: base, rate: 50/s, duration: 3s }
      - { name: spike, rate: 300/s, duration: 1s }
      - { name: after, rate: 50/s, duration: 9s, role: recovery }`,
      `    - { id: LAT, type: latency, require: p95 <= 300ms, where: { phase: base }, priority: info }
    - { id: SOON, type: recovery, require: "timeTo(LAT) <= 8s after spike", slice: 500ms }
    - { id: NOW, type: recovery, require: "timeTo(LAT) <= 1s after spike", slice: 500ms, priority: info }`,
    );
    if (skipWhenBusy(t, report)) return;
    const rates = report.steps.map(({ phase, ratePerSecond }) => [phase, Math.round(ratePerSecond)]);
    assert.deepEqual(rates, [
      ['ramp', 30],
      ['base', 50],
      ['spike', 300],
      ['after', 50],
    ]);
    assert.equal(verdictOf('SOON'), 'pass', stdout);
    assert.equal(verdictOf('NOW'), 'fail', stdout);
  });

  it('stress in steps: what is carried is the highest step at which the requirement holds', async (t) => {
    const { report, stdout, verdictOf } = await run(
      `testType: stress
    phases:
      - { name: s60, rate: 60/s, duration: 8s }
      - { name: s180, rate: 180/s, duration: 5s }
      - { name: recovery, rate: 20/s, duration: 3s, role: recovery }`,
      `    - { id: LAT, type: latency, require: p75 <= 250ms, priority: info }
    - { id: CAP-60, type: concurrency, require: "capacity >= 60/s while [LAT]" }
    - { id: CAP-180, type: concurrency, require: "capacity >= 180/s while [LAT]", priority: info }`,
    );
    if (skipWhenBusy(t, report)) return;
    assert.equal(verdictOf('CAP-60'), 'pass', stdout);
    assert.equal(verdictOf('CAP-180'), 'fail', stdout);
  });

  it('growing concurrency: two units carry twice as much as one, four no more than two', async (t) => {
    const { report, stdout, verdictOf } = await run(
      `testType: scalability
    phases:
      - { name: one, concurrency: 1, duration: 4s }
      - { name: two, concurrency: 2, duration: 4s }
      - { name: four, concurrency: 4, duration: 4s }`,
      `    - { id: TWO, type: scalability, require: efficiency(2) >= 70%, slice: 500ms }
    - { id: FOUR, type: scalability, require: efficiency(4) >= 80%, slice: 500ms, priority: info }`,
    );
    if (skipWhenBusy(t, report)) return;
    assert.equal(verdictOf('TWO'), 'pass', stdout);
    assert.equal(verdictOf('FOUR'), 'fail', stdout);
  });
});

const documentOf = (url: string, workload: string, requirements: string): string => `apiVersion: faultline/v1alpha1
kind: Verification
metadata: { name: shape }
spec:
  service: limited
  workload:
    target: "${url}"
    warmUp: 500ms
    scenarios: [{ name: all, steps: [{ get: / }] }]
    ${workload}
  evaluation: { slice: 500ms, settle: { traces: 0s, metrics: 0s }, validity: { sendLag: p99 <= 100ms } }
  requirements:
${requirements}
`;
