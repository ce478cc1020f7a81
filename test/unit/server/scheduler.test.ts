// When scheduled runs are due, with timers that wake when the test says.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { ok } from '../../../src/core/model/result.ts';
import { millis, unixMillis } from '../../../src/core/model/units.ts';
import type { Verification } from '../../../src/core/model/verification.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { RunStore } from '../../../src/ports/run-store.ts';
import { startScheduler } from '../../../src/server/scheduler.ts';

const minute = 60_000;

test('a timer that wakes before its time starts a cron run once', async () => {
  let now = Date.UTC(2026, 2, 1, 10, 0, 30);
  const woken: { readonly wake: () => void; readonly after: number }[] = [];
  mock.method(globalThis, 'setTimeout', (wake: () => void, after: number) => woken.push({ wake, after }));
  try {
    const due: string[] = [];
    const scheduler = await startScheduler({
      verifications: [
        { name: 'a', environment: 'test', schedule: { cron: '* * * * *', jitter: millis(0) } } as Verification,
      ],
      store: { list: async () => ok([]) } as unknown as RunStore,
      clock: { now: () => unixMillis(now), randomHex: () => '0000' } as unknown as Clock,
      onDue: () => due.push(new Date(now).toISOString()),
    });
    for (let i = 0; i < 3; i += 1) {
      const timer = woken.pop();
      assert.ok(timer);
      now += timer.after - 2;
      timer.wake();
      assert.equal((scheduler.nextRunAt('a') ?? 0) % minute, 0);
    }
    assert.deepEqual(due, ['2026-03-01T10:00:59.998Z', '2026-03-01T10:01:59.998Z', '2026-03-01T10:02:59.998Z']);
  } finally {
    mock.restoreAll();
  }
});
