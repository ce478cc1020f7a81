// What was seen of the system under test: the whole input of judgement and attribution.
import type { HistogramData, LoadResult } from './load.ts';
import type { EdgeSelector, SpanSelector } from './requirement.ts';
import type { Series, TimeWindow } from './series.ts';
import type { TraceSet } from './trace-set.ts';
import type { Ratio } from './units.ts';

/** What could not be seen, and why. `source` names the back end; `requirements` those that need it. */
export interface Gap {
  readonly kind: 'traces' | 'metrics';
  readonly source: string;
  /** Whether looking failed (a verdict is `error`) or nothing was there (`inconclusive`). */
  readonly reason: 'unreachable' | 'timeout' | 'bad-reply' | 'unsupported' | 'empty' | 'incomplete';
  readonly message: string;
  readonly requirements: readonly string[];
}

/** Which traces belong to which requirement: indexes into the set. */
export interface TracePopulation {
  readonly requirement: string;
  readonly violating: readonly number[];
  readonly complying: readonly number[];
}

export interface TraceObservation {
  readonly set: TraceSet;
  readonly populations: readonly TracePopulation[];
  /** Traces asked for and traces that came with their entry span. */
  readonly asked: number;
  readonly complete: number;
  /** complete / asked; 1 when none was asked. */
  readonly coverage: Ratio;
}

/** What is measured on traces for one requirement; computed once, judged like any other sample. */
export type TraceMeasureName =
  /** Duration in ms of each span that the selector chooses; `failed` when the span's status is an error. */
  | 'spanDuration'
  /** Per trace: share of the root's duration that the chosen spans' services have on the critical path. */
  | 'criticalPathShare'
  /** Per trace: attempts on the edge in `value`, logical calls in `base`. */
  | 'attempts'
  /** Per trace: calls made on the edge or below the chosen span. */
  | 'callsPerRequest'
  /** Per trace: duration in ms of the entry span, as the system under test saw it. */
  | 'rootDuration';

export interface TraceMeasureRequest {
  /** `<requirement id>/<part>`. */
  readonly key: string;
  readonly measure: TraceMeasureName;
  readonly span?: SpanSelector;
  readonly edge?: EdgeSelector;
  readonly scenario?: string;
  readonly route?: string;
}

/** One value from one trace; `atMs` is the request's intended start on the run's clock. */
export interface TraceMeasurePoint {
  readonly trace: number;
  readonly atMs: number;
  readonly phase: string;
  readonly value: number;
  readonly base?: number;
  readonly failed: boolean;
}

/** Points come from a uniform sample of the run's requests, never from the violators alone. */
export interface TraceMeasure {
  readonly key: string;
  readonly measure: TraceMeasureName;
  readonly points: readonly TraceMeasurePoint[];
  /** Traces of the sample that were looked at, whether or not they gave a point. */
  readonly traces: number;
}

/** The answer to one query of one requirement over the evaluation window. `key`: `<requirement id>` or `<requirement id>/<part>`. */
export interface SeriesObservation {
  readonly key: string;
  readonly query: string;
  readonly source: string;
  readonly window: TimeWindow;
  readonly step: number;
  readonly series: readonly Series[];
}

/** A passed run's value for one statistic of the same requirement, newest first. */
export interface BaselineObservation {
  readonly requirement: string;
  readonly runId: string;
  /** Absent: of which statistic is not known, so it is compared with none. */
  readonly statistic?: string;
  readonly value: number;
  readonly interval?: readonly [number, number];
  readonly confidence?: number;
  readonly samples: number;
  /** The run's own distribution of answers, when it was kept. */
  readonly histogram?: HistogramData;
}

export interface Observations {
  readonly window: TimeWindow;
  readonly load?: LoadResult;
  readonly traces?: TraceObservation;
  readonly measures: readonly TraceMeasure[];
  readonly series: readonly SeriesObservation[];
  readonly baselines: readonly BaselineObservation[];
  /** Metrics found by themselves for corroboration (CPU, pools, event loop), by service. */
  readonly saturation: readonly SaturationSeries[];
  readonly gaps: readonly Gap[];
}

/** A resource signal of one service over the run: name as exposed, unit by name. */
export interface SaturationSeries {
  readonly service: string;
  readonly metric: string;
  readonly signal: SaturationSignal;
  readonly series: Series;
}

export type SaturationSignal =
  | 'cpu'
  | 'throttling'
  | 'memory'
  | 'gc'
  | 'event-loop'
  | 'pool-used'
  | 'pool-size'
  | 'pool-waiting'
  | 'queue'
  | 'in-flight'
  | 'kv-cache'
  | 'retries'
  | 'other';
