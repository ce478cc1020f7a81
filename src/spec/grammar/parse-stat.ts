// The left-hand side of a clause: `p99`, `perUser p10`, `max in_flight`, `burnRate(1h)`, `p95(peak)`.
import type { Stat } from '../../core/model/requirement.ts';
import { ok } from '../../core/model/result.ts';
import { ratio } from '../../core/model/units.ts';
import { look, nextWord, type Scanner, type Token, take } from './scanner.ts';
import { type Parsed, problem } from './text-problem.ts';

export interface StatAt {
  readonly stat: Stat;
  readonly token: Token;
  readonly args: readonly Token[];
}

const WORD = /[A-Za-z_][A-Za-z0-9_]*(?:\.[0-9]+)?/;
const ARGUMENT = /[^\s,()]+/;
/** `max in_flight`, `mean wait`: an aggregate of something named. */
const AGGREGATES: ReadonlySet<string> = new Set(['max', 'min', 'mean']);

/**
 *     stat      := quantile | name | name "(" [ argument { "," argument } ] ")" | name quantile | aggregate name
 *     quantile  := "p" digits [ "." digits ]          greater than 0 and below 100
 *     aggregate := "max" | "min" | "mean"
 */
export function parseStat(scanner: Scanner): Parsed<StatAt> {
  const word = take(scanner, WORD);
  if (word === undefined) return missingStat(scanner);
  if (scanner.text[scanner.at] === '(') return parseArguments(scanner, word);
  if (looksLikeQuantile(word.text)) {
    const q = parseQuantile(word);
    return q.ok ? ok({ stat: { kind: 'quantile', q: ratio(q.value) }, token: word, args: [] }) : q;
  }
  const second = look(scanner, WORD);
  if (second !== undefined && looksLikeQuantile(second.text)) return quantileOf(scanner, word, second);
  if (second !== undefined && AGGREGATES.has(word.text) && second.text !== 'between') {
    scanner.at = second.to;
    return ok({
      stat: { kind: 'named', name: word.text, args: [], of: second.text },
      token: { ...spanning(scanner, word, second) },
      args: [],
    });
  }
  return ok({ stat: { kind: 'named', name: word.text, args: [] }, token: word, args: [] });
}

/** The share of a quantile word: `p99.9` is 0.999. */
function parseQuantile(word: Token): Parsed<number> {
  const percent = Number(word.text.slice(1));
  if (percent > 0 && percent < 100) return ok(Number((percent / 100).toPrecision(12)));
  const nines = /^p(9\d)(\d+)$/.exec(word.text);
  const help =
    percent === 100 ? 'write `max`' : nines === null ? undefined : `write p${nines[1] ?? ''}.${nines[2] ?? ''}`;
  return problem(
    'SPEC_RULE_STATISTIC',
    `a percentile lies between p0 and p100, both excluded; found \`${word.text}\``,
    { help, from: word.from, to: word.to },
  );
}

/** A percentile that there is: `p95`, `p99.9`; not `p950`. */
export function isQuantile(word: string): boolean {
  return looksLikeQuantile(word) && Number(word.slice(1)) > 0 && Number(word.slice(1)) < 100;
}

export function looksLikeQuantile(word: string): boolean {
  return /^p\d+(\.\d+)?$/.test(word);
}

function quantileOf(scanner: Scanner, word: Token, second: Token): Parsed<StatAt> {
  scanner.at = second.to;
  const q = parseQuantile(second);
  if (!q.ok) return q;
  return ok({
    stat: { kind: 'quantile', q: ratio(q.value), of: word.text },
    token: spanning(scanner, word, second),
    args: [],
  });
}

function parseArguments(scanner: Scanner, word: Token): Parsed<StatAt> {
  if (looksLikeQuantile(word.text)) {
    const q = parseQuantile(word);
    if (!q.ok) return q;
  }
  scanner.at += 1;
  const args: Token[] = [];
  for (;;) {
    const arg = take(scanner, ARGUMENT);
    if (arg !== undefined) args.push(arg);
    const close = take(scanner, /[,)]/);
    if (close?.text === ')') {
      const stat: Stat = { kind: 'named', name: word.text, args: args.map((argument) => argument.text) };
      return ok({
        stat,
        token: { text: scanner.text.slice(word.from, close.to), from: word.from, to: close.to },
        args,
      });
    }
    if (close === undefined || arg === undefined) {
      const found = nextWord(scanner);
      return problem('SPEC_RULE_SYNTAX', `the parenthesis of \`${word.text}(\` is not closed`, {
        help: `write \`${word.text}(${args[0]?.text ?? 'argument'})\``,
        from: found.from,
        to: found.to,
      });
    }
  }
}

function missingStat(scanner: Scanner): Parsed<StatAt> {
  const found = nextWord(scanner);
  const isBound = /^[<>=]/.test(found.text);
  const help = isBound
    ? `say what is bounded, for example \`p99 ${scanner.text.slice(scanner.at).trim()}\``
    : 'a rule is `statistic operator quantity`, for example `p99 <= 300ms`';
  return problem(
    'SPEC_RULE_SYNTAX',
    `a statistic is wanted here, found ${found.text === '' ? 'the end of the rule' : `\`${found.text}\``}`,
    { help, from: found.from, to: found.to },
  );
}

function spanning(scanner: Scanner, first: Token, last: Token): Token {
  return { text: scanner.text.slice(first.from, last.to), from: first.from, to: last.to };
}
