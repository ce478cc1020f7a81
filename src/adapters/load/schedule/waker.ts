// Wakes the generator when the next arrival is due: three ways to trade CPU for precision.

export interface Waker {
  /** Calls back at about `dueMs` on the run's clock (infinity: not before it is armed again), once. A later call replaces an earlier one. */
  readonly arm: (dueMs: number) => void;
  readonly stop: () => void;
}

export interface WakerOptions {
  readonly now: () => number;
  readonly wake: () => void;
}

/** `tick`: the millisecond timer of the event loop; what became due meanwhile leaves in one batch. Lag about 1 ms, next to no CPU. */
export function tickWaker({ now, wake }: WakerOptions): Waker {
  let timer: NodeJS.Timeout | undefined;
  return {
    arm(dueMs) {
      clearTimeout(timer);
      if (dueMs !== Number.POSITIVE_INFINITY) timer = setTimeout(wake, Math.max(1, Math.floor(dueMs - now())));
    },
    stop: () => clearTimeout(timer),
  };
}

// Timers are trusted to wake within this; the rest is spun.
const SPIN_MS = 2;

/** `spin`: turns the event loop without sleeping while an arrival is near. Lag a few hundredths of a millisecond, a whole core. */
export function spinWaker({ now, wake }: WakerOptions): Waker {
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  let due = Number.POSITIVE_INFINITY;

  function turn(): void {
    const left = due - now();
    if (left <= 0) wake();
    else if (left <= SPIN_MS) immediate = setImmediate(turn);
    else if (left !== Number.POSITIVE_INFINITY) timer = setTimeout(turn, Math.max(1, Math.floor(left - SPIN_MS)));
  }

  function stop(): void {
    clearTimeout(timer);
    clearImmediate(immediate);
  }

  return {
    arm(dueMs) {
      stop();
      due = dueMs;
      // Never on the caller's stack: the event loop must get to its sockets between two batches.
      if (dueMs !== Number.POSITIVE_INFINITY) immediate = setImmediate(turn);
    },
    stop,
  };
}
