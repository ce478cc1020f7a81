// Entry of the ticker thread of the `timer` scheduler: sleeps until a moment that the generator names, to a few hundredths of a millisecond,
// and wakes it. The event loop's own timers only know whole milliseconds.
import { workerData } from 'node:worker_threads';
import { ARMED, DUE_OFFSET, STOPPED, WOKEN } from './ticker-cells.ts';

// Sleeping costs about this much anyway.
const NOW_MS = 0.03;
// No sleep is longer, so that a lost notification cannot hold the thread for ever.
const LONGEST_MS = 1000;

const shared = workerData as SharedArrayBuffer;
const cells = new Int32Array(shared, 0, 3);
const due = new Float64Array(shared, DUE_OFFSET, 1);
const now = (): number => Number(process.hrtime.bigint()) / 1e6;

while (Atomics.load(cells, STOPPED) === 0) {
  const armed = Atomics.load(cells, ARMED);
  const wait = (due[0] as number) - now();
  // Woken before the time is up: it was armed anew.
  if (wait > NOW_MS && Atomics.wait(cells, ARMED, armed, Math.min(wait, LONGEST_MS)) !== 'timed-out') continue;
  if (wait > LONGEST_MS) continue;
  Atomics.add(cells, WOKEN, 1);
  Atomics.notify(cells, WOKEN);
  Atomics.wait(cells, ARMED, armed, LONGEST_MS);
}
