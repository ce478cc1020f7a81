// Canonical numbers back into the units people write: 300000 ms is `5m`.
import type { CanonicalUnit } from '../../core/model/requirement.ts';

const TIMES: readonly (readonly [number, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1000, 's'],
];

/** A duration in the largest unit that keeps it whole: `90s`, `5m`, `14d`, `0.5ms`. */
export function printDuration(ms: number): string {
  const whole = ms === 0 ? undefined : TIMES.find(([factor]) => ms % factor === 0);
  return whole === undefined ? `${plain(ms)}ms` : `${ms / whole[0]}${whole[1]}`;
}

/** A rate a second, or a minute where that is whole and a second is not. */
export function printRate(perSecond: number): string {
  const perMinute = Number((perSecond * 60).toPrecision(12));
  return Number.isInteger(perSecond) || !Number.isInteger(perMinute) ? `${plain(perSecond)}/s` : `${perMinute}/min`;
}

export function printShare(share: number): string {
  return `${plain(share * 100)}%`;
}

/** A number in its canonical unit, as the rule grammar reads it. */
export function printQuantity(value: number, unit: CanonicalUnit): string {
  switch (unit) {
    case 'ms':
      return printDuration(value);
    case 'ratio':
      return printShare(value);
    case '/s':
      return printRate(value);
    case 'B':
      return printBytes(value);
    case 'USD':
    case 'tok/s':
      return `${plain(value)} ${unit}`;
    case 'B/h':
      return `${printBytes(value)}/h`;
    default:
      return `${plain(value)}${unit}`;
  }
}

function printBytes(bytes: number): string {
  const unit = (
    [
      ['GiB', 1024 ** 3],
      ['MiB', 1024 ** 2],
      ['KiB', 1024],
    ] as const
  ).find(([, factor]) => bytes !== 0 && bytes % factor === 0);
  return unit === undefined ? `${plain(bytes)}B` : `${bytes / unit[1]}${unit[0]}`;
}

/** Without the noise of binary fractions and without an exponent that the grammar would not need. */
function plain(value: number): string {
  return String(Number(value.toPrecision(15)));
}
