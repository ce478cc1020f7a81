// A provider that sizes a customer's capacity by the demand of the first seconds plus some headroom, and never again.

export interface ContractedCapacity {
  /** How long a request arriving now waits for its turn, in milliseconds. Every request takes a turn, even one its caller has given up. */
  waitMs(now: number): number;
}

const BUCKET_MS = 4_000;
const BUCKETS = 3;
const HEADROOM = 1.6;
/** A queue longer than this is not kept: its turns would never come. */
const MAX_WAIT_MS = 60_000;

/** `now` is any clock in milliseconds. Unlimited for the first 12 s after the first request, then the busiest third of those times 1.6. */
export function contractedCapacity(): ContractedCapacity {
  let firstAt: number | undefined;
  const demand = new Array<number>(BUCKETS).fill(0);
  let nextTurnAt = 0;
  return {
    waitMs: (now) => {
      firstAt ??= now;
      const bucket = Math.floor((now - firstAt) / BUCKET_MS);
      if (bucket < BUCKETS) {
        demand[bucket] = (demand[bucket] ?? 0) + 1;
        return 0;
      }
      const turnMs = BUCKET_MS / (Math.max(1, ...demand) * HEADROOM);
      const turnAt = Math.min(Math.max(now, nextTurnAt), now + MAX_WAIT_MS);
      nextTurnAt = turnAt + turnMs;
      return turnAt - now;
    },
  };
}
