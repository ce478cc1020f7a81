// Decides which requests carry the sampled flag: a share of all, thinned evenly when that would exceed the most allowed a second.
import type { Random } from '../../../core/load/random.ts';

// How often the rate is looked at; short against a second, long against the gaps between requests.
const WINDOW_MS = 200;

export interface Sampler {
  /** Whether the request sent at `nowMs` is sampled. */
  readonly next: (nowMs: number) => boolean;
}

/**
 * `share` 0..1 of all requests, at most `perSecond` in any second. The chance follows the rate of the last window, so that the sampled ones stay
 * spread over the second instead of being its first; a budget of one second's worth holds the limit when the rate jumps.
 */
export function createSampler(share: number, perSecond: number, random: Random): Sampler {
  let windowStart = Number.NEGATIVE_INFINITY;
  let seen = 0;
  let chance = share;
  // Less than one a second: one is saved up for.
  const most = Math.max(1, perSecond);
  let budget = perSecond;

  function roll(nowMs: number): void {
    const elapsed = Math.min(1000, nowMs - windowStart);
    const rate = (seen * 1000) / Math.max(elapsed, WINDOW_MS);
    chance = rate * share > perSecond ? perSecond / rate : share;
    budget = Math.min(most, budget + (perSecond * elapsed) / 1000);
    windowStart = nowMs;
    seen = 0;
  }

  return {
    next(nowMs) {
      if (nowMs - windowStart >= WINDOW_MS) roll(nowMs);
      seen += 1;
      if (budget < 1 || (chance < 1 && random.next() >= chance)) return false;
      budget -= 1;
      return true;
    },
  };
}
