// Scalars with a grammar of their own, as schemas: what the reader accepts and what an editor completes come from the same line.
import * as z from 'zod';
import { ok } from '../../core/model/result.ts';
import { type Millis, millis, type PerSecond, type Ratio } from '../../core/model/units.ts';
import { parseDuration } from '../grammar/duration.ts';
import { parseDurationRange, parseRate, parseRateRange, type RateRange } from '../grammar/pace.ts';
import { parseConfidence, parseShare } from '../grammar/share.ts';
import { type Parsed, problem } from '../grammar/text-problem.ts';
import type { DurationText, RateText, ShareText } from '../verification-document.ts';

interface ScalarForm {
  /** Completes "wanted ...": `a duration such as 30s`. */
  readonly wanted: string;
  /** For editors; the parser decides. */
  readonly pattern?: string;
  readonly examples?: readonly (string | number)[];
  readonly type?: string | readonly string[];
}

/** A schema whose texts (and bare numbers, as text) are read by `parse`; problems keep their place inside the text. */
export function scalar<T, Input = string>(parse: (text: string) => Parsed<T>, form: ScalarForm): z.ZodType<T, Input> {
  const { wanted, type = 'string', ...rest } = form;
  const schema = z.unknown().transform((value, context) => {
    const text = typeof value === 'number' ? String(value) : value;
    const parsed = typeof text === 'string' ? parse(text) : problem('SPEC_TYPE_WRONG', wanted);
    if (parsed.ok) return parsed.value;
    const { message, ...place } = parsed.error;
    context.issues.push({
      code: 'custom',
      message,
      input: value,
      params: typeof text === 'string' ? place : { wanted },
    });
    return z.NEVER;
  });
  // The input type is stated here because the schema takes any scalar in order to say what is wrong with it.
  return schema.meta({ type: type as 'string', description: upperFirst(wanted), ...rest }) as unknown as z.ZodType<
    T,
    Input
  >;
}

const DURATION = '^(\\d+(\\.\\d+)?(ns|us|ms|s|m|h|d|w))+$|^\\$\\{';
const RATE = '\\d+(\\.\\d+)?/(s|min|h)';

export const durationSchema: z.ZodType<Millis, DurationText> = scalar(parseDuration, {
  wanted: 'a duration such as 30s',
  pattern: DURATION,
  examples: ['30s', '5m'],
});

export const positiveDurationSchema: z.ZodType<Millis, DurationText> = scalar(
  (text) => {
    const duration = parseDuration(text);
    if (duration.ok && duration.value <= 0)
      return problem('SPEC_VALUE_RANGE', `a duration above zero is wanted, found \`${text}\``);
    return duration;
  },
  { wanted: 'a duration such as 30s', pattern: DURATION, examples: ['30s', '5m'] },
);

export const durationRangeSchema: z.ZodType<
  { readonly min: Millis; readonly max: Millis },
  DurationText | `${DurationText}..${DurationText}`
> = scalar(parseDurationRange, {
  wanted: 'a duration or a range such as 1s..3s',
  examples: ['1s', '1s..3s'],
});

export const rateSchema: z.ZodType<PerSecond, RateText> = scalar(parseRate, {
  wanted: 'a rate such as 200/s',
  pattern: `^${RATE}$|^\\$\\{`,
  examples: ['200/s'],
});

export const rateRangeSchema: z.ZodType<RateRange, RateText | `${RateText}..${RateText}`> = scalar(parseRateRange, {
  wanted: 'a rate such as 200/s, or a ramp such as 5/s..200/s',
  pattern: `^${RATE}(\\.\\.${RATE})?$|^\\$\\{`,
  examples: ['200/s', '5/s..200/s'],
});

export const shareSchema: z.ZodType<Ratio, ShareText> = scalar(parseShare, {
  wanted: 'a share such as 95%',
  examples: ['95%', 0.95],
  type: ['string', 'number'],
});

export const confidenceSchema: z.ZodType<Ratio, ShareText> = scalar(parseConfidence, {
  wanted: 'a confidence such as 0.95',
  examples: [0.95, '99%'],
  type: ['string', 'number'],
});

/** A name that fits into URLs, metric labels and file names. */
export const nameSchema: z.ZodType<string, string> = scalar(parseName, {
  wanted: 'a name such as checkout-peak',
  pattern: '^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$',
});

/** An absolute http(s) URL. */
export const urlSchema: z.ZodType<string, string> = scalar(parseUrl, {
  wanted: 'an absolute http(s) URL such as http://127.0.0.1:8080',
  examples: ['http://127.0.0.1:8080'],
});

/** `20s`, or so many scrapes of the metric source. */
export type SettleTime =
  | { readonly kind: 'time'; readonly duration: Millis }
  | { readonly kind: 'scrapes'; readonly count: number };

export const settleSchema: z.ZodType<SettleTime, DurationText | `${number} scrapes`> = scalar(
  (text) => {
    const scrapes = /^(\d{1,3})\s+scrapes?$/.exec(text.trim());
    if (scrapes !== null) return ok<SettleTime>({ kind: 'scrapes', count: Number(scrapes[1]) });
    const duration = parseDuration(text);
    return duration.ok ? ok<SettleTime>({ kind: 'time', duration: millis(duration.value) }) : duration;
  },
  { wanted: 'a duration such as 20s, or `2 scrapes`', examples: ['20s', '2 scrapes'] },
);

function parseName(text: string): Parsed<string> {
  if (/^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/.test(text)) return ok(text);
  const help =
    text.length > 63
      ? 'at most 63 characters'
      : 'letters, digits, `-`, `_` and `.`, beginning and ending with a letter or digit';
  const bad = text.search(/[^A-Za-z0-9_.-]/);
  return problem('SPEC_NAME_FORMAT', `\`${text.slice(0, 80)}\` is not a name`, {
    help,
    ...(bad === -1 ? {} : { from: bad, to: bad + 1 }),
  });
}

function parseUrl(text: string): Parsed<string> {
  // A reference that could not be filled in has been complained about.
  if (text.includes('${')) return ok(text);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && (url.protocol === 'http:' || url.protocol === 'https:')) return ok(text.replace(/\/+$/, ''));
  const help = /^[\w.-]+(:\d+)?(\/|$)/.test(text) ? `write http://${text}` : undefined;
  return problem('SPEC_URL_FORMAT', `an absolute http(s) URL is wanted, found \`${text.slice(0, 120)}\``, { help });
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
