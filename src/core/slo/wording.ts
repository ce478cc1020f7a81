// How numbers are said in explanations: short, with their unit, the same everywhere.
import type { CanonicalUnit } from '../model/requirement.ts';

/** 48013 as 48,013; fractions to one digit. */
export function sayCount(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
}

/** A share as a percentage with two or three telling digits: 2.3%, 0.05%, 100%. */
export function sayShare(share: number): string {
  return `${digits(share * 100)}%`;
}

/** A duration in milliseconds in its natural unit: 412 ms, 1.5 s, 12 min, 3.5 h, 28 d. */
export function sayDuration(ms: number): string {
  // Rounded first, so that 999.9 ms is 1 s.
  const size = Math.abs(Number(ms.toPrecision(3)));
  if (size < 0.001 && size > 0) return `${digits(ms * 1e6)} ns`;
  if (size < 1 && size > 0) return `${digits(ms * 1000)} us`;
  if (size < 1000) return `${digits(ms)} ms`;
  if (size < 120_000) return `${digits(ms / 1000)} s`;
  if (size < 7_200_000) return `${digits(ms / 60_000)} min`;
  if (size < 172_800_000) return `${digits(ms / 3_600_000)} h`;
  return `${digits(ms / 86_400_000)} d`;
}

/** A value in a canonical unit. */
export function sayQuantity(value: number, unit: CanonicalUnit): string {
  switch (unit) {
    case 'ms':
      return sayDuration(value);
    case 'ratio':
      return sayShare(value);
    case '/s':
      return `${digits(value)}/s`;
    case 'tok/s':
      return `${digits(value)} tok/s`;
    case 'USD':
      return `${digits(value)} USD`;
    case 'B':
      return sayBytes(value);
    case 'B/h':
      return `${sayBytes(value)}/h`;
    case 'ms/h':
      return `${sayDuration(value)}/h`;
    case '':
      return digits(value);
  }
}

/** A value with its interval: `412 ms (398-431)`; the unit is said once where all three share it. */
export function sayInterval(
  value: number,
  interval: readonly [number, number] | undefined,
  unit: CanonicalUnit,
): string {
  const said = sayQuantity(value, unit);
  if (interval === undefined) return said;
  const [low, high] = interval.map((bound) => sayQuantity(bound, unit)) as [string, string];
  const suffix = /[^\d.,-].*$/.exec(said)?.[0];
  const shared = suffix !== undefined && low.endsWith(suffix) && high.endsWith(suffix);
  return shared && !high.startsWith('-')
    ? `${said} (${low.slice(0, -suffix.length)}${low.startsWith('-') ? ' to ' : '-'}${high.slice(0, -suffix.length)})`
    : `${said} (${low} to ${high})`;
}

function sayBytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = value;
  let unit = 0;
  while (Math.abs(size) >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${digits(size)} ${units[unit]}`;
}

/** Three telling digits, whole numbers whole, no exponent, no trailing zeros. */
function digits(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'infinite' : Number.isNaN(value) ? 'not a number' : '-infinite';
  if (value === 0) return '0';
  const whole = Math.floor(Math.log10(Math.abs(value))) + 1;
  const decimals = Math.min(12, Math.max(0, 3 - whole));
  return value.toLocaleString('en-US', { maximumFractionDigits: decimals });
}
