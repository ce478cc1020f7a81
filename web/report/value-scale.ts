// Where a value, its interval and its limit stand on a little bar.
import type { ClauseVerdict } from '../../src/core/model/verdict.ts';

/** Positions 0..1 from left to right. */
export interface ValueScale {
  readonly value: number;
  readonly interval: readonly [number, number] | undefined;
  readonly limit: number;
  /** The stretch that breaks the limit. */
  readonly broken: readonly [number, number];
}

/**
 * Undefined when there is no value or no single limit to draw. The bar starts at zero unless everything lies close together far from it (99.9% against
 * 99.95%), where zero would hide the difference.
 */
export function valueScale(clause: ClauseVerdict): ValueScale | undefined {
  const { observed, limit } = clause;
  if (observed === undefined || !isNumber(limit) || !isNumber(observed.value)) return undefined;
  const interval = isInterval(observed.interval) ? observed.interval : undefined;
  const points = [observed.value, limit, ...(interval ?? [])];
  const low = Math.min(...points);
  const high = Math.max(...points);
  if (high === low && high === 0) return undefined;
  const isClose = low > 0.6 * high;
  const from = low < 0 || isClose ? low - Math.max(high - low, Math.abs(high) * 0.01) * 0.6 : 0;
  const to = isClose ? high + Math.max(high - low, Math.abs(high) * 0.01) * 0.6 : high + (high - from) * 0.15;
  const at = (value: number): number => (value - from) / (to - from);
  const isUpper = !/>/.test(clause.clause);
  return {
    value: at(observed.value),
    interval: interval === undefined ? undefined : [at(interval[0]), at(interval[1])],
    limit: at(limit),
    broken: isUpper ? [at(limit), 1] : [0, at(limit)],
  };
}

const isNumber = (value: number | null | undefined): value is number =>
  typeof value === 'number' && Number.isFinite(value);

const isInterval = (pair: readonly [number, number] | undefined): pair is readonly [number, number] =>
  pair !== undefined && isNumber(pair[0]) && isNumber(pair[1]);
