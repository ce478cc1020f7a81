// One at a time, in order of arrival.

export interface Mutex {
  /** Runs `task` when everyone before it is done, whether they succeeded or not. */
  runExclusive<T>(task: () => Promise<T>): Promise<T>;
  /** How many tasks wait for their turn. */
  waiting(): number;
}

export function mutex(): Mutex {
  let last: Promise<unknown> = Promise.resolve();
  let queued = 0;
  return {
    waiting: () => Math.max(0, queued - 1),
    runExclusive: <T>(task: () => Promise<T>): Promise<T> => {
      queued += 1;
      const turn = last.then(task).finally(() => {
        queued -= 1;
      });
      last = turn.catch(() => undefined); // a failed task must not block those behind it
      return turn;
    },
  };
}
