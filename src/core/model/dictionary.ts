// Keeps each entry once and numbers it.

export interface Dictionary<T> {
  readonly entries: readonly T[];
  /** The entry's number, given to it at its first appearance. */
  readonly indexOf: (entry: T) => number;
}

/** Entries are told apart like keys of a Map: 1 and '1' are two, NaN is one. */
export function dictionary<T>(...first: readonly T[]): Dictionary<T> {
  const entries: T[] = [...first];
  const indexes = new Map<T, number>(entries.map((entry, index) => [entry, index]));
  return {
    entries,
    indexOf(entry) {
      const known = indexes.get(entry);
      if (known !== undefined) return known;
      indexes.set(entry, entries.length);
      entries.push(entry);
      return entries.length - 1;
    },
  };
}
