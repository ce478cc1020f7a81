// Time and randomness from outside, so that everything else can be replayed.
import type { Millis, UnixMillis } from '../core/model/units.ts';

export interface Clock {
  /** Wall clock. */
  readonly now: () => UnixMillis;
  /** Monotonic milliseconds from an arbitrary origin, for durations. */
  readonly monotonic: () => Millis;
  /** Resolves after `duration`; rejects with the signal's reason as soon as it aborts. */
  readonly sleep: (duration: Millis, options: { readonly signal?: AbortSignal | undefined }) => Promise<void>;
  /** `count` random bytes in lower-case hex, for ids. */
  readonly randomHex: (count: number) => string;
}
