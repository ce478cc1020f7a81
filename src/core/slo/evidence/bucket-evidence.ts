// Evidence from the server's own histogram: increases of cumulative buckets, slice by slice. Only the edges are exact, nothing is interpolated.
import type { Requirement } from '../../model/requirement.ts';
import type { JudgeContext } from '../requirement-type.ts';
import type { SliceCount } from '../statistics/design-effect.ts';
import type { BeyondLimit, Evidence, NoEvidence } from './evidence.ts';
import { type SliceGrid, type SliceRow, sliceGrid, staleness } from './series-slices.ts';
import { statusOf } from './status-label.ts';

export interface BucketOptions {
  /** Value of `le` to the evidence's unit: 1,000 for seconds to ms. */
  readonly scale: number;
  readonly noun: string;
}

/** One slice: how many lie at or below each edge, and how many failed at or below each edge. */
interface BucketSlice {
  readonly total: number;
  readonly failed: number;
  /** Good events at or below edge i. */
  readonly within: readonly number[];
  readonly phase: string;
}

/**
 * Reads series with an `le` label, each value the increase within its slice, optionally split by status code (5xx counts as failed, and no code beside series that have one).
 * A counter that went backwards, or buckets that do not add up, make it `stale-data`: the process restarted and what it counted is lost. So do slices in which a bucket is missing that
 * the rest of its histogram is not.
 */
export function bucketEvidence(
  requirement: Requirement,
  key: string,
  context: JudgeContext,
  options: BucketOptions,
): Evidence | NoEvidence {
  const grid = sliceGrid(requirement, key, context);
  if ('reason' in grid) return grid;
  const rows = grid.rows.filter((row) => row.labels['le'] !== undefined);
  const edges = edgesOf(rows);
  if (edges.length === 0 || edges.at(-1) !== Number.POSITIVE_INFINITY)
    return {
      reason: 'no-data',
      message: 'the query gave no histogram: series with an `le` label, up to +Inf, are wanted',
    };
  const histograms = histogramsOf(rows);
  const torn = grid.ends.map((_, slice) => histograms.some((histogram) => isTorn(histogram, edges, slice)));
  const totals = grid.ends.map((_, slice) => (torn[slice] ? undefined : sumAt(rows, slice, Number.POSITIVE_INFINITY)));
  const stale = staleness(grid, totals);
  if (stale !== undefined) return torn.includes(true) ? tornEvidence(torn) : stale;
  const failed = failedRows(rows);
  const split = { good: rows.filter((row) => !failed.has(row)), failed: [...failed] };
  // A slice that is not known holds nothing, but takes its time.
  const slices = grid.ends.map((_, slice) =>
    totals[slice] === undefined ? emptySlice(grid, edges, slice) : sliceOf(grid, split, edges, slice),
  );
  if (slices.some((slice) => !isSound(slice)))
    return {
      reason: 'stale-data',
      message: 'a counter went backwards during the run: the process restarted and lost its counts',
    };
  const samples = slices.reduce((sum, slice) => sum + slice.total, 0);
  if (samples <= 0) return { reason: 'no-data', message: `the server counted no ${options.noun}` };
  const isSplit = rows.some((row) => statusOf(row.labels) !== undefined);
  return evidenceOf(slices, edges, grid, { ...options, isSplit });
}

const unsplit =
  'the query does not split by an HTTP status: a failed request counts by its time, as if it had been answered';

function evidenceOf(
  slices: readonly BucketSlice[],
  edges: readonly number[],
  grid: SliceGrid,
  { scale, noun, isSplit }: BucketOptions & { readonly isSplit: boolean },
): Evidence {
  const scaled = edges.map((edge) => edge * scale);
  const samples = slices.reduce((sum, slice) => sum + slice.total, 0);
  const failed = slices.reduce((sum, slice) => sum + slice.failed, 0);
  const counted = (bad: (slice: BucketSlice) => number): readonly SliceCount[] =>
    slices.map((slice) => ({ requests: slice.total, bad: bad(slice), stratum: slice.phase }));
  const within = (slice: BucketSlice, edge: number): number => (edge < 0 ? 0 : (slice.within[edge] ?? 0));
  return {
    unit: 'ms',
    noun,
    samples,
    failed,
    sliceMs: grid.sliceMs,
    beyond: ({ limit, above }) => {
      const { low, high } = around(scaled, limit);
      if (above)
        return bounds(
          counted((slice) => slice.total - within(slice, high)),
          counted((slice) => slice.total - within(slice, low)),
          gapAt(scaled, low, high),
        );
      return bounds(
        counted((slice) => within(slice, low)),
        counted((slice) => within(slice, high)),
        gapAt(scaled, low, high),
      );
    },
    valueAt: (rank) => (rank > samples - failed + 1e-6 ? Number.POSITIVE_INFINITY : edgeOfRank(slices, scaled, rank)),
    bursts: (count) => {
      const edge = edges.findLastIndex(
        (_, i) => counted((slice) => slice.total - within(slice, i)).reduce((sum, s) => sum + s.bad, 0) >= count,
      );
      return edge < 0 ? undefined : counted((slice) => slice.total - within(slice, edge));
    },
    means: () => undefined,
    notes: ['values are upper edges of histogram buckets', ...(isSplit || noun !== 'requests' ? [] : [unsplit])],
  };
}

/** Index of the last edge at or below the limit (-1: none) and of the first at or above it. */
function around(edges: readonly number[], limit: number): { readonly low: number; readonly high: number } {
  const near = (edge: number): boolean => Math.abs(edge - limit) <= 1e-9 * Math.abs(limit);
  const exact = edges.findIndex(near);
  if (exact >= 0) return { low: exact, high: exact };
  return { low: edges.findLastIndex((edge) => edge < limit), high: edges.findIndex((edge) => edge > limit) };
}

function bounds(least: readonly SliceCount[], most: readonly SliceCount[], gap: string | undefined): BeyondLimit {
  return gap === undefined ? { least, most } : { least, most, gap };
}

function gapAt(edges: readonly number[], low: number, high: number): string | undefined {
  if (low === high) return undefined;
  const upper = edges[high] ?? Number.POSITIVE_INFINITY;
  const above = Number.isFinite(upper) ? `${upper} ms` : 'infinity';
  return `the limit lies between the bucket edges ${edges[low] ?? 0} ms and ${above}`;
}

function edgeOfRank(slices: readonly BucketSlice[], edges: readonly number[], rank: number): number | undefined {
  const found = edges.findIndex(
    (_, i) => slices.reduce((sum, slice) => sum + (slice.within[i] ?? 0), 0) >= rank - 1e-6,
  );
  const edge = found < 0 ? edges.at(-1) : edges[found];
  // Beyond the last finite edge nothing is known but that it is more than that.
  return edge === undefined || Number.isFinite(edge) ? edge : edges.at(-2);
}

function edgesOf(rows: readonly SliceRow[]): readonly number[] {
  const edges = new Set(rows.map((row) => edgeOf(row)).filter((edge) => !Number.isNaN(edge)));
  return [...edges].sort((a, b) => a - b);
}

function edgeOf(row: SliceRow): number {
  const text = row.labels['le'] ?? '';
  return text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text);
}

/** Series that differ in nothing but their edge are one histogram. */
function histogramsOf(rows: readonly SliceRow[]): readonly (readonly SliceRow[])[] {
  const identity = ({ labels: { le: _, ...rest } }: SliceRow): string => JSON.stringify(Object.entries(rest).sort());
  return [...Map.groupBy(rows, identity).values()];
}

/** Some of its buckets have a value in this slice, and some have not. */
function isTorn(histogram: readonly SliceRow[], edges: readonly number[], slice: number): boolean {
  const known = new Set(histogram.filter((row) => row.values[slice] !== undefined).map(edgeOf));
  return known.size > 0 && edges.some((edge) => !known.has(edge));
}

function tornEvidence(torn: readonly boolean[]): NoEvidence {
  const count = torn.filter(Boolean).length;
  return {
    reason: 'stale-data',
    message: `in ${count} of ${torn.length} slices a bucket has no value that others of its histogram have`,
  };
}

/** Of 5xx; and of no status where the query splits by status: these got no reply. */
function failedRows(rows: readonly SliceRow[]): ReadonlySet<SliceRow> {
  const isSplit = rows.some((row) => statusOf(row.labels) !== undefined);
  return new Set(rows.filter((row) => isSplit && (statusOf(row.labels) ?? '5').startsWith('5')));
}

function sumAt(rows: readonly SliceRow[], slice: number, edge: number): number | undefined {
  const values = rows.filter((row) => edgeOf(row) === edge).flatMap((row) => row.values[slice] ?? []);
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}

interface SplitRows {
  readonly good: readonly SliceRow[];
  readonly failed: readonly SliceRow[];
}

/** Of a slice that is not torn: a histogram without any value there has counted nothing. */
function sliceOf(grid: SliceGrid, rows: SplitRows, edges: readonly number[], slice: number): BucketSlice {
  const within = edges.map((edge) => sumAt(rows.good, slice, edge) ?? 0);
  const failed = sumAt(rows.failed, slice, Number.POSITIVE_INFINITY) ?? 0;
  return { total: failed + (within.at(-1) ?? 0), failed, within, phase: grid.phases[slice] ?? '' };
}

function emptySlice(grid: SliceGrid, edges: readonly number[], slice: number): BucketSlice {
  return { total: 0, failed: 0, within: edges.map(() => 0), phase: grid.phases[slice] ?? '' };
}

/** Counts never fall from edge to edge and are never negative; a little slack for a back end's extrapolation. */
function isSound(slice: BucketSlice): boolean {
  const slack = 1e-6 * Math.max(1, slice.total);
  return (
    slice.total >= -slack &&
    slice.failed >= -slack &&
    Number.isFinite(slice.total) &&
    slice.within.every((count, i) => count >= (i === 0 ? 0 : (slice.within[i - 1] ?? 0)) - slack)
  );
}
