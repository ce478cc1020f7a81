// Numbers with their units as people read them: three significant digits, one scale for a whole interval.
import type { CanonicalUnit } from '../core/model/requirement.ts';

interface Scale {
  readonly factor: number;
  readonly suffix: string;
}

/** What stands for a number that is not there (NaN, infinite). */
const noNumber = '–';

/** A value in its canonical unit: `412 ms`, `1.24 s`, `2.34%`, `190/s`, `12.4 MiB`. Not finite: a dash. */
export function formatQuantity(value: number, unit: CanonicalUnit): string {
  if (!Number.isFinite(value)) return noNumber;
  const scale = scaleOf(Math.abs(value), unit);
  const scaled = value / scale.factor;
  return significant(scaled, unit === 'ratio' ? digitsOfShare(scaled) : 3) + scale.suffix;
}

/** Both bounds in one scale and with as many digits as tell them apart: `398–431 ms`, `-1.5 to 3.2 ms/h`. */
export function formatInterval(interval: readonly [number, number], unit: CanonicalUnit): string {
  const [low, high] = interval;
  if (!Number.isFinite(low) && !Number.isFinite(high)) return noNumber;
  if (!Number.isFinite(high)) return `≥ ${formatQuantity(low, unit)}`;
  if (!Number.isFinite(low)) return `≤ ${formatQuantity(high, unit)}`;
  const scale = scaleOf(Math.max(Math.abs(low), Math.abs(high)), unit);
  const width = Math.abs(high - low) / scale.factor;
  const decimals = Math.max(decimalsFor(high / scale.factor, 3), width > 0 ? decimalsFor(width, 2) : 0);
  const text = (value: number): string => trimmed((value / scale.factor).toFixed(Math.min(decimals, 8)));
  return `${text(low)}${low < 0 ? ' to ' : '–'}${text(high)}${scale.suffix}`;
}

/** A whole number with thousands marked: `48,013`. */
export function formatCount(value: number): string {
  return Number.isFinite(value) ? grouped(String(Math.round(value))) : noNumber;
}

/** Milliseconds: short for formatQuantity(value, 'ms'). */
export function formatMillis(value: number): string {
  return formatQuantity(value, 'ms');
}

/** A share 0..1 as a percentage. */
export function formatShare(value: number): string {
  return formatQuantity(value, 'ratio');
}

/** A plain number with three significant digits, never in exponent form. */
export function formatNumber(value: number): string {
  return formatQuantity(value, '');
}

const timeScales: readonly Scale[] = [
  { factor: 3_600_000, suffix: ' h' },
  { factor: 60_000, suffix: ' min' },
  { factor: 1000, suffix: ' s' },
  { factor: 1, suffix: ' ms' },
  { factor: 0.001, suffix: ' µs' },
];
const byteScales: readonly Scale[] = [
  { factor: 2 ** 30, suffix: ' GiB' },
  { factor: 2 ** 20, suffix: ' MiB' },
  { factor: 2 ** 10, suffix: ' KiB' },
  { factor: 1, suffix: ' B' },
];

function scaleOf(magnitude: number, unit: CanonicalUnit): Scale {
  switch (unit) {
    case 'ms':
      return timeScale(magnitude);
    case 'ms/h':
      return perHour(magnitude < 1000 ? { factor: 1, suffix: ' ms' } : { factor: 1000, suffix: ' s' });
    case 'B':
      return byteScale(magnitude);
    case 'B/h':
      return perHour(byteScale(magnitude));
    case 'ratio':
      return { factor: 0.01, suffix: '%' };
    case '/s':
      return { factor: 1, suffix: '/s' };
    case 'tok/s':
      return { factor: 1, suffix: ' tok/s' };
    case 'USD':
      return { factor: 1, suffix: ' USD' };
    case '':
      return { factor: 1, suffix: '' };
  }
}

/** Seconds stay seconds up to two minutes: limits are written so. Below a tenth of a millisecond microseconds read better. */
function timeScale(magnitude: number): Scale {
  if (magnitude === 0) return { factor: 1, suffix: ' ms' };
  const from = [7_200_000, 120_000, 1000, 0.1, 0];
  return timeScales[from.findIndex((limit) => magnitude >= limit)] ?? { factor: 1, suffix: ' ms' };
}

function byteScale(magnitude: number): Scale {
  return byteScales.find((scale) => magnitude >= scale.factor) ?? { factor: 1, suffix: ' B' };
}

const perHour = (scale: Scale): Scale => ({ factor: scale.factor, suffix: `${scale.suffix}/h` });

/** Shares close to 100% need the digits of what is missing: 99.95%, not 100%. */
function digitsOfShare(percent: number): number {
  const missing = 100 - percent;
  return percent > 90 && missing > 0 ? 2 + Math.min(4, Math.max(1, decimalsFor(missing, 2))) : 3;
}

function significant(value: number, digits: number): string {
  return grouped(trimmed(value.toFixed(decimalsFor(value, digits))));
}

/** Decimals that show `digits` significant digits; 0 for large numbers, at most 8. */
function decimalsFor(value: number, digits: number): number {
  if (value === 0) return 0;
  return Math.min(8, Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value)))));
}

const trimmed = (text: string): string => {
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return short === '-0' ? '0' : short;
};

/** Thousands marked from 10,000 on: 4-digit numbers read well without. */
const grouped = (text: string): string =>
  /^-?\d{5,}/.test(text)
    ? text.replace(/^(-?)(\d+)/, (_, sign, whole) => sign + whole.replace(/\B(?=(\d{3})+$)/g, ','))
    : text;
