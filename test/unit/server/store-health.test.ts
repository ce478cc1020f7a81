// A service whose store cannot be written is not ready, however often it is asked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replayClock } from '../../../src/adapters/recording/replay-clock.ts';
import { err, ok } from '../../../src/core/model/result.ts';
import { millis, unixMillis } from '../../../src/core/model/units.ts';
import type { RunStore } from '../../../src/ports/run-store.ts';
import { storeHealth } from '../../../src/server/store-health.ts';

test('a store that cannot be written is found out, and tried again after two seconds', async () => {
  const full = err({ kind: 'unavailable' as const, message: 'database or disk is full' });
  let writes = 0;
  let isFull = true;
  const store = {
    list: async () => ok([]),
    writeState: async () => {
      writes += 1;
      return isFull ? full : ok(undefined);
    },
  } as unknown as RunStore;
  const clock = replayClock(unixMillis(0));
  const health = storeHealth(store, clock);
  assert.deepEqual([await health(), await health(), writes], [full, full, 1]);
  isFull = false;
  await clock.sleep(millis(2_000), {});
  assert.deepEqual([await health(), writes], [ok(undefined), 2]);
});
