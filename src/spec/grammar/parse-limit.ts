// The right-hand side of a clause: a quantity, `baseline + 10%`, `2 x p95(idle)`, `between 1 and 2`.
import type { Limit, Quantity } from '../../core/model/requirement.ts';
import { ok } from '../../core/model/result.ts';
import { parseStat } from './parse-stat.ts';
import { parseQuantity } from './quantity.ts';
import { look, nextWord, type Scanner, type Token, take } from './scanner.ts';
import { type Parsed, problem, shifted } from './text-problem.ts';

export interface LimitAt {
  readonly limit: Limit;
  readonly token: Token;
  readonly args: readonly Token[];
}

/** Words that may follow a number without being its unit. */
const KEYWORDS: ReadonlySet<string> = new Set(['and', 'in', 'over', 'while', 'after', 'per', 'x', 'of']);

/**
 *     limit := quantity | "baseline" [ "+" quantity ] | number "x" stat
 *     range := quantity "and" quantity                                     behind `between`
 */
export function parseLimit(scanner: Scanner): Parsed<LimitAt> {
  const baseline = take(scanner, /baseline\b/);
  if (baseline !== undefined) return parseBaseline(scanner, baseline);
  const factor = take(scanner, /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?=\s*[x×*]\s*[A-Za-z_])/);
  if (factor !== undefined) return parseMultiple(scanner, factor);
  const quantity = takeQuantity(scanner);
  if (!quantity.ok) return quantity;
  return ok({ limit: { kind: 'fixed', quantity: quantity.value.quantity }, token: quantity.value.token, args: [] });
}

export function parseRangeLimit(scanner: Scanner): Parsed<LimitAt> {
  const low = takeQuantity(scanner);
  if (!low.ok) return low;
  const and = take(scanner, /and\b/);
  if (and === undefined) {
    const found = nextWord(scanner);
    return problem('SPEC_RULE_SYNTAX', `\`between\` takes two quantities joined by \`and\``, {
      help: `write \`between ${low.value.token.text} and ...\``,
      from: found.from,
      to: found.to,
    });
  }
  const high = takeQuantity(scanner);
  if (!high.ok) return high;
  const token = {
    text: scanner.text.slice(low.value.token.from, high.value.token.to),
    from: low.value.token.from,
    to: high.value.token.to,
  };
  if (low.value.quantity.unit === high.value.quantity.unit && low.value.quantity.value > high.value.quantity.value) {
    return problem(
      'SPEC_RULE_IMPOSSIBLE',
      `nothing lies between ${low.value.token.text} and ${high.value.token.text}`,
      { help: 'the smaller quantity stands first', from: token.from, to: token.to },
    );
  }
  return ok({ limit: { kind: 'range', low: low.value.quantity, high: high.value.quantity }, token, args: [] });
}

function parseBaseline(scanner: Scanner, baseline: Token): Parsed<LimitAt> {
  const sign = take(scanner, /[+-]/);
  if (sign === undefined) {
    const found = look(scanner, /[^\s]+/);
    if (found !== undefined && !KEYWORDS.has(found.text))
      return problem('SPEC_RULE_SYNTAX', `\`+\` is wanted behind \`baseline\`, found \`${found.text}\``, {
        help: 'write `baseline + 10%`',
        from: found.from,
        to: found.to,
      });
    return ok({
      limit: { kind: 'baseline', plus: { value: 0, unit: 'ratio', text: '0%' } },
      token: baseline,
      args: [],
    });
  }
  const quantity = takeQuantity(scanner);
  if (!quantity.ok) return quantity;
  const plus = sign.text === '-' ? negative(quantity.value.quantity) : quantity.value.quantity;
  const to = quantity.value.token.to;
  return ok({
    limit: { kind: 'baseline', plus },
    token: { text: scanner.text.slice(baseline.from, to), from: baseline.from, to },
    args: [],
  });
}

function parseMultiple(scanner: Scanner, factor: Token): Parsed<LimitAt> {
  take(scanner, /[x×*]/);
  const stat = parseStat(scanner);
  if (!stat.ok) return stat;
  const to = stat.value.token.to;
  return ok({
    limit: { kind: 'multiple', factor: Number(factor.text), stat: stat.value.stat },
    token: { text: scanner.text.slice(factor.from, to), from: factor.from, to },
    args: stat.value.args,
  });
}

function takeQuantity(scanner: Scanner): Parsed<{ readonly quantity: Quantity; readonly token: Token }> {
  const number = take(scanner, /[^\s]+/);
  if (number === undefined || KEYWORDS.has(number.text)) {
    const at = number ?? nextWord(scanner);
    return problem(
      'SPEC_RULE_SYNTAX',
      `a quantity is wanted here, found ${number === undefined ? 'the end of the rule' : `\`${number.text}\``}`,
      { help: 'for example `300ms`, `0.1%` or `200/s`', from: at.from, to: at.to },
    );
  }
  const unit = /^[+-]?[\d.]+$/.test(number.text) ? look(scanner, /[^\s]+/) : undefined;
  const hasUnit = unit !== undefined && !KEYWORDS.has(unit.text);
  if (hasUnit) scanner.at = unit.to;
  const to = hasUnit ? unit.to : number.to;
  const text = scanner.text.slice(number.from, to);
  const quantity = shifted(parseQuantity(text), number.from, text.length);
  return quantity.ok ? ok({ quantity: quantity.value, token: { text, from: number.from, to } }) : quantity;
}

function negative(quantity: Quantity): Quantity {
  return { ...quantity, value: -quantity.value, text: `-${quantity.text}` };
}
