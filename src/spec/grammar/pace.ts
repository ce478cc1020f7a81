// `200/s`, `5/s..200/s`: how fast journeys start; `1s..3s`: how long a user thinks.
import { ok } from '../../core/model/result.ts';
import { type Millis, type PerSecond, perSecond } from '../../core/model/units.ts';
import { parseDuration } from './duration.ts';
import { parseQuantity } from './quantity.ts';
import { type Parsed, problem, shifted } from './text-problem.ts';

export interface RateRange {
  readonly from: PerSecond;
  readonly to: PerSecond;
}

/** One rate: `200/s`, `12000/min`. */
export function parseRate(text: string): Parsed<PerSecond> {
  const quantity = parseQuantity(text, ['/s']);
  if (!quantity.ok) return quantity;
  if (quantity.value.value < 0) return problem('SPEC_VALUE_RANGE', `a rate is not negative, found \`${text}\``);
  return ok(perSecond(quantity.value.value));
}

/** A level or a ramp: `200/s` or `5/s..200/s`. */
export function parseRateRange(text: string): Parsed<RateRange> {
  const range = parseRange(text, parseRate);
  return range.ok ? ok({ from: range.value.low, to: range.value.high }) : range;
}

/** A fixed time or a uniform range of it: `1s` or `1s..3s`. */
export function parseDurationRange(text: string): Parsed<{ readonly min: Millis; readonly max: Millis }> {
  const range = parseRange(text, parseDuration);
  if (!range.ok) return range;
  const { low, high } = range.value;
  if (low > high) return problem('SPEC_VALUE_RANGE', `the shorter time stands first, found \`${text}\``);
  return ok({ min: low, max: high });
}

function parseRange<T>(
  text: string,
  parse: (text: string) => Parsed<T>,
): Parsed<{ readonly low: T; readonly high: T }> {
  const dots = text.indexOf('..');
  if (dots === -1) {
    const single = parse(text);
    return single.ok ? ok({ low: single.value, high: single.value }) : single;
  }
  const first = text.slice(0, dots);
  const low = parse(first);
  if (!low.ok) return shifted(low, 0, first.length);
  const second = text.slice(dots + 2);
  const blanks = second.length - second.trimStart().length;
  const high = parse(second.trimStart());
  return high.ok ? ok({ low: low.value, high: high.value }) : shifted(high, dots + 2 + blanks, second.trim().length);
}
