// Evidence of errors from the server's request counters: increases by status code, slice by slice.
import type { Requirement } from '../../model/requirement.ts';
import type { JudgeContext } from '../requirement-type.ts';
import type { SliceCount } from '../statistics/design-effect.ts';
import { statusOf } from './bucket-evidence.ts';
import type { NoEvidence } from './evidence.ts';
import { sliceGrid, staleness } from './series-slices.ts';

export interface StatusSlices {
  /** `bad`: requests whose status counts as failed. */
  readonly slices: readonly SliceCount[];
  readonly sliceMs: number;
}

/** Series without a status label count as answered well. A negative increase is a lost counter: `stale-data`. */
export function statusEvidence(
  requirement: Requirement,
  key: string,
  context: JudgeContext,
  isFailed: (status: string) => boolean,
): StatusSlices | NoEvidence {
  const grid = sliceGrid(requirement, key, context);
  if ('reason' in grid) return grid;
  const totals = grid.ends.map((_, slice) => sum(grid.rows.map((row) => row.values[slice])));
  const stale = staleness(grid, totals);
  if (stale !== undefined) return stale;
  if (grid.rows.some((row) => row.values.some((value) => value !== undefined && value < 0)))
    return {
      reason: 'stale-data',
      message: 'a counter went backwards during the run: the process restarted and lost its counts',
    };
  const failed = grid.rows.filter((row) => isFailed(statusOf(row.labels) ?? ''));
  const slices = grid.ends.map((_, slice) => ({
    requests: totals[slice] ?? 0,
    bad: sum(failed.map((row) => row.values[slice])) ?? 0,
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
