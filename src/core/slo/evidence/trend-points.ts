// A value over time, slice by slice, for telling whether it creeps: a percentile of the load, or a query.
import { mergeHistograms } from '../../model/histogram-data.ts';
import type { Requirement } from '../../model/requirement.ts';
import type { JudgeContext } from '../requirement-type.ts';
import { fewFailures, type NoEvidence } from './evidence.ts';
import { valueWithin } from './phase-estimate.ts';
import { groupsOf, phasesOf } from './scope.ts';
import { sliceGrid, staleness } from './series-slices.ts';
import { type AlignedSlice, alignedSlices } from './watch-evidence.ts';
import { worstOfRows } from './worst-of-rows.ts';

export interface TrendPoint {
  readonly atMs: number;
  /** Infinite where it falls among failed requests. */
  readonly value: number;
}

const minuteMs = 60_000;
/** The system warms up in the first tenth: its slope is not the one that is asked for. */
const settling = 0.1;

/** One minute, or a sixtieth of a run shorter than an hour. */
export function trendSliceMs(context: JudgeContext): number {
  const { window } = context.observations;
  return Math.min(minuteMs, Math.max(1, (window.end - window.start) / 60));
}

/** In time order, the first tenth left out. */
export function trendPoints(
  name: string,
  isOfLoad: boolean,
  requirement: Requirement,
  context: JudgeContext,
): readonly TrendPoint[] | NoEvidence {
  const all = isOfLoad ? loadPoints(name, requirement, context) : queryPoints(name, requirement, context);
  if ('reason' in all) return all;
  const first = all[0]?.atMs ?? 0;
  const last = all.at(-1)?.atMs ?? 0;
  return all.filter((point) => point.atMs >= first + settling * (last - first));
}

function loadPoints(name: string, requirement: Requirement, context: JudgeContext): readonly TrendPoint[] | NoEvidence {
  const { load } = context.observations;
  if (load === undefined) return { reason: 'no-data', message: 'no load was driven' };
  const slices = alignedSlices(groupsOf(load, requirement, phasesOf(requirement, context)));
  const points = gather(slices, trendSliceMs(context)).flatMap((part) => {
    const value = trendValue(name, part, context.evaluation.failuresCountAs === 'excluded');
    return value === undefined ? [] : [{ atMs: part[0]?.startMs ?? 0, value }];
  });
  return points.length > 0 ? points : { reason: 'no-data', message: 'no requests were sent' };
}

function gather(slices: readonly AlignedSlice[], sliceMs: number): readonly (readonly AlignedSlice[])[] {
  const parts = new Map<number, AlignedSlice[]>();
  for (const slice of slices) {
    const key = Math.floor(slice.startMs / sliceMs);
    const part = parts.get(key);
    if (part === undefined) parts.set(key, [slice]);
    else part.push(slice);
  }
  return [...parts.values()];
}

/** Infinite where the value falls among failed requests. */
function trendValue(name: string, part: readonly AlignedSlice[], excluded: boolean): number | undefined {
  const answered = mergeHistograms(part.map((slice) => slice.answered));
  const requests = part.reduce((sum, slice) => sum + slice.requests, 0);
  const lost = part.reduce((sum, slice) => sum + slice.failed, 0);
  if (requests === 0) return undefined;
  if (name === 'rate') return lost / requests;
  const failed = excluded ? 0 : lost;
  const samples = answered.count + failed;
  if (samples === 0) return undefined;
  if (name === 'mean')
    return failed > fewFailures || answered.count === 0
      ? Number.POSITIVE_INFINITY
      : answered.sum / answered.count / 1000;
  const value = valueWithin(answered, (Number(name.slice(1)) / 100) * samples);
  return value === undefined ? Number.POSITIVE_INFINITY : (value[0] + value[1]) / 2000;
}

function queryPoints(
  name: string,
  requirement: Requirement,
  context: JudgeContext,
): readonly TrendPoint[] | NoEvidence {
  const grid = sliceGrid(requirement, `${requirement.id}/${name}`, context);
  if ('reason' in grid) return grid;
  const values = worstOfRows(grid, false);
  const stale = staleness(grid, values);
  if (stale !== undefined) return stale;
  const origin = grid.ends[0] ?? 0;
  return values.flatMap((value, i) =>
    value === undefined ? [] : [{ atMs: (grid.ends[i] ?? origin) - origin, value }],
  );
}
