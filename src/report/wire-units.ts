// Units on the wire: the result document writes time in seconds, as Prometheus and OpenTelemetry do.
import type { CanonicalUnit } from '../core/model/requirement.ts';

export type WireUnit = 's' | 'ratio' | '/s' | 'B' | 'tok/s' | 'USD' | 's/h' | 'B/h' | '';

/** The unit in which the result document writes a value of `unit`. */
export function wireUnit(unit: CanonicalUnit): WireUnit {
  if (unit === 'ms') return 's';
  return unit === 'ms/h' ? 's/h' : unit;
}

/** The value in its wire unit, without the noise of floating point (12 significant digits); what is not finite is null. */
export function wireValue(value: number, unit: CanonicalUnit): number | null {
  if (!Number.isFinite(value)) return null;
  return Number((unit === 'ms' || unit === 'ms/h' ? value / 1000 : value).toPrecision(12));
}

export function wirePair(
  pair: readonly [number, number],
  unit: CanonicalUnit,
): readonly [number | null, number | null] {
  return [wireValue(pair[0], unit), wireValue(pair[1], unit)];
}
