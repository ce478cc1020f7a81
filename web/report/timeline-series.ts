// The run's timeline as columns a chart can draw, and the phases as stretches of time.
import type { TimelinePoint } from '../../src/core/model/run.ts';

/** Seconds from the run's start; milliseconds; null where nothing was measured, so that a line breaks instead of falling to zero. */
export interface TimelineSeries {
  readonly seconds: readonly number[];
  readonly p50: readonly (number | null)[];
  readonly p95: readonly (number | null)[];
  readonly p99: readonly (number | null)[];
  /** Requests and failed requests a second. */
  readonly rate: readonly number[];
  readonly failedRate: readonly number[];
}

export interface PhaseStretch {
  readonly phase: string;
  readonly isJudged: boolean;
  readonly from: number;
  readonly to: number;
}

/** Points in time order; the last point is taken to be as long as the one before. */
export function timelineSeries(timeline: readonly TimelinePoint[]): TimelineSeries {
  const lengths = timeline.map((_, i) => lengthAt(timeline, i) / 1000);
  const value = (point: TimelinePoint, latency: number | null): number | null =>
    point.requests > 0 && latency !== null && Number.isFinite(latency) ? latency : null;
  return {
    seconds: timeline.map((point) => point.atMs / 1000),
    p50: timeline.map((point) => value(point, point.p50Ms)),
    p95: timeline.map((point) => value(point, point.p95Ms)),
    p99: timeline.map((point) => value(point, point.p99Ms)),
    rate: timeline.map((point, i) => point.requests / (lengths[i] ?? 1)),
    failedRate: timeline.map((point, i) => point.failed / (lengths[i] ?? 1)),
  };
}

/** One stretch for each run of points with the same phase; seconds. */
export function phaseStretches(
  timeline: readonly TimelinePoint[],
  judgedPhases: readonly string[],
): readonly PhaseStretch[] {
  const stretches: PhaseStretch[] = [];
  timeline.forEach((point, i) => {
    const to = (point.atMs + lengthAt(timeline, i)) / 1000;
    const last = stretches.at(-1);
    if (last !== undefined && last.phase === point.phase) stretches[stretches.length - 1] = { ...last, to };
    else
      stretches.push({ phase: point.phase, isJudged: judgedPhases.includes(point.phase), from: point.atMs / 1000, to });
  });
  return stretches;
}

function lengthAt(timeline: readonly TimelinePoint[], i: number): number {
  const here = timeline[i]?.atMs ?? 0;
  const next = timeline[i + 1]?.atMs;
  if (next !== undefined && next > here) return next - here;
  const before = timeline[i - 1]?.atMs;
  return before !== undefined && here > before ? here - before : 1000;
}
