// The search for a breaking point end to end, by the real command, against a server that carries 400 requests a second.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type LimitedServer, startLimitedServer } from '../support/limited-server.ts';
import { type DocumentRun, runDocument } from '../support/run-document.ts';
import { skipWhenBusy } from '../support/skip-when-busy.ts';

const capacity = 400;
/** Of the knee and of the breaking point: steps are 30/s apart, and a queue that grows by a few a second takes a step or two to be certain. */
const tolerance = 0.25;

describe('a breakpoint search', { timeout: 180_000 }, () => {
  let server: LimitedServer;
  before(async () => {
    server = await startLimitedServer({ workers: 8, serviceMs: 20 });
  });
  after(() => server.stop());

  const run = (workload: string, requirements: string): Promise<DocumentRun> =>
    runDocument(documentOf(server.url, workload, requirements));

  it('ends the rise and names the knee within a quarter of the true capacity', async (t) => {
    const { code, stdout, stderr, report, markdown, verdictOf } = await run(
      'rate: 100/s..700/s\n    duration: 24s',
      '    - { id: CAP, type: concurrency, require: "capacity >= 600/s while [LAT]", priority: info }',
    );
    if (skipWhenBusy(t, report)) return;
    const { breakpoint } = report;
    assert.ok(breakpoint?.lastHeld !== undefined && breakpoint.firstBroken !== undefined, stdout + stderr);
    const { lastHeld, firstBroken } = breakpoint;
    const isNear = (level: number): boolean => Math.abs(level - capacity) <= tolerance * capacity;
    assert.ok(isNear(lastHeld.level), `knee at ${lastHeld.level}/s\n${stdout}`);
    assert.ok(isNear(firstBroken.level) && firstBroken.level > lastHeld.level, `broke at ${firstBroken.level}/s`);
    assert.ok((lastHeld.value ?? Number.NaN) <= 100 && (firstBroken.value ?? Number.NaN) > 100);
    const [phase] = report.steps;
    assert.ok((phase?.requests ?? 0) < 0.75 * 9600, `the rest of the rise was driven\n${stdout}`);

    // Breaking is what it was for: not a failed run.
    assert.ok(code === 0 || code === 3, `exit ${code}\n${stdout}`);
    assert.equal(report.status, 'completed');
    assert.notEqual(verdictOf('LAT'), 'fail', stdout);
    assert.equal(verdictOf('CAP'), 'fail', stdout);
    assert.match(stdout, /Breaking point: LAT broke at \d+\/s; the knee is \d+\/s/);
    assert.match(markdown, /\*\*Breaking point\*\*: LAT broke at/);
  });

  it('is failed by a requirement that says how much must be carried', async (t) => {
    const { code, stdout, report } = await run(
      'phases: [{ name: low, rate: 150/s, duration: 3s }, { name: high, rate: 700/s, duration: 6s }, { name: never, rate: 900/s, duration: 15s }]',
      '    - { id: CAP, type: concurrency, require: "capacity >= 700/s while [LAT]" }',
    );
    if (skipWhenBusy(t, report)) return;
    assert.equal(report.breakpoint?.firstBroken?.phase, 'high', stdout);
    assert.equal(code, 1, stdout);
    assert.deepEqual(report.window.phases, ['low', 'high'], 'phases that were not reached do not count');
  });
});

const documentOf = (url: string, workload: string, requirements: string): string => `apiVersion: faultline/v1alpha1
kind: Verification
metadata: { name: knee }
spec:
  service: limited
  workload:
    target: "${url}"
    testType: breakpoint
    until: LAT
    warmUp: 1s
    scenarios: [{ name: all, steps: [{ get: / }] }]
    ${workload}
  # A busy test machine is late, and its lateness counts as latency: with half of the limit nothing could be told of the server.
  evaluation: { settle: { traces: 0s, metrics: 0s }, validity: { sendLag: p99 <= 50ms } }
  requirements:
    - { id: LAT, type: latency, require: p95 <= 100ms }
${requirements}
`;
