// UTF-8 bytes to text, with the short texts that telemetry repeats (keys, names, methods) kept from being made again.

const slots = 4096;
const longestKept = 64;
/** One text a slot, overwritten on collision: at most 4096 * 64 bytes whatever comes in. */
const kept: (string | undefined)[] = new Array(slots).fill(undefined);

/** The text of bytes `from` to `to`; invalid UTF-8 becomes U+FFFD. */
export function wireText(bytes: Buffer, from: number, to: number): string {
  const length = to - from;
  if (length === 0) return '';
  if (length > longestKept) return bytes.toString('utf8', from, to);
  let hash = length;
  for (let i = from; i < to; i += 1) {
    const byte = bytes[i] as number;
    if (byte >= 0x80) return bytes.toString('utf8', from, to);
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  const slot = (hash ^ (hash >>> 15)) & (slots - 1);
  const candidate = kept[slot];
  if (candidate !== undefined && candidate.length === length && isSame(candidate, bytes, from)) return candidate;
  const text = bytes.toString('latin1', from, to);
  kept[slot] = text;
  return text;
}

function isSame(text: string, bytes: Buffer, from: number): boolean {
  for (let i = 0; i < text.length; i += 1) {
    if (text.charCodeAt(i) !== bytes[from + i]) return false;
  }
  return true;
}
