// The units of the language: how they are written and what they are inside (time in ms, size in B, rates per second, shares 0..1).
import type { CanonicalUnit } from '../../core/model/requirement.ts';

export interface Unit {
  readonly canonical: CanonicalUnit;
  /** The written number times this is the canonical number. */
  readonly factor: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Written unit to canonical unit. */
export const units: ReadonlyMap<string, Unit> = new Map<string, Unit>([
  ['', { canonical: '', factor: 1 }],
  ['ns', { canonical: 'ms', factor: 1e-6 }],
  ['us', { canonical: 'ms', factor: 1e-3 }],
  ['µs', { canonical: 'ms', factor: 1e-3 }],
  ['ms', { canonical: 'ms', factor: 1 }],
  ['s', { canonical: 'ms', factor: SECOND }],
  ['m', { canonical: 'ms', factor: MINUTE }],
  ['h', { canonical: 'ms', factor: HOUR }],
  ['d', { canonical: 'ms', factor: 24 * HOUR }],
  ['w', { canonical: 'ms', factor: 7 * 24 * HOUR }],
  ['%', { canonical: 'ratio', factor: 0.01 }],
  ['/s', { canonical: '/s', factor: 1 }],
  ['/min', { canonical: '/s', factor: 1 / 60 }],
  ['/h', { canonical: '/s', factor: 1 / 3600 }],
  ['B', { canonical: 'B', factor: 1 }],
  ['kB', { canonical: 'B', factor: 1e3 }],
  ['MB', { canonical: 'B', factor: 1e6 }],
  ['GB', { canonical: 'B', factor: 1e9 }],
  ['KiB', { canonical: 'B', factor: 1024 }],
  ['MiB', { canonical: 'B', factor: 1024 ** 2 }],
  ['GiB', { canonical: 'B', factor: 1024 ** 3 }],
  ['tok/s', { canonical: 'tok/s', factor: 1 }],
  ['USD', { canonical: 'USD', factor: 1 }],
  ['us/h', { canonical: 'ms/h', factor: 1e-3 }],
  ['ms/h', { canonical: 'ms/h', factor: 1 }],
  ['s/h', { canonical: 'ms/h', factor: SECOND }],
  ['B/h', { canonical: 'B/h', factor: 1 }],
  ['KiB/h', { canonical: 'B/h', factor: 1024 }],
  ['MiB/h', { canonical: 'B/h', factor: 1024 ** 2 }],
  ['GiB/h', { canonical: 'B/h', factor: 1024 ** 3 }],
]);

/** Written forms of each canonical unit, for messages: `ms` is offered as ms, s, m, h. */
export const writtenUnits: Readonly<Record<CanonicalUnit, string>> = {
  ms: 'ms, s, m or h',
  ratio: '%',
  '/s': '/s, /min or /h',
  B: 'B, KiB, MiB or GiB',
  'tok/s': 'tok/s',
  USD: 'USD',
  'ms/h': 'ms/h',
  'B/h': 'MiB/h',
  '': 'no unit',
};

/** What people write instead, and what they mean. */
const synonyms: ReadonlyMap<string, string> = new Map([
  ['sec', 's'],
  ['secs', 's'],
  ['second', 's'],
  ['seconds', 's'],
  ['min', 'm'],
  ['mins', 'm'],
  ['minute', 'm'],
  ['minutes', 'm'],
  ['hour', 'h'],
  ['hours', 'h'],
  ['hr', 'h'],
  ['day', 'd'],
  ['days', 'd'],
  ['week', 'w'],
  ['weeks', 'w'],
  ['msec', 'ms'],
  ['msecs', 'ms'],
  ['millis', 'ms'],
  ['milliseconds', 'ms'],
  ['usec', 'us'],
  ['micros', 'us'],
  ['rps', '/s'],
  ['qps', '/s'],
  ['tps', '/s'],
  ['req/s', '/s'],
  ['requests/s', '/s'],
  ['/sec', '/s'],
  ['/second', '/s'],
  ['per second', '/s'],
  ['rpm', '/min'],
  ['/m', '/min'],
  ['/minute', '/min'],
  ['/hour', '/h'],
  ['percent', '%'],
  ['pct', '%'],
  ['bytes', 'B'],
  ['kb', 'KiB'],
  ['mb', 'MiB'],
  ['gb', 'GiB'],
  ['mi', 'MiB'],
  ['gi', 'GiB'],
  ['ki', 'KiB'],
  ['tokens/s', 'tok/s'],
  ['tps/user', 'tok/s'],
  ['$', 'USD'],
  ['usd', 'USD'],
  ['dollar', 'USD'],
  ['dollars', 'USD'],
]);

/** The unit that a misspelt one probably means: `sec` is `s`, `MS` is `ms`. */
export function unitMeantBy(written: string): string | undefined {
  const lower = written.toLowerCase();
  const sameLetters = [...units.keys()].find((unit) => unit !== '' && unit.toLowerCase() === lower);
  return synonyms.get(lower) ?? sameLetters;
}
