// The `timer` scheduler: a second thread sleeps precisely and wakes the generator. Lag about 0.2 ms for a fraction of a core.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { ARMED, DUE_OFFSET, STOPPED, TICKER_BYTES, WOKEN } from './ticker-cells.ts';
import type { Waker, WakerOptions } from './waker.ts';

/** Two wake-ups are at least this far apart: at high rates a batch each quarter of a millisecond is precise enough. */
const LEAST_GAP_MS = 0.25;
/** Further ahead the moment is re-armed anyway. */
const FAR_MS = 3_600_000;

const TICKER_URL = new URL(`./ticker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

export function timerWaker({ now, wake }: WakerOptions): Waker {
  const shared = new SharedArrayBuffer(TICKER_BYTES);
  const cells = new Int32Array(shared, 0, 3);
  const due = new Float64Array(shared, DUE_OFFSET, 1);
  const zeroMs = Number(process.hrtime.bigint()) / 1e6 - now();
  const ticker = new Worker(TICKER_URL, { workerData: shared, env: {}, execArgv: [], name: 'load-ticker' });
  let stopped = false;
  let lastWakeMs = Number.NEGATIVE_INFINITY;
  due[0] = zeroMs + now() + FAR_MS;

  async function listen(): Promise<void> {
    let seen = Atomics.load(cells, WOKEN);
    while (!stopped) {
      const woken = Atomics.waitAsync(cells, WOKEN, seen);
      // Woken already: the loop gets to its sockets all the same.
      await (woken.async ? woken.value : nextTurn());
      if (stopped) return;
      // Read before the next moment is named: the ticker may be through with it before this comes back to wait.
      seen = Atomics.load(cells, WOKEN);
      lastWakeMs = now();
      wake();
    }
  }
  void listen();

  return {
    arm(dueMs) {
      due[0] = zeroMs + Math.min(Math.max(dueMs, lastWakeMs + LEAST_GAP_MS), now() + FAR_MS);
      Atomics.add(cells, ARMED, 1);
      Atomics.notify(cells, ARMED);
    },
    stop() {
      if (stopped) return;
      stopped = true;
      Atomics.store(cells, STOPPED, 1);
      Atomics.add(cells, ARMED, 1);
      Atomics.notify(cells, ARMED);
      Atomics.notify(cells, WOKEN);
      void ticker.terminate();
    },
  };
}
