// A limit's quantity against the statistic that it bounds: the unit fits, and the limit can both hold and fail.
import type { Comparison, Limit, Quantity } from '../../core/model/requirement.ts';
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

/** Limits that decide nothing: times below zero, shares of all or none. */
export function checkPossible(op: Comparison, limit: Limit, form: StatForm, token: Token): readonly TextProblem[] {
  const reason =
    limit.kind === 'fixed'
      ? impossible(op, limit.quantity, form)
      : limit.kind === 'range'
        ? impossibleRange(limit, form)
        : undefined;
  return reason === undefined
    ? []
    : [{ code: 'SPEC_RULE_IMPOSSIBLE', message: reason, from: token.from, to: token.to }];
}

/** The values that a statistic can have. Without an end it has none on that side. */
interface Scale {
  readonly noun: string;
  readonly least?: End;
  readonly most?: End;
  /** Never quite its least. */
  readonly isOpen?: true;
}

interface End {
  readonly value: number;
  readonly text: string;
}

const zero: End = { value: 0, text: 'zero' };

/** Statistics whose scale does not follow from their unit. `value` and `slope` are whatever their query counts. */
const SCALES: ReadonlyMap<string, Scale> = new Map<string, Scale>([
  ['value', { noun: 'a value' }],
  ['slope', { noun: 'a slope' }],
  ['apdex', { noun: 'a score', least: { value: 0, text: '0' }, most: { value: 1, text: '1' } }],
  ['amplification', { noun: 'an amplification', least: { value: 1, text: '1, as every call is made at least once' } }],
  // More can be spent than there is.
  ['remaining', { noun: 'what remains of a budget', most: { value: 1, text: '100%' } }],
  // Twice the capacity may carry more than twice as much.
  ['efficiency', { noun: 'an efficiency', least: { value: 0, text: '0%' } }],
]);

function scaleOf(form: StatForm, unit: Quantity['unit']): Scale {
  const own = form.kind === 'named' ? SCALES.get(form.name) : undefined;
  if (own !== undefined) return own;
  switch (unit) {
    case 'ratio':
      return { noun: 'a share', least: { value: 0, text: '0%' }, most: { value: 1, text: '100%' } };
    case 'ms':
      return { noun: 'a time', least: zero, isOpen: true };
    case 'USD':
      return { noun: 'a cost', least: zero };
    case '':
      return { noun: form.kind === 'named' ? `\`${form.name}\`` : 'a count', least: zero };
    default:
      return { noun: 'a rate', least: zero };
  }
}

function impossible(op: Comparison, { value, unit, text }: Quantity, form: StatForm): string | undefined {
  const scale = scaleOf(form, unit);
  const { noun, least, most, isOpen } = scale;
  const beyond = beyondScale({ value, text }, scale);
  if (beyond !== undefined) return beyond;
  if (value === most?.value && op === 'lte') return `${noun} never exceeds ${most.text}: this always holds`;
  if (value === most?.value && op === 'gt') return `${noun} never exceeds ${most.text}: this can never hold`;
  if (value !== least?.value) return undefined;
  if (op === 'gte') return `${noun} is never below ${least.text}: this always holds`;
  if (op === 'lt') return `${noun} is never below ${least.text}: this can never hold`;
  return isOpen && op !== 'gt' ? `nothing takes no time: \`${text}\` can never hold` : undefined;
}

function impossibleRange({ low, high }: Extract<Limit, { kind: 'range' }>, form: StatForm): string | undefined {
  const scale = scaleOf(form, high.unit);
  const beyond = beyondScale(low, scale) ?? beyondScale(high, scale);
  if (beyond !== undefined) return beyond;
  const isAll = low.value === scale.least?.value && high.value === scale.most?.value;
  if (isAll) return `${scale.noun} is never outside this range: it always holds`;
  return scale.isOpen && high.value === 0 ? `nothing takes no time: \`${high.text}\` can never hold` : undefined;
}

function beyondScale(
  { value, text }: Pick<Quantity, 'value' | 'text'>,
  { noun, least, most }: Scale,
): string | undefined {
  if (most !== undefined && value > most.value) return `${noun} never exceeds ${most.text}, found \`${text}\``;
  return least !== undefined && value < least.value
    ? `${noun} is never below ${least.text}, found \`${text}\``
    : undefined;
}
