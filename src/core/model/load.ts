// What a load run measured: counts and histograms by step, phase and slice, exact counters and selected samples for each watch.
import type { Millis, PerSecond, UnixMillis } from './units.ts';

/**
 * A log-linear latency histogram, sparse: `counts[i]` values fell into bucket `buckets[i]` (ascending). Bucket edges: core/load/histogram.ts.
 * Values are microseconds. `min`, `max`, `sum` are exact, in microseconds; 0 when `count` is 0.
 */
export interface HistogramData {
  readonly buckets: readonly number[];
  readonly counts: readonly number[];
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/** Why an arrival was never sent. */
export type DropReason =
  | 'queue-full'
  | 'in-flight-limit'
  | 'aborted'
  | 'interrupted'
  | 'feed-exhausted'
  | 'journey-failed';

export type FailureKind =
  | 'status'
  | 'expectation'
  | 'timeout'
  | 'connect'
  | 'dns'
  | 'tls'
  | 'reset'
  | 'protocol'
  | 'too-large'
  | 'cancelled';

/** One request. Times are milliseconds from the run's start; response time = endedAt - scheduledAt, service time = endedAt - sentAt. */
export interface Sample {
  readonly traceId: string;
  /** The client span's id (16 hex digits), parent of the server's first span. */
  readonly spanId: string;
  readonly sampled: boolean;
  readonly scenario: string;
  readonly step: string;
  readonly phase: string;
  readonly scheduledAt: Millis;
  readonly sentAt: Millis;
  readonly endedAt: Millis;
  readonly outcome:
    | { readonly kind: 'reply'; readonly status: number; readonly good: boolean }
    | { readonly kind: 'failure'; readonly failure: FailureKind; readonly message: string };
}

/** Values measured once a request (or once a chunk for `itl`): all in microseconds but `outputTokens`, `inputTokens` (tokens). */
export type MeasureName =
  | 'response'
  | 'service'
  | 'lag'
  | 'connect'
  /** The secure handshake, a part of `connect`. */
  | 'tls'
  | 'firstByte'
  /** From the first byte of a reply to its end; only of replies that came in more than one piece. */
  | 'transfer'
  | 'ttft'
  | 'tpot'
  | 'itl'
  /** Response time divided by output tokens. */
  | 'responsePerToken'
  | 'outputTokens'
  | 'inputTokens';

/** Counts of one slice or of a whole group. `good` replies met every expectation; failed = requests - good. */
export interface RequestCounts {
  readonly requests: number;
  readonly good: number;
  readonly failed: number;
  readonly bytesReceived: number;
}

/** `startMs` is on the run's clock; a slice holds the requests whose intended start lies in it. */
export interface LoadSlice extends RequestCounts {
  readonly startMs: Millis;
  readonly durationMs: Millis;
  readonly response: HistogramData;
  /** The failed ones among them. Absent where none failed, and in recordings of before they were told apart. */
  readonly failedResponse?: HistogramData;
}

/** All requests of one step in one phase. */
export interface LoadGroup extends RequestCounts {
  readonly scenario: string;
  readonly step: string;
  readonly phase: string;
  readonly histograms: Readonly<Partial<Record<MeasureName, HistogramData>>>;
  readonly statusCounts: Readonly<Record<string, number>>;
  readonly failureCounts: Readonly<Partial<Record<FailureKind, number>>>;
  /** What the first failure of each kind said; absent where none failed. */
  readonly failureMessages?: Readonly<Partial<Record<FailureKind, string>>>;
  readonly slices: readonly LoadSlice[];
}

/**
 * What the engine counts exactly for one requirement: requests of the step (absent: any) in the scenario and phases,
 * against each threshold in ms. A failed request exceeds every threshold.
 */
export interface Watch {
  readonly id: string;
  readonly scenario?: string;
  readonly step?: string;
  readonly phases: readonly string[];
  readonly measure: MeasureName;
  /** Ascending. The first decides who is a violator when traces are selected; empty: failures are violators. */
  readonly thresholds: readonly Millis[];
  readonly slice: Millis;
  /**
   * Further bounds on the same request (goodput): one that exceeds any of them, or has no such value, exceeds every threshold. An engine that
   * honours them says so in `boundsApplied`.
   */
  readonly bounds?: readonly { readonly measure: MeasureName; readonly atMost: Millis }[];
  /** Only answers to prompts of more than `above` and at most `upTo` tokens, as the server counts them. None of these is selected. */
  readonly inputTokens?: { readonly above: number; readonly upTo: number };
}

/** `over[i]`: requests slower than threshold i or failed. `slow` slices are in time order; a slice without requests is listed with zeros. */
export interface WatchSlice {
  readonly startMs: Millis;
  readonly phase: string;
  readonly requests: number;
  readonly failed: number;
  readonly over: readonly number[];
}

/** Traces worth pulling: the worst violators, a uniform sample of violators, a uniform sample of compliers. */
export interface WatchSelection {
  readonly worst: readonly Sample[];
  readonly violators: readonly Sample[];
  readonly compliers: readonly Sample[];
}

export interface WatchResult {
  readonly id: string;
  readonly requests: number;
  readonly failed: number;
  readonly over: readonly number[];
  readonly slices: readonly WatchSlice[];
  readonly selection: WatchSelection;
  /** The watch's own distribution of its measure, over its phases. */
  readonly histogram: HistogramData;
  /** Whether the watch's `bounds` were counted; without it they were ignored and nothing may pass on them. */
  readonly boundsApplied?: true;
}

export interface PhaseWindow {
  readonly name: string;
  readonly role: 'warm-up' | 'load' | 'recovery';
  readonly startMs: Millis;
  readonly endMs: Millis;
  readonly plannedArrivals: number;
  readonly sentArrivals: number;
  readonly plannedRate: { readonly from: PerSecond; readonly to: PerSecond };
  /** Journeys in progress at any time, for a closed phase. */
  readonly users?: number;
}

export interface GeneratorHealth {
  readonly healthy: boolean;
  /** Sentences: what was measured, the limit, what it means. */
  readonly reasons: readonly string[];
  /** Absent where only numbers of users were planned. */
  readonly plannedRate?: PerSecond;
  /** Of the arrivals whose request left; one that waited for a connection until its time-out never did. */
  readonly achievedRate: PerSecond;
  readonly lagP99: Millis;
  readonly cpuSeconds: number;
  readonly eventLoopDelayP99: Millis;
  readonly maxInFlight: number;
  readonly connectionsOpened: number;
  /** Counted requests that waited because all of `safety.maxConnections` were in use; their wait is response time and lag, not service time. Absent in recordings of before it was counted. */
  readonly connectionWaits?: number;
}

export interface LoadResult {
  /** First 8 bytes of every trace id of this run, 16 hex digits. */
  readonly traceIdPrefix: string;
  readonly startedAt: UnixMillis;
  readonly durationMs: Millis;
  readonly phases: readonly PhaseWindow[];
  readonly groups: readonly LoadGroup[];
  readonly watches: readonly WatchResult[];
  /** A uniform sample of all judged requests with sampled traces, for what is measured on traces. */
  readonly uniform: readonly Sample[];
  readonly dropped: readonly { readonly phase: string; readonly reason: DropReason; readonly count: number }[];
  readonly generator: GeneratorHealth;
  /** Which safety limit ended the run, and when. */
  readonly aborted?: { readonly limit: string; readonly atMs: Millis };
  /** The user (or the service) stopped the run before its end. */
  readonly interrupted: boolean;
  /** Who ordered the load had seen enough (a breakpoint search found what it looked for): phases after this moment were never meant to run. */
  readonly endedEarly?: { readonly atMs: Millis };
}

/** A look at a run in progress, once a second. */
export interface LoadSnapshot {
  readonly atMs: Millis;
  readonly phase: string;
  readonly phaseEndsMs: Millis;
  readonly endsMs: Millis;
  readonly requests: number;
  readonly failed: number;
  readonly dropped: number;
  readonly inFlight: number;
  readonly rate: PerSecond;
  readonly p50: Millis;
  readonly p99: Millis;
}
