// A worker's watch on itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WorkerMeter } from '../../../src/adapters/load/workers/worker-meter.ts';
import { quantileOf } from '../../../src/core/model/histogram-data.ts';

const SWEEP_MS = 20;

/** p99 in ms of a loop that is looked at for `seconds`, on time but for one hold. */
function loopDelayP99(seconds: number, heldMs: number): number {
  const meter = new WorkerMeter();
  for (let i = 0; i < (seconds * 1000 - heldMs) / SWEEP_MS; i += 1) meter.loopWasLate(0.2, SWEEP_MS);
  if (heldMs > 0) meter.loopWasLate(heldMs, SWEEP_MS);
  return (quantileOf(meter.totals().loopDelay, 0.99) ?? 0) / 1000;
}

test('a loop that was held counts for as long as it was, not as one late timer', () => {
  // 1 s of 6: what came due in it was up to 1 s late, 1% of all that came due in the run by at least 940 ms.
  assert.ok(Math.abs(loopDelayP99(6, 1000) - 940) < 30, `${loopDelayP99(6, 1000)}`);
  assert.ok(loopDelayP99(6, 0) < 1);
});

test('a short hold of a long run stays the exception that it is', () => {
  assert.ok(loopDelayP99(600, 1000) < 1);
});
