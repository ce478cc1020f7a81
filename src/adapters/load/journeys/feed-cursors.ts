// Hands out the rows of the feeds, so that the workers of a run never give a unique row twice.
import type { Random } from '../../../core/load/random.ts';
import type { Feed, FeedRow } from '../../../core/model/workload.ts';

export interface FeedCursors {
  /** A row of each feed; undefined when a unique feed is exhausted or a feed is empty. */
  readonly take: (feeds: readonly Feed[], random: Random) => ReadonlyMap<string, FeedRow> | undefined;
}

/** Which worker of how many. */
export interface FeedShare {
  readonly shard: number;
  readonly shards: number;
  /** How many rows of each `unique` feed are taken, by its name: one count for all workers. */
  readonly rowsTaken: Readonly<Record<string, Int32Array>>;
}

/** Counts for `rowsTaken`, in memory that threads share. */
export function sharedRowCounts(feeds: readonly Feed[]): Readonly<Record<string, Int32Array>> {
  const unique = feeds.filter(({ order }) => order === 'unique');
  return Object.fromEntries(unique.map(({ name }) => [name, new Int32Array(new SharedArrayBuffer(4))]));
}

/** Whether any of the feeds gives each row once in a run: the uncounted warm-up must leave those alone. */
export function givesRowsOnce(feeds: readonly Feed[]): boolean {
  return feeds.some(({ order }) => order === 'unique');
}

/** Worker `shard` walks rows shard, shard + shards, ... of a sequential feed; of a unique one each worker takes the next that none has taken (`rowsTaken`, shared). */
export function feedCursors(
  rowsByFeed: Readonly<Record<string, readonly FeedRow[]>>,
  { shard, shards, rowsTaken }: FeedShare,
): FeedCursors {
  const turns = new Map<string, number>();

  function next({ name, order }: Feed, random: Random): FeedRow | undefined {
    const rows = rowsByFeed[name] ?? [];
    if (order === 'random') return rows[Math.floor(random.next() * rows.length)];
    if (order === 'unique') return rows[Atomics.add(rowsTaken[name] as Int32Array, 0, 1)];
    const turn = turns.get(name) ?? 0;
    turns.set(name, turn + 1);
    return rows[(shard + turn * shards) % Math.max(1, rows.length)];
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
