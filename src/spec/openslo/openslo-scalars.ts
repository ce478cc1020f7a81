// OpenSLO's own scalars: its duration shorthand and budget targets.
import type * as z from 'zod';
import { ok } from '../../core/model/result.ts';
import { type Millis, millis } from '../../core/model/units.ts';
import { type Parsed, problem } from '../grammar/text-problem.ts';
import { scalar } from '../schema/scalars.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const UNITS: Readonly<Record<string, number>> = {
  m: MINUTE,
  h: 60 * MINUTE,
  d: DAY,
  w: 7 * DAY,
  M: 30 * DAY,
  Q: 91 * DAY,
  Y: 365 * DAY,
};

const form = {
  wanted: 'a duration such as 28d',
  pattern: '^[1-9][0-9]*[mhdwMQY]$|^\\$\\{',
  examples: ['28d', '5m'],
};

/** One integer and one of m h d w M Q Y; months are 30 days, quarters 91, years 365. */
export const sloDurationSchema: z.ZodType<Millis, string> = scalar(parseSloDuration, form);

/** How long an alert waits may be nothing: `0m` is the specification's own default. */
export const sloDelaySchema: z.ZodType<Millis, string> = scalar(
  (text) => (/^0[mhdwMQY]$/.test(text) ? ok(millis(0)) : parseSloDuration(text)),
  { wanted: 'a duration such as 5m, or 0m', pattern: '^(0|[1-9][0-9]*)[mhdwMQY]$|^\\$\\{', examples: ['5m', '0m'] },
);

/** A slice may be a plain number of minutes. */
export const sliceDurationSchema: z.ZodType<Millis, string | number> = scalar<Millis, string | number>(
  (text) => (/^[1-9]\d{0,5}$/.test(text) ? ok(millis(Number(text) * MINUTE)) : parseSloDuration(text)),
  { wanted: form.wanted, examples: ['1m', 5], type: ['string', 'number'] },
);

function parseSloDuration(text: string): Parsed<Millis> {
  const match = /^([1-9]\d{0,5})([mhdwMQY])$/.exec(text);
  if (match !== null) return ok(millis(Number(match[1]) * UNITS[match[2]!]!));
  if (/^\d+$/.test(text)) {
    const help = `write ${text}m for minutes or ${text}d for days`;
    return problem('SPEC_UNIT_MISSING', `\`${text}\` needs a unit: m, h, d, w, M, Q or Y`, { help });
  }
  const message = `an OpenSLO duration is a whole number and one of m, h, d, w, M, Q, Y; found \`${text}\``;
  return problem('SPEC_QUANTITY_SYNTAX', message, { help: 'for example 28d or 5m' });
}

/** A budget target as a share (`whole` 1) or in percent (100). */
export function targetSchema(whole: 1 | 100): z.ZodType<number, number> {
  return scalar<number, number>((text) => parseTarget(text, whole), { wanted: 'a target', type: 'number' });
}

function parseTarget(text: string, whole: 1 | 100): Parsed<number> {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value < whole) return ok(value);
  const isPercent = whole === 1 && value >= 1 && value < 100;
  const help = isPercent ? `write ${Number((value / 100).toPrecision(12))}, or \`targetPercent: ${text}\`` : undefined;
  return problem('SPEC_TARGET_RANGE', `a target must be at least 0 and below ${whole}, found ${text}`, { help });
}
