// The real clock and the real randomness.
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { millis, unixMillis } from '../../core/model/units.ts';
import type { Clock } from '../../ports/clock.ts';

export const systemClock: Clock = {
  now: () => unixMillis(Date.now()),
  monotonic: () => millis(performance.now()),
  sleep: async (duration, { signal }) => {
    await delay(Math.max(0, duration), undefined, signal === undefined ? {} : { signal });
  },
  randomHex: (count) => randomBytes(count).toString('hex'),
};
