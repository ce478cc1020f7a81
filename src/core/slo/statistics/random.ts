// Repeatable random numbers from a seed, for resampling: the same run always gets the same verdict.

/** A stream of uniform numbers in [0, 1). The mulberry32 generator (T. Ettinger 2017): 32 bits of state, enough to shuffle a few thousand slices. */
export function randomStream(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
