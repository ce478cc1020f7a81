// Cuts a PromQL query into tokens.
import { PromqlFault } from './expression.ts';

export interface Token {
  readonly kind: 'name' | 'number' | 'duration' | 'string' | 'symbol' | 'end';
  readonly text: string;
  /** Characters from the start of the query. */
  readonly offset: number;
}

/** In the order in which they are tried: a duration before a number, a longer symbol before a shorter one. */
const patterns: readonly (readonly [Token['kind'] | 'blank', RegExp])[] = [
  ['blank', /\s+|#[^\n]*/y],
  ['duration', /(?:\d+(?:ms|[smhdwy]))+(?!\w)/y],
  ['number', /0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['name', /[a-zA-Z_:][\w:]*/y],
  ['string', /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/y],
  ['symbol', /==|!=|=~|!~|<=|>=|[-+*/%^<>=(){}[\],:@]/y],
];

/** All tokens, an `end` last. Throws a syntax fault at a character that begins none. */
export function tokensOf(query: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < query.length) {
    const token = tokenAt(query, at);
    at += token.text.length;
    if (token.kind !== 'blank') tokens.push({ kind: token.kind, text: token.text, offset: at - token.text.length });
  }
  return [...tokens, { kind: 'end', text: '', offset: query.length }];
}

function tokenAt(query: string, at: number): { readonly kind: Token['kind'] | 'blank'; readonly text: string } {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const text = pattern.exec(query)?.[0];
    if (text !== undefined) return { kind, text };
  }
  throw new PromqlFault('syntax', `unexpected ${JSON.stringify(query[at])}`, at);
}

/** Milliseconds of `1h30m`, `500ms`. */
export function durationMillis(text: string): number {
  let sum = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[smhdwy])/g)) {
    sum += Number(count) * (millisecondsOf[unit ?? ''] ?? 0);
  }
  return sum;
}

const millisecondsOf: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** The text that a string token stands for. Double and single quotes know Go's common escapes; backquotes none. */
export function stringValue(token: Token): string {
  const inner = token.text.slice(1, -1);
  if (token.text.startsWith('`')) return inner;
  return inner.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))/g, (_all, byte, unit, simple) => {
    if (simple === undefined) return String.fromCharCode(Number.parseInt(byte ?? unit, 16));
    const escaped = simpleEscapes[simple];
    if (escaped === undefined) throw new PromqlFault('syntax', `unknown escape sequence \\${simple}`, token.offset);
    return escaped;
  });
}

const simpleEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};
