import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadSnapshot } from '../../../src/core/model/load.ts';
import { millis, perSecond } from '../../../src/core/model/units.ts';
import { progressLine } from '../../../src/report/progress-line.ts';
import { plainStyle } from '../../../src/report/terminal-style.ts';
import { lengthOf } from '../../../src/report/wrap-text.ts';

const snapshot: LoadSnapshot = {
  atMs: millis(120_000),
  phase: 'peak',
  phaseEndsMs: millis(420_000),
  endsMs: millis(420_000),
  requests: 12_000,
  failed: 3,
  dropped: 0,
  inFlight: 31,
  rate: perSecond(199.6),
  p50: millis(41.2),
  p99: millis(402),
};

test('a wide terminal shows everything', () => {
  assert.equal(
    progressLine(snapshot, plainStyle, 120),
    '━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌  peak  5 min left  200/s  p50 41.2 ms  p99 402 ms  3 failed  0 dropped  31 in flight',
  );
});

test('what does not fit is left out from the end, at every width', () => {
  for (let width = 0; width <= 130; width += 1) {
    const line = progressLine(snapshot, plainStyle, width);
    assert.ok(lengthOf(line) <= width, `${width}: ${line}`);
    assert.doesNotMatch(line, /\n/);
  }
  assert.equal(progressLine(snapshot, plainStyle, 30), 'peak  5 min left  200/s');
});

test('a run past its planned end has no time left, and before any reply no latency', () => {
  const late = { ...snapshot, atMs: millis(430_000), p50: millis(Number.NaN), p99: millis(Number.NaN) };
  assert.match(progressLine(late, plainStyle, 120), /━{20} {2}peak {2}0 ms left .* p50 – {2}p99 –/);
});
