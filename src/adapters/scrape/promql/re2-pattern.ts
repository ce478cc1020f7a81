// Regular expressions as Prometheus writes them (RE2), turned into ours.
import { PromqlFault } from './expression.ts';

/** What is in brackets after `[:`. */
const posixClasses: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t\\x20',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '\\x21-\\x7e',
  lower: 'a-z',
  print: '\\x20-\\x7e',
  punct: '\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e',
  space: '\\t\\n\\v\\f\\r\\x20',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

/** An escape, the head of a group, a class of POSIX, the head of a class with a literal `]`, a count, or one character. */
const pieces = /\\x\{[0-9a-fA-F]+\}|\\.?|\(\?(?:P?<[=!]?|[=!])|\[:\^?\w+:\]|\[\^?\]?|\{\d+(?:,\d*)?\}|./gsu;

/**
 * The same pattern for a RegExp with the flag `u`, which reads no escape but those it knows. What has no counterpart here is refused as `unsupported` at `offset`,
 * what RE2 itself has not (back references, looking around) as a syntax error; what is left to the RegExp is an error there.
 */
export function re2Pattern(text: string, offset: number): string {
  let inClass = false;
  let before = '';
  const translate = (piece: string): string => {
    if (piece.startsWith('\\')) return escapeOf(piece, inClass, offset);
    if (!inClass) {
      if (/^\(\?(?:P?<[=!]|[=!])/.test(piece)) throw new PromqlFault('syntax', `${piece} is not of RE2`, offset);
      if (piece.startsWith('(?')) return '(?<';
      inClass = piece.startsWith('[') && !piece.startsWith('[:');
      if (inClass) return piece.replace(']', '\\]');
      return /^[\]{}]$/.test(piece) ? `\\${piece}` : piece;
    }
    inClass = piece !== ']';
    if (piece.startsWith('[:')) return posixClass(piece, offset);
    if (piece.startsWith('[')) return piece.replaceAll(/[[\]]/g, '\\$&');
    // Behind a class of its own a dash begins no range.
    return piece === '-' && /^(?:\[:|\\[dswDSW])/.test(before) ? '\\-' : piece;
  };
  return text.replaceAll(pieces, (piece) => {
    const translated = translate(piece);
    before = piece;
    return translated;
  });
}

const edges: Readonly<Record<string, string>> = { '\\A': '(?<![^])', '\\z': '(?![^])' };

function escapeOf(piece: string, inClass: boolean, offset: number): string {
  if (/^\\[1-9k]/.test(piece)) throw new PromqlFault('syntax', `${piece} is not of RE2`, offset);
  if (/^\\[aCpPQ]/.test(piece)) throw new PromqlFault('unsupported', `${piece} in a regular expression`, offset);
  if (piece.startsWith('\\x{')) return `\\u${piece.slice(2)}`;
  const edge = inClass ? undefined : edges[piece];
  if (edge !== undefined) return edge;
  const [, punctuation] = /^\\([!-/:-@[-`{-~])$/.exec(piece) ?? [];
  return punctuation === undefined ? piece : `\\x${punctuation.charCodeAt(0).toString(16)}`;
}

function posixClass(piece: string, offset: number): string {
  const known = posixClasses[piece.slice(2, -2)];
  if (known === undefined) throw new PromqlFault('unsupported', `${piece} in a regular expression`, offset);
  return known;
}
