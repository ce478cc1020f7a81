import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientSpan } from '../../../src/adapters/telemetry/client-span.ts';
import type { Sample } from '../../../src/core/model/load.ts';
import type { RunPlan } from '../../../src/core/model/run.ts';
import { millis, unixMillis } from '../../../src/core/model/units.ts';

const plan = { runId: 'run-1', verification: 'shop' } as RunPlan;
const sample: Sample = {
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  sampled: true,
  scenario: 'buy',
  step: 'POST /checkout',
  phase: 'load',
  scheduledAt: millis(1000),
  sentAt: millis(1000.5),
  endedAt: millis(2999.75),
  outcome: { kind: 'reply', status: 200, good: true },
};

test('runs from the send to the end of the reply, exact to the microsecond', () => {
  const span = clientSpan(plan, unixMillis(1_700_000_000_000.25), sample);
  assert.deepEqual(span.startTime, [1_700_000_001, 750_000]);
  assert.deepEqual(span.endTime, [1_700_000_003, 0]);
  assert.equal(span.isError, false);
  assert.deepEqual(span.attributes, {
    'faultline.run': 'run-1',
    'faultline.verification': 'shop',
    'faultline.scenario': 'buy',
    'faultline.phase': 'load',
    'faultline.send_lag_ms': 0.5,
    'http.response.status_code': 200,
  });
});

test('a reply that is not good and a failure are errors', () => {
  const bad = clientSpan(plan, unixMillis(0), { ...sample, outcome: { kind: 'reply', status: 503, good: false } });
  assert.equal(bad.isError, true);
  const failed = clientSpan(plan, unixMillis(0), {
    ...sample,
    outcome: { kind: 'failure', failure: 'timeout', message: 'late' },
  });
  assert.deepEqual([failed.isError, failed.attributes['error.type']], [true, 'timeout']);
});
