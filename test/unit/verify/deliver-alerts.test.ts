// Who is told when: lanes of targets, a store that cannot be written, and how long a receiver may ask to be left alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replayClock } from '../../../src/adapters/recording/replay-clock.ts';
import { openSqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts';
import { err, ok, type Result } from '../../../src/core/model/result.ts';
import { millis, unixMillis } from '../../../src/core/model/units.ts';
import type { AlertOutbox } from '../../../src/ports/alert-outbox.ts';
import type { NotifyError } from '../../../src/ports/notifier.ts';
import { alertDelivery } from '../../../src/verify/deliver-alerts.ts';
import { alertWith } from '../../support/alert-builder.ts';

const start = 1_000_000;
const hour = 3_600_000;
const busy: NotifyError = { kind: 'refused', message: 'busy', retryable: true };

/** `passes` runs one pass a second, as the service does, unless told otherwise; `answer` says what a receiver makes of an alert. */
function harness(answer: (id: string) => Promise<Result<void, NotifyError>>, change: Partial<AlertOutbox> = {}) {
  const opened = openSqliteStore(':memory:');
  assert.ok(opened.ok);
  const { outbox } = opened.value;
  const clock = replayClock(unixMillis(start));
  const sent: string[] = [];
  const tried: string[] = [];
  const unrecorded: string[] = [];
  const delivery = alertDelivery({
    outbox: { ...outbox, ...change },
    clock,
    notifier: {
      send: async ({ id }) => {
        sent.push(id);
        return answer(id);
      },
    },
    onAttempt: ({ alert }, result, reason) => tried.push([alert.id, result, reason ?? ''].join(' ').trim()),
    onUnrecorded: ({ alert }) => unrecorded.push(alert.id),
  });
  const controller = new AbortController();
  const passes = async (count: number, everyMs = 1_000): Promise<void> => {
    for (let i = 0; i < count; i += 1) {
      await delivery.start({ signal: controller.signal });
      await new Promise((resolve) => setImmediate(resolve));
      await clock.sleep(millis(everyMs), {});
    }
  };
  const put = (id: string, target = 'oncall', key = id): Promise<unknown> =>
    outbox.put(
      alertWith({ id, key, target: { name: target, url: 'http://127.0.0.1:1/', format: 'slack' } }),
      clock.now(),
    );
  const states = async (state: 'waiting' | 'delivered' | 'dead'): Promise<readonly string[]> => {
    const listed = await outbox.list(state, 100);
    assert.ok(listed.ok);
    return listed.value.map(({ alert }) => alert.id).toSorted();
  };
  return { outbox, clock, delivery, controller, passes, put, states, sent, tried, unrecorded };
}

const unwritable = async () => err({ kind: 'unavailable' as const, message: 'database or disk is full' });

test('a receiver that hangs holds up its own alerts only', async () => {
  let release = (): void => undefined;
  const hangs = new Promise<Result<void, NotifyError>>((resolve) => {
    release = () => resolve(ok(undefined));
  });
  const { put, passes, states, sent, delivery } = harness(async (id) => (id === 'a1' ? hangs : ok(undefined)));
  for (let i = 1; i <= 30; i += 1) await put(`a${i}`, 'hanging');
  await put('b1', 'well');
  await passes(3);
  assert.deepEqual(sent, ['a1', 'b1']);
  assert.deepEqual(await states('delivered'), ['b1']);
  release();
  await delivery.settled();
  await passes(1);
  assert.equal((await states('delivered')).length, 31);
});

test('what was delivered is not sent again because the store cannot be written, and is written down once it can', async () => {
  let isFull = true;
  const real: { delivered?: AlertOutbox['delivered'] } = {};
  const { put, passes, states, sent, unrecorded, outbox } = harness(async () => ok(undefined), {
    delivered: async (id) => (isFull ? unwritable() : (real.delivered?.(id) ?? unwritable())),
  });
  real.delivered = outbox.delivered;
  await put('a');
  await passes(300);
  assert.deepEqual(sent, ['a']);
  assert.ok(unrecorded.length >= 3 && unrecorded.length <= 10, `${unrecorded.length} tries to write`);
  isFull = false;
  await passes(60);
  assert.deepEqual([sent, await states('delivered')], [['a'], ['a']]);
});

test('what somebody has sent again is sent, whatever was kept in mind of it', async () => {
  let isGone = true;
  const { put, passes, sent, states, outbox, clock } = harness(
    async () => (isGone ? err({ kind: 'gone', message: 'gone', retryable: false }) : ok(undefined)),
    { giveUp: unwritable },
  );
  await put('a');
  await passes(1);
  isGone = false;
  await outbox.redeliver('a', clock.now());
  await passes(1);
  assert.deepEqual([sent, await states('delivered')], [['a', 'a'], ['a']]);
});

test('what is to be tried again backs off and ends, though the store cannot be written', async () => {
  const { put, passes, sent, tried } = harness(async () => err(busy), { retryAt: unwritable, giveUp: unwritable });
  await put('a');
  await passes(300);
  assert.ok(sent.length >= 4 && sent.length <= 8, `${sent.length} in five minutes`);
  await passes(70, 60_000);
  assert.equal(tried.filter((each) => each === 'a dead busy').length, 1);
  assert.equal(tried.at(-1), 'a dead busy');
});

test('a receiver is left alone as long as it asks, but no longer than an alert is of use', async () => {
  for (const [retryAfterMs, wanted] of [
    [120_000, start + 120_000],
    [86_400_000, start + hour],
  ] as const) {
    const { put, passes, outbox } = harness(async () => err({ ...busy, retryAfterMs }));
    await put('a');
    await passes(1);
    const listed = await outbox.list('waiting', 1);
    assert.equal(listed.ok && listed.value[0]?.nextAttemptAt, wanted);
  }
});

test('nothing has recovered before it broke: what follows an alert waits for it', async () => {
  let isUp = false;
  const { put, passes, sent } = harness(async (id) => (id === 'fires' && !isUp ? err(busy) : ok(undefined)));
  await put('fires', 'oncall', 'REQ-01');
  await put('resolves', 'oncall', 'REQ-01');
  await put('other', 'oncall', 'REQ-02');
  await passes(2);
  assert.deepEqual(sent, ['fires', 'other']);
  isUp = true;
  await passes(6);
  assert.deepEqual(sent, ['fires', 'other', 'fires', 'resolves']);
});

test('an attempt that the stop of the service cuts off is none', async () => {
  const { put, passes, controller, delivery, tried, outbox } = harness(
    () =>
      new Promise((resolve) => {
        controller.signal.addEventListener('abort', () => resolve(err({ ...busy, kind: 'timeout' })), { once: true });
      }),
  );
  await put('a');
  await passes(1);
  controller.abort(new Error('stopping'));
  await delivery.settled();
  const listed = await outbox.list('waiting', 1);
  assert.deepEqual([tried, listed.ok && listed.value[0]?.attempts], [[], 0]);
});
