// `20s`, `1m30s`, `14d`: durations of the document outside rules.
import { ok } from '../../core/model/result.ts';
import { type Millis, millis } from '../../core/model/units.ts';
import { parseQuantity } from './quantity.ts';
import { type Parsed, problem, shifted } from './text-problem.ts';

/** Longest duration of a document: ten years, enough for any window and short enough for exact milliseconds. */
const LONGEST_MS = 10 * 366 * 24 * 3_600_000;

/** Reads a duration in ns, us, ms, s, m, h, d or w, also several in a row: `1h30m`. Never negative. */
export function parseDuration(text: string): Parsed<Millis> {
  const parts = /^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d|w)){2,}$/.test(text)
    ? [...text.matchAll(/[\d.]+[a-zµ]+/g)]
    : undefined;
  if (parts === undefined) return parseOne(text);
  let total = 0;
  for (const part of parts) {
    const one = parseOne(part[0]);
    if (!one.ok) return shifted(one, part.index, part[0].length);
    total += one.value;
  }
  return inRange(total, text);
}

function parseOne(text: string): Parsed<Millis> {
  const quantity = parseQuantity(text, ['ms']);
  if (!quantity.ok) return quantity;
  return inRange(quantity.value.value, text);
}

function inRange(value: number, text: string): Parsed<Millis> {
  if (value < 0) return problem('SPEC_VALUE_RANGE', `a duration is not negative, found \`${text}\``);
  if (value > LONGEST_MS) return problem('SPEC_VALUE_RANGE', `a duration is at most ten years, found \`${text}\``);
  return ok(millis(value));
}
