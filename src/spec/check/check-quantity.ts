// A limit's quantity against the statistic that it bounds: the unit fits, and the limit can both hold and fail.
import type { Comparison, Quantity } from '../../core/model/requirement.ts';
import type { StatForm } from '../../core/slo/requirement-type.ts';
import { describeUnits, parseQuantity } from '../grammar/quantity.ts';
import type { Token } from '../grammar/scanner.ts';
import type { TextProblem } from '../grammar/text-problem.ts';

/** The unit is one that the statistic is measured in. */
export function checkUnit(quantity: Quantity, form: StatForm, token: Token): readonly TextProblem[] {
  if (form.units.includes(quantity.unit)) return [];
  const place = { from: token.from, to: token.to };
  if (quantity.unit === '') {
    const asked = parseQuantity(quantity.text, form.units);
    return asked.ok ? [] : [{ ...asked.error, ...place }];
  }
  const isPlain = form.units.every((unit) => unit === '');
  const message = isPlain
    ? `no unit is wanted here, found \`${quantity.text}\``
    : `the unit must be ${describeUnits(form.units)}; found \`${quantity.text}\``;
  return [{ code: 'SPEC_RULE_UNIT', message, ...(isPlain ? { help: 'write the number alone' } : {}), ...place }];
}

/** Limits that decide nothing: times below zero, shares of all or none. Shares are only bounded by 100% where the statistic is nothing but a share. */
export function checkPossible(
  op: Comparison,
  { value, unit, text }: Quantity,
  form: StatForm,
  token: Token,
): readonly TextProblem[] {
  const isUpper = op === 'lte' || op === 'lt';
  const reason = hasScore(form)
    ? impossibleScore(op, value, text)
    : isNamed(form, 'amplification')
      ? impossibleAmplification(op, value, text)
      : unit === 'ratio' && form.units.length === 1
        ? impossibleShare(op, value, text)
        : impossibleAmount(isUpper, value, unit, text);
  return reason === undefined
    ? []
    : [{ code: 'SPEC_RULE_IMPOSSIBLE', message: reason, from: token.from, to: token.to }];
}

const isNamed = (form: StatForm, name: string): boolean => form.kind === 'named' && form.name === name;
const hasScore = (form: StatForm): boolean => isNamed(form, 'apdex');

/** Apdex is the mean of 0, a half and 1. */
function impossibleScore(op: Comparison, value: number, text: string): string | undefined {
  return impossibleShare(op, value, text)
    ?.replace('a share never exceeds 100%', 'a score never exceeds 1')
    .replaceAll('share', 'score')
    .replaceAll('100%', '1')
    .replaceAll('0%', '0');
}

/** Every call is made once. */
function impossibleAmplification(op: Comparison, value: number, text: string): string | undefined {
  if (op === 'lte' || op === 'lt')
    return value < 1 || (value === 1 && op === 'lt')
      ? `every call is made at least once: \`${text}\` can never hold`
      : undefined;
  if (op !== 'gte' && op !== 'gt') return undefined;
  return value < 1 || (value === 1 && op === 'gte')
    ? `every call is made at least once: \`${text}\` always holds`
    : undefined;
}

function impossibleShare(op: Comparison, value: number, text: string): string | undefined {
  if (value > 1) return `a share never exceeds 100%, found \`${text}\``;
  if (value < 0) return `a share is never below 0%, found \`${text}\``;
  if (value === 1 && op === 'lte') return 'every share is at most 100%: this always holds';
  if (value === 1 && op === 'gt') return 'no share exceeds 100%: this can never hold';
  if (value === 0 && op === 'gte') return 'every share is at least 0%: this always holds';
  return value === 0 && op === 'lt' ? 'no share is below 0%: this can never hold' : undefined;
}

function impossibleAmount(isUpper: boolean, value: number, unit: Quantity['unit'], text: string): string | undefined {
  if (value < 0 && (unit === 'ms' || unit === '/s' || unit === 'B' || unit === 'tok/s'))
    return `nothing is below zero, found \`${text}\``;
  return unit === 'ms' && value === 0 && isUpper ? `nothing takes no time: \`${text}\` can never hold` : undefined;
}
