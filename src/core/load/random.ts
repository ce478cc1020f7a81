// Seeded randomness: the same seed gives the same run, on every machine and however many threads share it.

/** A stream of pseudo-random numbers. */
export interface Random {
  /** Uniform in [0, 1), with 32 random bits. */
  readonly next: () => number;
  /** Uniform 32-bit unsigned integer. */
  readonly uint32: () => number;
}

/** sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, period about 2^127; not for secrets. Any finite number is a seed. */
export function createRandom(seed: number): Random {
  const [high, low] = seedWords(seed);
  let a = low;
  let b = high;
  let c = mix(low ^ 0x9e3779b9);
  let counter = 1;
  const uint32 = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 15; i += 1) uint32();
  return { uint32, next: () => uint32() / 0x100000000 };
}

/** A 32-bit hash of (seed, index): a random number that can be asked for in any order, so that shards agree without talking. */
export function hash32(seed: number, index: number): number {
  const [high, low] = seedWords(seed);
  const upper = Math.floor(index / 0x100000000) | 0;
  return mix(mix(mix(mix(low ^ 0x85ebca6b) ^ high) ^ (index | 0)) ^ upper ^ 0x27d4eb2f) >>> 0;
}

/** The hash of (seed, index) as a number in [0, 1). */
export function hashUnit(seed: number, index: number): number {
  return hash32(seed, index) / 0x100000000;
}

function seedWords(seed: number): readonly [number, number] {
  const whole = Math.abs(Math.trunc(Number.isFinite(seed) ? seed : 0));
  return [(Math.floor(whole / 0x100000000) | 0) ^ (seed < 0 ? 1 << 31 : 0), whole | 0];
}

// The finaliser of MurmurHash3 (Austin Appleby, public domain): every input bit reaches every output bit.
function mix(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
