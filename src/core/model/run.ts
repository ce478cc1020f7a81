// One execution of a Verification, from its start to its record.
import type { Breakpoint } from './breakpoint.ts';
import type { Attribution } from './finding.ts';
import type { RequirementHistory } from './history.ts';
import type { GeneratorHealth, HistogramData, LoadResult } from './load.ts';
import type { Gap } from './observations.ts';
import type { TimeWindow } from './series.ts';
import type { UnixMillis } from './units.ts';
import type { Verdict, VerdictName } from './verdict.ts';

/** `interrupted`: the process ended or the user stopped it before the verdict; `aborted`: a safety limit did. */
export type RunStatus = 'running' | 'completed' | 'aborted' | 'interrupted' | 'failed';

export interface Validity {
  readonly ok: boolean;
  /** Sentences; empty when ok. */
  readonly reasons: readonly string[];
  /** Only what is measured on traces may not be judged. */
  readonly touches?: 'traces';
  /** What limits it hides failures and never invents one: those that were found stand. */
  readonly failuresStand?: true;
  readonly droppedShare: number;
  readonly sendLagP99Ms: number;
  /** Share of the traces asked for that came complete; 1 where none was asked for. */
  readonly traceCoverage: number;
  /** Absent in records of before it was kept. */
  readonly tracesAsked?: number;
}

/** What is known before the first request. */
export interface RunPlan {
  readonly runId: string;
  readonly verification: string;
  readonly service: string;
  readonly environment: string;
  readonly commit?: string;
  readonly branch?: string;
  readonly workloadHash: string;
  readonly seed: number;
  readonly startedAt: UnixMillis;
  readonly trigger: 'cli' | 'schedule' | 'api';
  readonly mode: 'run' | 'observe';
  /** Where the load goes: origin and path of the workload's target. Absent when none is driven, and in records of before it was kept. */
  readonly target?: string;
  /** Ids of what it is to judge: fewer than the document's where the caller chose some. Absent in records of before it was kept. */
  readonly requirements?: readonly string[];
  /** Paths of the document's fields that the caller changed for this run; their values may be secrets. Absent when none. */
  readonly overrides?: readonly string[];
}

/** A point of the latency-over-time chart. */
export interface TimelinePoint {
  readonly atMs: number;
  readonly phase: string;
  readonly requests: number;
  readonly failed: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** A span as a report draws it: offsets from the trace's start in milliseconds. */
export interface WaterfallSpan {
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly depth: number;
  readonly service: string;
  readonly name: string;
  readonly kind: number;
  readonly isError: boolean;
  readonly startMs: number;
  readonly endMs: number;
  /** Stretches of this span on the critical path. */
  readonly critical: readonly (readonly [number, number])[];
  /** What the span says of itself, for a reader who points at it; a report needs few and short ones. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
}

export interface Waterfall {
  readonly traceId: string;
  readonly role: 'violating' | 'typical';
  readonly durationMs: number;
  readonly spans: readonly WaterfallSpan[];
}

/** What the attribution says about one requirement. */
export interface RequirementAttribution {
  readonly requirement: string;
  readonly attribution: Attribution;
  readonly waterfalls: readonly Waterfall[];
}

/** Load figures of one step, for the report. Milliseconds. */
export interface StepSummary {
  readonly scenario: string;
  readonly step: string;
  readonly phase: string;
  readonly requests: number;
  readonly failed: number;
  readonly ratePerSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly serviceP99Ms: number;
  /** Why they failed; absent where none did, and in records of before it was kept. */
  readonly failures?: readonly StepFailure[];
}

/** Failed requests of one step and phase that failed alike. */
export interface StepFailure {
  /** `status 503`, or the kind of failure: `timeout`, `connect`, `expectation`, ... */
  readonly what: string;
  readonly count: number;
  /** What the first of them said, where that is more. */
  readonly message?: string;
}

/** A number a later run may be compared with. */
export interface BaselineRecord {
  readonly requirement: string;
  /** Of what it is the value, as a rule writes it: `p95`, `p95(peak)`, `rate`. Absent in runs of before each clause had its own. */
  readonly statistic?: string;
  readonly value: number;
  /** Two one-sided bounds of the value by this run alone, each at `confidence`. */
  readonly interval?: readonly [number, number];
  readonly confidence?: number;
  readonly samples: number;
  /** Of the answers among the samples, where the statistic is of response times. */
  readonly histogram?: HistogramData;
}

export interface Run {
  readonly plan: RunPlan;
  readonly status: RunStatus;
  readonly verdict: VerdictName;
  readonly endedAt: UnixMillis;
  readonly window: TimeWindow;
  readonly phases: readonly string[];
  readonly validity: Validity;
  readonly verdicts: readonly Verdict[];
  readonly attribution: Attribution;
  readonly byRequirement: readonly RequirementAttribution[];
  readonly steps: readonly StepSummary[];
  readonly timeline: readonly TimelinePoint[];
  readonly generator?: GeneratorHealth;
  readonly dropped: LoadResult['dropped'];
  readonly gaps: readonly Gap[];
  readonly baselines: readonly BaselineRecord[];
  /** What earlier runs say about its requirements; absent where none were looked at. */
  readonly history?: readonly RequirementHistory[];
  /** Where the load broke what a breakpoint search was to break. */
  readonly breakpoint?: Breakpoint;
  /** Why the run ended early or could not be made. */
  readonly message?: string;
}

/** The line of a run list. */
export interface RunSummary {
  readonly runId: string;
  readonly verification: string;
  readonly service: string;
  readonly environment: string;
  readonly status: RunStatus;
  /** Absent while running or when interrupted before judgement. */
  readonly verdict?: VerdictName;
  readonly startedAt: UnixMillis;
  readonly endedAt?: UnixMillis;
  readonly commit?: string;
  readonly workloadHash: string;
  readonly mode: RunPlan['mode'];
  /** As in the plan. */
  readonly requirements?: readonly string[];
  readonly overrides?: readonly string[];
  readonly failed: readonly string[];
}
