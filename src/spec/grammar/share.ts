// `95%` or 0.95: a share of a whole.
import { ok } from '../../core/model/result.ts';
import { type Ratio, ratio } from '../../core/model/units.ts';
import { parseQuantity } from './quantity.ts';
import { type Parsed, problem } from './text-problem.ts';

/** Reads a share written as percent or as a number between 0 and 1. */
export function parseShare(text: string): Parsed<Ratio> {
  const quantity = parseQuantity(text, ['ratio', '']);
  if (!quantity.ok) return quantity;
  const { value, unit } = quantity.value;
  if (value >= 0 && value <= 1) return ok(ratio(value));
  const help =
    unit === '' && value > 1 && value <= 100
      ? `write ${text.trim()}%, or ${Number((value / 100).toPrecision(12))}`
      : undefined;
  return problem('SPEC_VALUE_RANGE', `a share lies between 0 and 1 (0% and 100%), found \`${text.trim()}\``, { help });
}

/** A confidence: a share of at least a half and below one. */
export function parseConfidence(text: string): Parsed<Ratio> {
  const share = parseShare(text);
  if (!share.ok || (share.value >= 0.5 && share.value < 1)) return share;
  return problem('SPEC_VALUE_RANGE', `a confidence is at least 0.5 and below 1, found \`${text.trim()}\``, {
    help: '0.95 is usual',
  });
}
