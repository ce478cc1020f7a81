// A query's answer laid on the grid of slices that was asked for: what is missing shows.
import type { SeriesObservation } from '../../model/observations.ts';
import type { Requirement } from '../../model/requirement.ts';
import type { Labels, Series } from '../../model/series.ts';
import type { JudgeContext } from '../requirement-type.ts';
import { sayDuration } from '../wording.ts';
import type { NoEvidence } from './evidence.ts';
import { phasesOf, phaseWindows } from './scope.ts';

/** One series on the grid: a value a slice, undefined where none came (or NaN). It may be infinite: a share of nothing, an overflowing rate. */
export interface SliceRow {
  readonly labels: Labels;
  readonly values: readonly (number | undefined)[];
  /** Slices in which the answer was NaN, not missing. */
  readonly nan: ReadonlySet<number>;
}

export interface SliceGrid {
  /** End of each slice in epoch milliseconds, within the requirement's phases. */
  readonly ends: readonly number[];
  readonly sliceMs: number;
  readonly rows: readonly SliceRow[];
  /** Series that were answered with nothing but NaN. */
  readonly blank: readonly SliceRow[];
  /** Phase of each slice; empty texts without a load. */
  readonly phases: readonly string[];
}

/** A scrape may be lost now and then; a longer hole hides what happened in it. */
const longestHole = 2;
/** Share of slices that may be missing altogether. */
const mostMissing = 0.1;

/** The answer with this key, on its grid. `no-data` for no answer, an empty vector or nothing but NaN. */
export function sliceGrid(requirement: Requirement, key: string, context: JudgeContext): SliceGrid | NoEvidence {
  const observation = context.observations.series.find((each) => each.key === key);
  if (observation === undefined) return { reason: 'no-data', message: 'the query was not answered' };
  if (observation.series.length === 0)
    return { reason: 'no-data', message: `the query gave no series: ${observation.query}` };
  const { ends, phases } = gridOf(requirement, observation, context);
  const rows = observation.series.map((series) => rowOf(series, ends, observation.step));
  const filled = rows.filter((row) => row.values.some((value) => value !== undefined));
  if (filled.length === 0)
    return { reason: 'no-data', message: `the query gave no number in the judged time: ${observation.query}` };
  const blank = rows.filter((row) => !filled.includes(row) && row.nan.size > 0);
  return { ends, phases, sliceMs: observation.step, rows: filled, blank };
}

/** Why these values cannot stand for the whole time; undefined when they can. */
export function staleness(grid: SliceGrid, values: readonly (number | undefined)[]): NoEvidence | undefined {
  let hole = 0;
  let longest = 0;
  for (const value of values) {
    hole = value === undefined ? hole + 1 : 0;
    longest = Math.max(longest, hole);
  }
  const missing = values.filter((value) => value === undefined).length;
  if (longest <= longestHole && missing <= mostMissing * values.length) return undefined;
  return {
    reason: 'stale-data',
    message: `${missing} of ${values.length} slices have no value, ${sayDuration(longest * grid.sliceMs)} without one at a stretch`,
  };
}

function gridOf(
  requirement: Requirement,
  observation: SeriesObservation,
  context: JudgeContext,
): { readonly ends: readonly number[]; readonly phases: readonly string[] } {
  const { window, step } = observation;
  const { load } = context.observations;
  const count = Math.floor((window.end - window.start) / step + 1e-9);
  const all = Array.from({ length: count }, (_, i) => window.start + (i + 1) * step);
  if (load === undefined) return { ends: all, phases: all.map(() => '') };
  const windows = phaseWindows(load, phasesOf(requirement, context));
  const inPhase = all.flatMap((end) => {
    const at = end - load.startedAt;
    const phase = windows.find((each) => at > each.startMs + step / 2 && at <= each.endMs + step / 2);
    return phase === undefined ? [] : [{ end, phase: phase.name }];
  });
  return { ends: inPhase.map(({ end }) => end), phases: inPhase.map(({ phase }) => phase) };
}

function rowOf(series: Series, ends: readonly number[], step: number): SliceRow {
  const values = onGrid(series, ends, step);
  return {
    labels: series.labels,
    values: values.map((value) => (Number.isNaN(value) ? undefined : value)),
    nan: new Set(values.flatMap((value, slice) => (Number.isNaN(value) ? [slice] : []))),
  };
}

/** The value whose time is nearest to each end, at most half a step away. */
function onGrid(series: Series, ends: readonly number[], step: number): readonly (number | undefined)[] {
  let at = 0;
  return ends.map((end) => {
    while (at < series.times.length && (series.times[at] ?? 0) < end - step / 2) at++;
    const time = series.times[at];
    const near = time !== undefined && Math.abs(time - end) <= step / 2;
    return near ? series.values[at] : undefined;
  });
}
