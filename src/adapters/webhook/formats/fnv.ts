// FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/ (the hash family Alertmanager's fingerprints use).

const offset = 0xcbf29ce484222325n;
const prime = 0x100000001b3n;

/** 16 lower-case hex digits over the UTF-8 bytes of the text. */
export function fnv1a64(text: string): string {
  let hash = offset;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * prime);
  return hash.toString(16).padStart(16, '0');
}
