// Reads the values of `faultline load`'s flags; each says what was wanted when it cannot.
import { InvalidArgumentError } from 'commander';
import type { BareLoadOptions } from '../adapters/load/bare-load.ts';
import { OWN_HEADERS } from '../adapters/load/requests/http1-request.ts';
import { parseDuration } from '../spec/grammar/duration.ts';

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600 };

/** `127.0.0.1:8080/path` is taken for http://. */
export function parseUrl(text: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
}

/** `2000`, `2000/s`, `600/min`, or `max`. */
export function parseRate(text: string): BareLoadOptions['rate'] {
  if (text === 'max') return 'max';
  const [, count, unit = 's'] = /^(\d+(?:\.\d+)?)(?:\/(s|m|min|h))?$/.exec(text) ?? [];
  const rate = Number(count) / (SECONDS[unit] as number);
  if (!(rate > 0)) throw new InvalidArgumentError('wanted a rate above 0 such as 2000/s, or max');
  return rate;
}

export function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(count) || count < 1)
    throw new InvalidArgumentError('wanted a whole number >= 1');
  return count;
}

export function parseMillis(text: string): number {
  const duration = parseDuration(text);
  if (!duration.ok || !(duration.value > 0))
    throw new InvalidArgumentError('wanted a duration above 0 with its unit, such as 500ms, 10s or 2m');
  return duration.value;
}

/** Like `parseMillis`, and `0s` for none. */
export function parseMillisOrNone(text: string): number {
  return /^0+(?:ms|s|m|min|h)?$/.test(text) ? 0 : parseMillis(text);
}

export function parseMethod(text: string): string {
  if (!/^[A-Za-z]+$/.test(text)) throw new InvalidArgumentError('wanted an HTTP method such as GET');
  return text.toUpperCase();
}

/** One more `name: value`. */
export function collectHeader(
  text: string,
  before: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const [, name = '', value = ''] = /^([!#$%&'*+.^_`|~\w-]+)\s*:([\t -~\x80-\xff]*)$/.exec(text) ?? [];
  if (name === '') throw new InvalidArgumentError('wanted "name: value" on one line, in characters up to U+00FF');
  if (OWN_HEADERS.has(name.toLowerCase()))
    throw new InvalidArgumentError(`wanted a header of your own: the generator sends \`${name.toLowerCase()}\` itself`);
  // Given twice it is a list (RFC 9110, section 5.3), whatever the case of its name.
  const known = Object.keys(before).find((each) => each.toLowerCase() === name.toLowerCase());
  if (known === undefined) return { ...before, [name]: value.trim() };
  return { ...before, [known]: `${before[known]}${known.toLowerCase() === 'cookie' ? '; ' : ', '}${value.trim()}` };
}
