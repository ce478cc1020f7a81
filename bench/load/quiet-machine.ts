// Waits until the machine has little else to do, and tells how much else it did: benchmarks beside other work measure the other work.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const SAMPLE_MS = 400;
const QUIET_SHARE = 0.15;

/** Busy and whole jiffies of all cores since boot. */
function cpuTimes(): { readonly busy: number; readonly whole: number } {
  const fields = (readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] as string)
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  const whole = fields.reduce((sum, field) => sum + field, 0);
  return { busy: whole - (fields[3] ?? 0) - (fields[4] ?? 0), whole };
}

/** Share of all cores that is in use now. */
async function busyShare(): Promise<number> {
  const before = cpuTimes();
  await sleep(SAMPLE_MS);
  const after = cpuTimes();
  return (after.busy - before.busy) / Math.max(1, after.whole - before.whole);
}

/** Waits for a quiet moment, `atMostMs` long; then goes on all the same. */
export async function quietMachine(atMostMs = 15_000): Promise<void> {
  const until = performance.now() + atMostMs;
  while ((await busyShare()) > QUIET_SHARE && performance.now() < until) await sleep(SAMPLE_MS);
}
