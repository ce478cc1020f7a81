// Evidence of errors from the server's request counters: increases by status code, slice by slice.
import type { Requirement } from '../../model/requirement.ts';
import type { JudgeContext } from '../requirement-type.ts';
import type { SliceCount } from '../statistics/design-effect.ts';
import type { NoEvidence } from './evidence.ts';
import { sliceGrid, staleness } from './series-slices.ts';
import { statusOf, withoutStatus } from './status-label.ts';

export interface StatusSlices {
  /** `bad`: requests whose status counts as failed. */
  readonly slices: readonly SliceCount[];
  readonly sliceMs: number;
}

/**
 * Without `isFailed` all are counted alike. Beside series with a status, one without is of requests that got no reply: `isFailed` is asked about undefined. Where no series has a status nothing is known of failures. A negative increase is a
 * lost counter: `stale-data`.
 */
export function statusEvidence(
  requirement: Requirement,
  key: string,
  context: JudgeContext,
  isFailed: ((status: string | undefined) => boolean) | undefined,
): StatusSlices | NoEvidence {
  const grid = sliceGrid(requirement, key, context);
  if ('reason' in grid) return grid;
  // A series that is NaN in a slice may hold any number of requests.
  const isUnknown = (slice: number): boolean => [...grid.rows, ...grid.blank].some(({ nan }) => nan.has(slice));
  const totals = grid.ends.map((_, slice) =>
    isUnknown(slice) ? undefined : sum(grid.rows.map((row) => row.values[slice])),
  );
  const stale = staleness(grid, totals);
  if (stale !== undefined) return stale;
  if (
    grid.rows.some((row) =>
      row.values.some((value) => value !== undefined && !(value >= 0 && value < Number.POSITIVE_INFINITY)),
    )
  )
    return {
      reason: 'stale-data',
      message: 'a counter went backwards during the run: the process restarted and lost its counts',
    };
  if (isFailed !== undefined && grid.rows.every((row) => statusOf(row.labels) === undefined))
    return withoutStatus(grid.rows);
  const failed = grid.rows.filter((row) => isFailed?.(statusOf(row.labels)));
  const slices = grid.ends.map((_, slice) => ({
    requests: totals[slice] ?? 0,
    bad: totals[slice] === undefined ? 0 : (sum(failed.map((row) => row.values[slice])) ?? 0),
    stratum: grid.phases[slice] ?? '',
  }));
  if (slices.every((slice) => slice.requests === 0))
    return { reason: 'no-data', message: 'the server counted no requests' };
  return { slices, sliceMs: grid.sliceMs };
}

function sum(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0);
}
