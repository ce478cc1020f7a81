// UTF-8 bytes to text, with the short texts that telemetry repeats (keys, names, methods) kept from being made again.

const slots = 4096;
const longestKept = 64;
/** One ASCII text a slot, overwritten on collision: at most 4096 * 64 bytes whatever comes in. */
const kept: string[] = new Array(slots).fill('');

/** The text of bytes `from` to `to`; invalid UTF-8 becomes U+FFFD. */
export function wireText(bytes: Buffer, from: number, to: number): string {
  const length = to - from;
  if (length === 0) return '';
  if (length > longestKept) return bytes.toString('utf8', from, to);
  const slot = slotOf(bytes, from, to);
  const candidate = kept[slot] as string;
  if (candidate.length === length && isSame(candidate, bytes, from)) return candidate;
  for (let i = from; i < to; i += 1) {
    if ((bytes[i] as number) >= 0x80) return bytes.toString('utf8', from, to);
  }
  const text = bytes.toString('latin1', from, to);
  kept[slot] = text;
  return text;
}

/** From the length and a few bytes at both ends and in the middle: names differ there, and a full hash would cost more than it saves. */
function slotOf(bytes: Buffer, from: number, to: number): number {
  const length = to - from;
  let hash = length;
  hash = Math.imul(hash, 31) + (bytes[from] as number);
  hash = Math.imul(hash, 31) + (bytes[from + (length >>> 2)] as number);
  hash = Math.imul(hash, 31) + (bytes[from + (length >>> 1)] as number);
  hash = Math.imul(hash, 31) + (bytes[to - 1] as number);
  if (length > 2) {
    hash = Math.imul(hash, 31) + (bytes[to - 2] as number);
    hash = Math.imul(hash, 31) + (bytes[to - 3] as number);
  }
  return (hash ^ (hash >>> 12)) & (slots - 1);
}

function isSame(text: string, bytes: Buffer, from: number): boolean {
  for (let i = text.length - 1; i >= 0; i -= 1) {
    if (text.charCodeAt(i) !== bytes[from + i]) return false;
  }
  return true;
}
