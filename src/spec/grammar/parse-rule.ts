// The one-line form of `require` and `warn`, read into clauses.
import type { Clause, Comparison } from '../../core/model/requirement.ts';
import { err, ok } from '../../core/model/result.ts';
import { type Conditions, parseConditions, unexpected } from './parse-conditions.ts';
import { type LimitAt, parseLimit, parseRangeLimit } from './parse-limit.ts';
import { parseStat, type StatAt } from './parse-stat.ts';
import type { ParsedClause, ParsedRule } from './parsed-rule.ts';
import { isAtEnd, nextWord, type Scanner, scan, type Token, take } from './scanner.ts';
import { type Parsed, problem, type TextProblem } from './text-problem.ts';

/** A rule longer than this is a mistake, not a requirement. */
const LONGEST_RULE = 2000;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '<=': 'lte',
  '<': 'lt',
  '>=': 'gte',
  '>': 'gt',
  '==': 'eq',
  between: 'between',
};

/**
 * Reads a rule. What a statistic means, which units and arguments it takes, is the requirement type's business (check-rule.ts).
 *
 *     rule      := clause { "and" clause }
 *     clause    := stat op limit { condition }
 *                | "max" number "per" name                       short for `max(name) <= number`
 *     op        := "<=" | "<" | ">=" | ">" | "==" | "between"
 *     condition := "in" share "of slices" | "over" duration | "while" "[" id { "," id } "]" | "after" phase
 *     stat      see parse-stat.ts;  limit see parse-limit.ts;  quantity see quantity.ts
 */
export function parseRule(text: string): Parsed<ParsedRule> {
  const { rule, problems } = readRule(text);
  const [first] = problems;
  return first === undefined ? ok(rule) : err(first);
}

export interface ReadRule {
  /** The clauses that can be read. */
  readonly rule: ParsedRule;
  readonly problems: readonly TextProblem[];
}

/** Reads on behind a clause that cannot be read, so that every one of them is told. */
export function readRule(text: string): ReadRule {
  const scanner = scan(text);
  const clauses: ParsedClause[] = [];
  const problems: TextProblem[] = [];
  const read = (): ReadRule => ({ rule: { clauses, text: text.trim() }, problems });
  if (text.length > LONGEST_RULE) {
    problems.push(tooLong(text));
    return read();
  }
  for (;;) {
    const start = scanner.at;
    const clause = parseClause(scanner);
    if (clause.ok) clauses.push(clause.value);
    if (clause.ok && isAtEnd(scanner)) return read();
    if (clause.ok && take(scanner, /and\b/) !== undefined) continue;
    const found = clause.ok ? unexpected(scanner) : clause;
    if (!found.ok) problems.push(found.error);
    const next = nextClause(text, start, problems.at(-1)?.from ?? text.length);
    if (next === undefined) return read();
    scanner.at = next;
  }
}

/** Where the clause behind a broken one begins. Unknown where the next `and` may belong to the broken one: to its range, its list, its arguments. */
function nextClause(text: string, start: number, brokenAt: number): number | undefined {
  const and = /\band\s+(?=[A-Za-z_])/g;
  and.lastIndex = Math.max(start, brokenAt);
  const found = and.exec(text);
  if (found === null) return undefined;
  const broken = text.slice(start, found.index);
  const isOpen = /\bbetween\b/.test(broken) || /[[(][^\])]*$/.test(broken);
  return isOpen ? undefined : and.lastIndex;
}

function tooLong(text: string): TextProblem {
  const message = `a rule has at most ${LONGEST_RULE} characters, this one has ${text.length}`;
  return { code: 'SPEC_RULE_SYNTAX', message, from: 0, to: text.length };
}

function parseClause(scanner: Scanner): Parsed<ParsedClause> {
  const short = parseMaxPer(scanner);
  if (short !== undefined) return short;
  const stat = parseStat(scanner);
  if (!stat.ok) return stat;
  const op = takeOperator(scanner, stat.value);
  if (!op.ok) return op;
  const comparison = COMPARISONS[op.value.text]!;
  const limit = comparison === 'between' ? parseRangeLimit(scanner) : parseLimit(scanner);
  if (!limit.ok) return limit;
  const conditions = parseConditions(scanner);
  return conditions.ok ? ok(joined(scanner, stat.value, op.value, limit.value, conditions.value)) : conditions;
}

function joined(scanner: Scanner, stat: StatAt, op: Token, limit: LimitAt, conditions: Conditions): ParsedClause {
  const { inSlices, over, after } = conditions;
  const args = after === undefined ? stat.args : [...stat.args, after];
  const clause: Clause = {
    stat:
      stat.stat.kind === 'named' && after !== undefined
        ? { ...stat.stat, args: args.map((arg) => arg.text) }
        : stat.stat,
    op: COMPARISONS[op.text]!,
    limit: limit.limit,
    while: conditions.while.map((id) => id.text),
    text: scanner.text.slice(stat.token.from, scanner.at).trim(),
    ...(inSlices === undefined ? {} : { inSlices: inSlices.value }),
    ...(over === undefined ? {} : { over: over.value }),
  };
  const places = {
    ...(inSlices === undefined ? {} : { inSlices: inSlices.token }),
    ...(over === undefined ? {} : { over: over.token }),
  };
  return {
    clause,
    parts: {
      stat: stat.token,
      args,
      op,
      limit: limit.token,
      limitArgs: limit.args,
      while: conditions.while,
      ...places,
    },
  };
}

/** `max 3 per request`. */
function parseMaxPer(scanner: Scanner): Parsed<ParsedClause> | undefined {
  const start = scanner.at;
  const max = take(scanner, /max\b/);
  const number = max === undefined ? undefined : take(scanner, /\d+(?:\.\d+)?/);
  const per = number === undefined ? undefined : take(scanner, /per\b/);
  const name = per === undefined ? undefined : take(scanner, /[A-Za-z_]\w*/);
  if (max === undefined || number === undefined || per === undefined || name === undefined) {
    scanner.at = start;
    return undefined;
  }
  const stat: StatAt = { stat: { kind: 'named', name: 'max', args: [], of: name.text }, token: max, args: [] };
  const limit: LimitAt = {
    limit: { kind: 'fixed', quantity: { value: Number(number.text), unit: '', text: number.text } },
    token: number,
    args: [],
  };
  return ok(joined(scanner, stat, { ...per, text: '<=' }, limit, { while: [] }));
}

/** Signs and words for an operator that are none, and what they mean. */
const MEANT: ReadonlyMap<string, string> = new Map([
  ['=', '=='],
  ['=<', '<='],
  ['=>', '>='],
  ['≤', '<='],
  ['≥', '>='],
  ['below', '<'],
  ['under', '<'],
  ['above', '>'],
  ['over', '>'],
  ['less', '<'],
  ['more', '>'],
  ['is', '=='],
]);

function takeOperator(scanner: Scanner, stat: StatAt): Parsed<Token> {
  const op = take(scanner, /[<>=!≤≥~]+|between\b/);
  if (op !== undefined && COMPARISONS[op.text] !== undefined) return ok(op);
  const found = op ?? nextWord(scanner);
  const instead = MEANT.get(found.text);
  const help =
    instead === undefined
      ? `operators: <=, <, >=, >, ==, between; for example \`${stat.token.text} <= 300ms\``
      : `write \`${instead}\``;
  const what = found.text === '' ? 'the end of the rule' : `\`${found.text}\``;
  return problem('SPEC_RULE_SYNTAX', `an operator is wanted behind \`${stat.token.text}\`, found ${what}`, {
    help,
    from: found.from,
    to: found.to,
  });
}
