// Evidence from traces: one value a span or a trace, of a uniform sample of the run's requests.
import type { TraceMeasure, TraceMeasurePoint } from '../../model/observations.ts';
import type { CanonicalUnit, Requirement } from '../../model/requirement.ts';
import type { JudgeContext } from '../requirement-type.ts';
import type { SliceCount } from '../statistics/design-effect.ts';
import type { SliceTotal } from '../statistics/mean-interval.ts';
import type { Evidence, NoEvidence } from './evidence.ts';
import { phasesOf } from './scope.ts';

export interface PointOptions {
  readonly unit: CanonicalUnit;
  readonly noun: string;
  /** Count values as they are, whether or not the request failed in the end. */
  readonly ignoreFailures?: true;
}

/** Evidence from the measure with this key. */
export function pointEvidence(
  requirement: Requirement,
  key: string,
  context: JudgeContext,
  options: PointOptions,
): Evidence | NoEvidence {
  const found = pointsOf(requirement, key, context);
  return 'reason' in found ? found : evidenceOf(found, requirement, context, options);
}

/** The points in the requirement's phases, in time order, or why there are none. */
export function pointsOf(
  requirement: Requirement,
  key: string,
  context: JudgeContext,
): readonly TraceMeasurePoint[] | NoEvidence {
  const measure = context.observations.measures.find((each) => each.key === key);
  if (measure === undefined || measure.traces === 0) return { reason: 'no-data', message: 'no traces were received' };
  const points = inPhases(measure, requirement, context)
    .filter((point) => Number.isFinite(point.value))
    .sort((a, b) => a.atMs - b.atMs || a.trace - b.trace);
  if (points.length > 0) return points;
  return { reason: 'no-data', message: `none of the ${measure.traces} traces looked at has what is asked for` };
}

function inPhases(
  measure: TraceMeasure,
  requirement: Requirement,
  context: JudgeContext,
): readonly TraceMeasurePoint[] {
  // Without a load there are no phases: the whole window counts.
  if (context.observations.load === undefined) return measure.points;
  const phases = phasesOf(requirement, context);
  return measure.points.filter((point) => phases.includes(point.phase));
}

function evidenceOf(
  all: readonly TraceMeasurePoint[],
  requirement: Requirement,
  context: JudgeContext,
  { unit, noun, ignoreFailures }: PointOptions,
): Evidence | NoEvidence {
  const excluded = context.evaluation.failuresCountAs === 'excluded' && !ignoreFailures;
  const seen = ignoreFailures ? all.map((point) => ({ ...point, failed: false })) : all;
  const points = excluded ? seen.filter((point) => !point.failed) : seen;
  if (points.length === 0) return { reason: 'no-data', message: `all ${all.length} ${noun} failed` };
  const sliceMs = sliceLength(points, requirement.slice);
  const good = points.filter((point) => !point.failed).map((point) => point.value);
  const sorted = Float64Array.from(good).sort();
  const count = (isBad: (point: TraceMeasurePoint) => boolean): readonly SliceCount[] =>
    countSlices(points, sliceMs, isBad);
  const exact = (isBad: (point: TraceMeasurePoint) => boolean) => {
    const slices = count(isBad);
    return { least: slices, most: slices };
  };
  return {
    unit,
    noun,
    samples: points.length,
    failed: points.length - good.length,
    sliceMs,
    beyond: ({ limit, above, strict }) => {
      const isOnIt = (point: TraceMeasurePoint): boolean => strict && point.value === limit;
      return above
        ? exact((point) => point.failed || point.value > limit || isOnIt(point))
        : exact((point) => !point.failed && (point.value < limit || isOnIt(point)));
    },
    valueAt: (rank) =>
      Math.ceil(rank) > sorted.length ? Number.POSITIVE_INFINITY : sorted[Math.max(1, Math.ceil(rank)) - 1],
    bursts: (wanted) => {
      const level = points.length < 2 * wanted ? undefined : sorted[sorted.length - wanted - 1];
      return level === undefined ? undefined : count((point) => point.failed || point.value > level);
    },
    means: () => ({ slices: sliceSums(points, sliceMs), sliceMs }),
    notes: [],
  };
}

/**
 * Slices short enough that the sample fills about sixty of them, no longer than wanted and not below one millisecond: a sample of traces is thin, and all spans of a
 * trace fall into one slice whatever its length.
 */
export function sliceLength(points: readonly TraceMeasurePoint[], wantedMs: number): number {
  const first = points[0]?.atMs ?? 0;
  const last = points.at(-1)?.atMs ?? 0;
  return Math.max(1, Math.min(wantedMs, (last - first) / 60));
}

/** The points of each slice, and how many of them are bad. */
export function countSlices(
  points: readonly TraceMeasurePoint[],
  sliceMs: number,
  isBad: (point: TraceMeasurePoint) => boolean,
): readonly SliceCount[] {
  return bySlice(points, sliceMs).map((slice) => ({
    requests: slice.points.length,
    bad: slice.points.filter(isBad).length,
    stratum: slice.phase,
  }));
}

function sliceSums(points: readonly TraceMeasurePoint[], sliceMs: number): readonly SliceTotal[] {
  const answered = points.filter((point) => !point.failed);
  return bySlice(answered, sliceMs)
    .filter((slice) => slice.points.length > 0)
    .map((slice) => ({
      total: slice.points.reduce((sum, point) => sum + point.value, 0),
      weight: slice.points.length,
      stratum: slice.phase,
    }));
}

export interface PointSlice {
  readonly phase: string;
  readonly points: readonly TraceMeasurePoint[];
}

/** Of points in time order: phase by phase its slices from the first with a point to the last, the empty ones between them too, so that their number tells the time. */
export function bySlice(points: readonly TraceMeasurePoint[], sliceMs: number): readonly PointSlice[] {
  const byPhase = Map.groupBy(points, ({ phase }) => phase);
  return [...byPhase].flatMap(([phase, some]) => {
    const indexOf = ({ atMs }: TraceMeasurePoint): number => Math.floor(atMs / sliceMs);
    const slices = Map.groupBy(some, indexOf);
    const first = Math.min(...slices.keys());
    const count = Math.max(...slices.keys()) - first + 1;
    return Array.from({ length: count }, (_, i) => ({ phase, points: slices.get(first + i) ?? [] }));
  });
}
