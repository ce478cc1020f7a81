// One-sided bounds outside rules: `<= 0.1%`, `p99 <= 20ms`, `errorRate > 50% for 10s`.
import type { CanonicalUnit, Quantity } from '../../core/model/requirement.ts';
import { ok } from '../../core/model/result.ts';
import type { Millis } from '../../core/model/units.ts';
import { parseDuration } from './duration.ts';
import { parseQuantity } from './quantity.ts';
import { nextWord, scan, take } from './scanner.ts';
import { type Parsed, problem, shifted } from './text-problem.ts';

export type BoundOperator = 'lte' | 'lt' | 'gte' | 'gt';

export interface Bound {
  readonly op: BoundOperator;
  readonly quantity: Quantity;
}

const OPERATORS: Readonly<Record<string, BoundOperator>> = { '<=': 'lte', '<': 'lt', '>=': 'gte', '>': 'gt' };

interface BoundForm {
  readonly units?: readonly CanonicalUnit[];
  /** The word in front, if the form has one: `p99`. */
  readonly subject?: string;
  /** The operators that make sense here. */
  readonly operators: readonly BoundOperator[];
  /** A complete example for help. */
  readonly example: string;
}

/** `[subject] op quantity`. */
export function parseBound(text: string, form: BoundForm): Parsed<Bound> {
  const scanner = scan(text);
  if (form.subject !== undefined && take(scanner, new RegExp(form.subject)) === undefined) {
    const found = nextWord(scanner);
    return problem(
      'SPEC_RULE_SYNTAX',
      `\`${form.subject}\` is wanted here, found ${found.text === '' ? 'nothing' : `\`${found.text}\``}`,
      { help: `write \`${form.example}\``, from: found.from, to: found.to },
    );
  }
  const op = take(scanner, /[<>=!≤≥]+/);
  const operator = op === undefined ? undefined : OPERATORS[op.text];
  if (operator === undefined || !form.operators.includes(operator)) {
    const found = op ?? nextWord(scanner);
    const wanted = Object.keys(OPERATORS)
      .filter((sign) => form.operators.includes(OPERATORS[sign]!))
      .join(' or ');
    return problem(
      'SPEC_RULE_SYNTAX',
      `${wanted} is wanted here, found ${found.text === '' ? 'nothing' : `\`${found.text}\``}`,
      { help: `write \`${form.example}\``, from: found.from, to: found.to },
    );
  }
  const from = op!.to + (scanner.text.slice(op!.to).length - scanner.text.slice(op!.to).trimStart().length);
  const rest = text.slice(from);
  const quantity = shifted(parseQuantity(rest, form.units), from, rest.length);
  return quantity.ok ? ok({ op: operator, quantity: quantity.value }) : quantity;
}

export type AbortRule =
  | { readonly kind: 'errorRate'; readonly above: number; readonly for: Millis }
  | { readonly kind: 'p99'; readonly above: Millis; readonly for: Millis };

/** `errorRate > 50% for 10s` or `p99 > 30s for 10s`. */
export function parseAbortRule(text: string): Parsed<AbortRule> {
  const match = /^(\s*)(\S+)(\s.*?)(?:\sfor\s+(\S+)\s*)?$/.exec(text);
  const subject = match?.[2];
  const example = 'errorRate > 50% for 10s';
  if (match === null || (subject !== 'errorRate' && subject !== 'p99')) {
    return problem('SPEC_RULE_SYNTAX', `a safety limit is on \`errorRate\` or \`p99\`, found \`${text.trim()}\``, {
      help: `write \`${example}\` or \`p99 > 30s for 10s\``,
    });
  }
  const offset = match[1]!.length + subject.length;
  const middle = match[3]!;
  const bound = shifted(
    parseBound(middle, {
      units: subject === 'p99' ? ['ms'] : ['ratio'],
      operators: ['gt', 'gte'],
      example: '> 50% for 10s',
    }),
    offset,
    middle.length,
  );
  if (!bound.ok) return bound;
  if (match[4] === undefined)
    return problem('SPEC_RULE_SYNTAX', 'a safety limit says for how long it must be broken', {
      help: `write \`${text.trim()} for 10s\``,
    });
  const at = text.lastIndexOf(match[4]);
  const duration = shifted(parseDuration(match[4]), at, match[4].length);
  if (!duration.ok) return duration;
  const { value } = bound.value.quantity;
  return ok(
    subject === 'p99'
      ? { kind: 'p99', above: value as Millis, for: duration.value }
      : { kind: 'errorRate', above: value, for: duration.value },
  );
}
