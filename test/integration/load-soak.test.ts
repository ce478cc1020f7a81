// A short soak: memory that no file backs does not grow while load goes on. `npm run bench:load -- --only soak --soak 3600` is the hour.
import assert from 'node:assert/strict';
import process from 'node:process';
import { it } from 'node:test';
import { soak, soakWindows } from '../../bench/load/soak.ts';
import { startRecordingServer } from '../../bench/load/start-recording-server.ts';

const SECONDS = 40;
/** In its first minute a JavaScript heap still finds its size; a leak of 80 bytes a request would be beyond this. */
const MOST_GROWTH = 0.15;

it(`memory settles within ${SECONDS} s at 2,000/s`, { timeout: 120_000 }, async (t) => {
  if (process.platform !== 'linux') {
    t.skip('reads /proc: Linux only');
    return;
  }
  const server = await startRecordingServer();
  try {
    const { settled, later } = soakWindows(await soak(server.url, SECONDS), 'anonymous');
    const most = Math.max(...later);
    t.diagnostic(`settled at ${settled.toFixed(1)} MiB, at most ${most.toFixed(1)} MiB later`);
    assert.ok(later.length >= SECONDS / 2, `${later.length} windows`);
    assert.ok(most < settled * (1 + MOST_GROWTH), `from ${settled.toFixed(1)} to ${most.toFixed(1)} MiB`);
  } finally {
    await server.stop();
  }
});
