// How long simulated work takes: waiting (a service time) or burning the event loop (a busy loop).
import { setTimeout as sleep } from 'node:timers/promises';
import type { SlowShare } from '../shop-settings.ts';

/** Spread of healthy service times: the 99th percentile is about 1.4 times the median. */
const SIGMA = 0.14;

/** Waits a lognormally distributed time around `medianMs`, as remote work would take; uses no CPU. */
export async function work(medianMs: number): Promise<void> {
  await sleep(medianMs * Math.exp(SIGMA * standardNormal()));
}

/** Like `work`, for the share of calls that is slow. */
export async function slowWork(slow: SlowShare): Promise<void> {
  if (slow.share > 0 && Math.random() < slow.share) await work(slow.extraMs);
}

/** Blocks the event loop for `ms`, as a tight computation does. */
export function busyLoop(ms: number): void {
  const end = performance.now() + ms;
  let sink = 0;
  while (performance.now() < end) for (let i = 0; i < 1_000; i += 1) sink += Math.sqrt(i);
  if (sink < 0) throw new Error('unreachable: keeps the loop from being optimised away');
}

/** Box-Muller. */
function standardNormal(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}
