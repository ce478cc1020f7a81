// Evidence from the server's own histogram: increases of cumulative buckets, slice by slice. Only the edges are exact, nothing is interpolated.
import type { Requirement } from '../../model/requirement.ts';
import type { JudgeContext } from '../requirement-type.ts';
import type { SliceCount } from '../statistics/design-effect.ts';
import type { BeyondLimit, Evidence, NoEvidence } from './evidence.ts';
import { type SliceGrid, type SliceRow, sliceGrid, staleness } from './series-slices.ts';

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
 * Reads series with an `le` label, each value the increase within its slice, optionally split by status code (5xx and no code count as failed).
 * A counter that went backwards, or buckets that do not add up, make it `stale-data`: the process restarted and what it counted is lost.
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
  const totals = grid.ends.map((_, slice) => sumAt(rows, slice, Number.POSITIVE_INFINITY));
  const stale = staleness(grid, totals);
  if (stale !== undefined) return stale;
  const slices = grid.ends.flatMap((_, slice) =>
    totals[slice] === undefined ? [] : [sliceOf(grid, rows, edges, slice)],
  );
  if (slices.some((slice) => !isSound(slice)))
    return {
      reason: 'stale-data',
      message: 'a counter went backwards during the run: the process restarted and lost its counts',
    };
  const samples = slices.reduce((sum, slice) => sum + slice.total, 0);
  if (samples <= 0) return { reason: 'no-data', message: `the server counted no ${options.noun}` };
  return evidenceOf(slices, edges, grid, options);
}

function evidenceOf(
  slices: readonly BucketSlice[],
  edges: readonly number[],
  grid: SliceGrid,
  { scale, noun }: BucketOptions,
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
    notes: ['values are upper edges of histogram buckets'],
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

function sumAt(rows: readonly SliceRow[], slice: number, edge: number, failed?: boolean): number | undefined {
  const values = rows
    .filter((row) => edgeOf(row) === edge && (failed === undefined || isFailed(row) === failed))
    .flatMap((row) => row.values[slice] ?? []);
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}

function isFailed(row: SliceRow): boolean {
  return /^5/.test(statusOf(row.labels) ?? '');
}

/** The status code by the names in use. */
export function statusOf(labels: SliceRow['labels']): string | undefined {
  return (
    labels['http_response_status_code'] ??
    labels['http_status_code'] ??
    labels['status_code'] ??
    labels['status'] ??
    labels['code']
  );
}

function sliceOf(grid: SliceGrid, rows: readonly SliceRow[], edges: readonly number[], slice: number): BucketSlice {
  return {
    total: sumAt(rows, slice, Number.POSITIVE_INFINITY) ?? 0,
    failed: sumAt(rows, slice, Number.POSITIVE_INFINITY, true) ?? 0,
    within: edges.map((edge) => sumAt(rows, slice, edge, false) ?? 0),
    phase: grid.phases[slice] ?? '',
  };
}

/** Counts never fall from edge to edge and are never negative; a little slack for a back end's extrapolation. */
function isSound(slice: BucketSlice): boolean {
  const slack = 1e-6 * Math.max(1, slice.total);
  return (
    slice.total >= -slack &&
    slice.within.every((count, i) => count >= (i === 0 ? 0 : (slice.within[i - 1] ?? 0)) - slack)
  );
}
