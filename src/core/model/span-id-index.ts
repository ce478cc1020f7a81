// Finds spans of one trace by their id: a hash table over two halves of 64 bits, reused from trace to trace.

export interface SpanIdIndex {
  /** Empties the table and makes room for `count` ids. */
  readonly reset: (count: number) => void;
  /** Adds `at` under the id, unless the id is there already; gives the entry that holds the id. */
  readonly add: (high: number, low: number, at: number) => number;
  /** The entry under the id; -1 without one. */
  readonly find: (high: number, low: number) => number;
}

/** `idHigh` and `idLow` are the columns that entries index. Open addressing, at most half full. */
export function spanIdIndex(idHigh: Uint32Array, idLow: Uint32Array): SpanIdIndex {
  let slots = new Int32Array(16);
  let mask = 15;
  const slotOf = (high: number, low: number): number => {
    let slot = (Math.imul(high ^ (low >>> 15), 0x9e3779b1) ^ Math.imul(low, 0x85ebca6b)) & mask;
    for (;;) {
      const at = slots[slot] ?? -1;
      if (at < 0 || (idHigh[at] === high && idLow[at] === low)) return slot;
      slot = (slot + 1) & mask;
    }
  };
  return {
    reset(count) {
      let size = 16;
      while (size < 2 * count) size *= 2;
      if (size > slots.length) slots = new Int32Array(size);
      mask = size - 1;
      slots.fill(-1, 0, size);
    },
    add(high, low, at) {
      const slot = slotOf(high, low);
      if ((slots[slot] ?? -1) < 0) slots[slot] = at;
      return slots[slot] ?? at;
    },
    find: (high, low) => slots[slotOf(high, low)] ?? -1,
  };
}
