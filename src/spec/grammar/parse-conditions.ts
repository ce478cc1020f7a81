// What may follow a clause's limit: `in 95% of slices`, `over 5m`, `while [CHK-01]`, `after spike`.
import { ok } from '../../core/model/result.ts';
import type { Millis, Ratio } from '../../core/model/units.ts';
import { parseDuration } from './duration.ts';
import { nextWord, type Scanner, type Token, take } from './scanner.ts';
import { parseShare } from './share.ts';
import { type Parsed, problem, shifted } from './text-problem.ts';

export interface Conditions {
  inSlices?: { readonly value: Ratio; readonly token: Token };
  over?: { readonly value: Millis; readonly token: Token };
  while: readonly Token[];
  after?: Token;
}

/** Any number of conditions in any order, each kind once. */
export function parseConditions(scanner: Scanner): Parsed<Conditions> {
  const conditions: Conditions = { while: [] };
  const seen = new Set<string>();
  for (;;) {
    const word = take(scanner, /(?:in|over|while|after)\b/);
    if (word === undefined) return ok(conditions);
    if (seen.has(word.text)) return repeated(word);
    seen.add(word.text);
    const failed = parseCondition(scanner, word, conditions);
    if (failed !== undefined) return failed;
  }
}

function repeated({ text, from, to }: Token): Parsed<never> {
  const help = text === 'while' ? 'name all requirements in one list: `while [CHK-01, CHK-02]`' : 'keep one of them';
  return problem('SPEC_RULE_SYNTAX', `a condition has one \`${text}\`, found a second`, { help, from, to });
}

function parseCondition(scanner: Scanner, word: Token, into: Conditions): Parsed<never> | undefined {
  if (word.text === 'in') return parseInSlices(scanner, into);
  if (word.text === 'while') return parseWhile(scanner, into);
  const value = take(scanner, /[^\s]+/);
  if (value === undefined) return unexpected(scanner, word.text === 'over' ? 'a duration such as `5m`' : 'a phase');
  if (word.text === 'after') {
    into.after = value;
    return undefined;
  }
  const duration = shifted(parseDuration(value.text), value.from, value.text.length);
  if (!duration.ok) return duration;
  if (duration.value <= 0)
    return problem('SPEC_VALUE_RANGE', `a duration above zero is wanted, found \`${value.text}\``, {
      from: value.from,
      to: value.to,
    });
  into.over = { value: duration.value, token: value };
  return undefined;
}

function parseInSlices(scanner: Scanner, into: Conditions): Parsed<never> | undefined {
  const token = take(scanner, /[^\s]+/);
  if (token === undefined) return unexpected(scanner, 'a share such as `95%`');
  const share = shifted(parseShare(token.text), token.from, token.text.length);
  if (!share.ok) return share;
  if (share.value === 0)
    return problem('SPEC_RULE_IMPOSSIBLE', 'in 0% of slices every limit holds', {
      help: 'write the share that must keep the limit, such as `in 95% of slices`',
      from: token.from,
      to: token.to,
    });
  if (take(scanner, /of\s+slices\b/) === undefined) return unexpected(scanner, '`of slices`');
  into.inSlices = { value: share.value, token };
  return undefined;
}

function parseWhile(scanner: Scanner, into: Conditions): Parsed<never> | undefined {
  if (take(scanner, /\[/) === undefined) return unexpected(scanner, 'a list of ids such as `[CHK-01, CHK-02]`');
  const ids: Token[] = [];
  for (;;) {
    const id = take(scanner, /[A-Za-z0-9_-]+/);
    if (id === undefined) return unexpected(scanner, 'a requirement id');
    ids.push(id);
    const next = take(scanner, /[,\]]/);
    if (next === undefined) return unexpected(scanner, '`,` or `]`');
    if (next.text === ']') break;
  }
  into.while = ids;
  return undefined;
}

/** The problem of a word that cannot stand here. */
export function unexpected(scanner: Scanner, wanted = '`and` or the end of the rule'): Parsed<never> {
  const found = nextWord(scanner);
  const isComma = /^[,;]|^&&|^AND$/.test(found.text);
  const help = isComma ? 'join conditions with `and`' : undefined;
  return problem(
    'SPEC_RULE_SYNTAX',
    `${wanted} is wanted here, found ${found.text === '' ? 'the end of the rule' : `\`${found.text}\``}`,
    { help, from: found.from, to: found.to },
  );
}
