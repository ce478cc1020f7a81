// Where each character of a YAML scalar's value stands in the file, so that a caret can point inside a rule.
import type { Span } from './source-text.ts';

/**
 * Maps an index of `value` to an offset of the file. Value and source are walked side by side: blanks may fold (a line break in the source is a space in
 * the value), `''` and escapes count as one character. Where they cannot be matched the offset stays at the last place that could.
 *
 *     require: "p99 <=\n 300ms"      source  " p 9 9 _ < = \n _ 3 0 0 m s "
 *                                     value     p 9 9 _ < =  ' '  3 0 0 m s
 */
export function scalarOffsets(span: Span, value: string, quote: '"' | "'" | ''): (index: number) => number {
  let offsets: readonly number[] | undefined;
  return (index) => {
    offsets ??= alignOffsets(span, value, quote);
    return offsets[Math.max(0, Math.min(index, offsets.length - 1))] ?? span.from;
  };
}

function alignOffsets(span: Span, value: string, quote: '"' | "'" | ''): readonly number[] {
  const text = span.source.text;
  const end = quote === '' ? span.to : span.to - 1;
  let at = skipBlockHeader(text, quote === '' ? span.from : span.from + 1, end);
  const offsets: number[] = [];
  for (const unit of units(value)) {
    if (!isBlank(unit)) at = skipFolded(text, at, end, quote);
    for (let i = 0; i < unit.length; i += 1) offsets.push(Math.min(at, end));
    if (at >= end) continue;
    if (isBlank(unit) && !isBlank(text[at]!) && text[at] !== '\\') continue;
    at += sourceLength(text, at, quote, unit);
  }
  offsets.push(Math.min(at, end));
  return offsets;
}

/** A block scalar's node starts at its header: `|2-`, a comment, the line's end. */
function skipBlockHeader(text: string, from: number, end: number): number {
  const header = /^[|>][0-9+-]*[^\n]*\n/.exec(text.slice(from, Math.min(end, from + 200)));
  return header === null ? from : from + header[0].length;
}

/** Blanks that folding took away, and the `\` of a continued line. */
function skipFolded(text: string, from: number, end: number, quote: string): number {
  let at = from;
  while (at < end && (isBlank(text[at]!) || (quote === '"' && /^\\\r?\n/.test(text.slice(at, at + 3))))) at += 1;
  return at;
}

/** How many source characters stand for one character of the value. */
function sourceLength(text: string, at: number, quote: string, unit: string): number {
  if (quote === "'" && text.startsWith("''", at)) return 2;
  if (quote !== '"' || text[at] !== '\\') return unit.length;
  const letter = text[at + 1];
  if (letter === 'x') return 4;
  if (letter === 'u') return 6;
  return letter === 'U' ? 10 : 2;
}

/** Whole code points, so that a surrogate pair written as one escape counts once. */
function units(value: string): Iterable<string> {
  return value;
}

function isBlank(unit: string): boolean {
  return unit === ' ' || unit === '\t' || unit === '\n' || unit === '\r';
}
