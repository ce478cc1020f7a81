// Pieces of recorded observations for the cases of requirement types: a run of five minutes at 40/s, queries, traces.
import type { LoadResult, MeasureName } from '../../../../src/core/model/load.ts';
import type { SeriesObservation, TraceMeasure, TraceMeasureName } from '../../../../src/core/model/observations.ts';
import type { Requirement } from '../../../../src/core/model/requirement.ts';
import type { Labels } from '../../../../src/core/model/series.ts';
import { unixMillis } from '../../../../src/core/model/units.ts';
import { needsOf } from '../../../../src/core/slo/needs.ts';
import { randomStream } from '../../../../src/core/slo/statistics/random.ts';
import { loadResultOf, type SimulatedPhase, type SimulatedRequest } from '../../../support/load-result-of.ts';
import { judgeInputOf, observationsOf } from '../../../support/requirement-of.ts';

export const minutes5 = 300_000;
const startedAt = 1_700_000_000_000;

export interface Traffic {
  readonly phase?: string;
  readonly startMs?: number;
  readonly durationMs?: number;
  readonly rate?: number;
  /** Share that takes `slowMs` instead of about 50 ms. */
  readonly slow?: number;
  readonly slowMs?: number;
  readonly failed?: number;
  readonly values?: (random: () => number) => Partial<Record<MeasureName, number>>;
}

/** Evenly spaced requests of about 50 ms. */
export function traffic(part: Traffic = {}): SimulatedRequest[] {
  const { startMs = 0, durationMs = minutes5, rate = 40, slow = 0, slowMs = 1000, failed = 0, phase = 'peak' } = part;
  const random = randomStream(startMs + 1);
  return Array.from({ length: Math.round((durationMs / 1000) * rate) }, (_, i) => ({
    atMs: startMs + (i * 1000) / rate,
    latencyMs: random() < slow ? slowMs : 40 + 20 * random(),
    failed: random() < failed,
    phase,
    ...(part.values === undefined ? {} : { values: part.values(random) }),
  }));
}

const peak: SimulatedPhase = { name: 'peak', startMs: 0, endMs: minutes5 };

/** The load of these requests, counted as `requirements` ask for. */
export function loadFor(
  requirements: readonly Requirement[],
  requests: readonly SimulatedRequest[],
  phases: readonly SimulatedPhase[] = [peak],
  judged: readonly string[] = phases.map((phase) => phase.name),
): LoadResult {
  const input = judgeInputOf(requirements, observationsOf());
  const evaluation = { ...input.evaluation, phases: judged };
  const { watches } = needsOf(requirements, { ...input, evaluation, phases: judged });
  return loadResultOf({ requests, phases, watches });
}

export interface SeriesCase {
  readonly labels?: Labels;
  /** Value of slice i of n. */
  readonly value: (i: number, n: number) => number;
}

/** A query's answer at the end of each five-second slice of the run. */
export function answerOf(key: string, series: readonly SeriesCase[], durationMs: number = minutes5): SeriesObservation {
  const step = 5000;
  const count = Math.floor(durationMs / step);
  const times = Array.from({ length: count }, (_, i) => unixMillis(startedAt + (i + 1) * step));
  return {
    key,
    query: 'up',
    source: 'prom',
    window: { start: unixMillis(startedAt), end: unixMillis(startedAt + durationMs) },
    step,
    series: series.map(({ labels = {}, value }) => ({ labels, times, values: times.map((_, i) => value(i, count)) })),
  };
}

/** An answer with one value, at the end of the run. */
export function instantOf(key: string, value: number): SeriesObservation {
  const end = unixMillis(startedAt + minutes5);
  const answer = answerOf(key, []);
  return { ...answer, series: [{ labels: {}, times: [end], values: [value] }] };
}

export interface PointCase {
  readonly value: number;
  readonly base?: number;
  readonly failed?: boolean;
}

/** One point a trace, evenly over the run. */
export function measureOf(
  key: string,
  measure: TraceMeasureName,
  count: number,
  point: (i: number, random: () => number) => PointCase,
): TraceMeasure {
  const random = randomStream(17);
  return {
    key,
    measure,
    traces: count,
    points: Array.from({ length: count }, (_, i) => ({
      trace: i,
      atMs: (i * minutes5) / count,
      phase: 'peak',
      failed: false,
      ...point(i, random),
    })),
  };
}
