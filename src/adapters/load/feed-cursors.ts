// Hands out the rows of the feeds, so that the workers of a run never give a unique row twice.
import type { Random } from '../../core/load/random.ts';
import type { Feed, FeedRow } from '../../core/model/workload.ts';

export interface FeedCursors {
  /** A row of each feed; undefined when a unique feed is exhausted or a feed is empty. */
  readonly take: (feeds: readonly Feed[], random: Random) => ReadonlyMap<string, FeedRow> | undefined;
}

/** Whether any of the feeds gives each row once in a run: the uncounted warm-up must leave those alone. */
export function givesRowsOnce(feeds: readonly Feed[]): boolean {
  return feeds.some(({ order }) => order === 'unique');
}

/** Worker `shard` of `shards` walks rows shard, shard + shards, ... of each feed. */
export function feedCursors(
  rowsByFeed: Readonly<Record<string, readonly FeedRow[]>>,
  shard: number,
  shards: number,
): FeedCursors {
  const taken = new Map<string, number>();

  function next({ name, order }: Feed, random: Random): FeedRow | undefined {
    const rows = rowsByFeed[name] ?? [];
    if (order === 'random') return rows[Math.floor(random.next() * rows.length)];
    const turn = taken.get(name) ?? 0;
    taken.set(name, turn + 1);
    const index = shard + turn * shards;
    return order === 'unique' ? rows[index] : rows[index % Math.max(1, rows.length)];
  }

  return {
    take(feeds, random) {
      const rows = new Map<string, FeedRow>();
      for (const feed of feeds) {
        const row = next(feed, random);
        if (row === undefined) return undefined;
        rows.set(feed.name, row);
      }
      return rows;
    },
  };
}
