// Many asynchronous jobs, a few at a time.

/** Results in the order of `items`; at most `limit` jobs run at one time. The first rejection rejects; nothing new is started then. */
export async function mapBounded<T, R>(
  items: readonly T[],
  limit: number,
  job: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  let isStopped = false;
  const work = async (): Promise<void> => {
    while (next < items.length && !isStopped) {
      const index = next;
      next += 1;
      try {
        results[index] = await job(items[index] as T);
      } catch (error) {
        isStopped = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return results;
}
