// Seeded randomness for resampling: the same seed gives the same figures on every machine.

/** Numbers in [0, 1) by Marsaglia's xorshift32; good enough to resample with. Any integer seed. */
export function seededRandom(seed: number): () => number {
  // A scrambled, never zero start: small seeds would otherwise begin with small numbers.
  let state = (Math.imul(seed | 0, 0x9e3779b1) ^ 0x5bd1e995) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}
