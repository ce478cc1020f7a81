// Where it broke and by which mechanism.

/** The closed list (DESIGN.md 6). */
export type Mechanism =
  | 'slow-dependency'
  | 'network-delay'
  | 'pool-wait'
  | 'lock-contention'
  | 'cpu-starvation'
  | 'pause'
  | 'saturation'
  | 'memory-growth'
  | 'cold-start'
  | 'retry-storm'
  | 'hidden-retries'
  | 'metastable'
  | 'cascading-timeout'
  | 'n-plus-one'
  | 'chatty'
  | 'sequential-fanout'
  | 'uninstrumented-dependency'
  | 'error-origin';

export type Confidence = 'high' | 'medium' | 'low';

/** Caller, callee and the callee's operation. */
export interface Edge {
  readonly caller: string;
  readonly callee: string;
  readonly operation: string;
}

/** One number that speaks for a finding, for example `{ name: 'amplification', value: 2.3, baseline: 1.0, unit: 'x' }`. */
export interface Evidence {
  readonly name: string;
  readonly value: number;
  readonly baseline?: number;
  readonly unit: string;
}

export interface Finding {
  /** 1 is the best explanation. */
  readonly rank: number;
  readonly mechanism: Mechanism;
  /** The service to blame. */
  readonly service: string;
  readonly operation: string;
  readonly edge?: Edge;
  /** Entry to culprit, service names. */
  readonly path: readonly string[];
  /** Mean effect on a violating request in milliseconds; 0 for mechanisms that cost no time. */
  readonly effectMs: number;
  /** Share of the violation that it explains, 0..1. */
  readonly share: number;
  /** 95% bootstrap interval of effectMs, where one was made. */
  readonly effectInterval?: readonly [number, number];
  readonly confidence: Confidence;
  /** One sentence for the on-call engineer. */
  readonly explanation: string;
  /** What to do about it, one line. */
  readonly advice: string;
  readonly evidence: readonly Evidence[];
  /** Trace ids one can open, most telling first; never empty unless the finding comes from metrics alone. */
  readonly traces: readonly string[];
  /** First appearance in milliseconds from the start of the window, where it can be told. */
  readonly onsetMs?: number;
  /** Findings of the same cause that only amplify it. */
  readonly amplifiers: readonly { readonly mechanism: Mechanism; readonly service: string; readonly edge?: Edge }[];
}

/** A service's share of the blame, whether or not a mechanism could be named. */
export interface ServiceBlame {
  readonly service: string;
  readonly effectMs: number;
  readonly share: number;
  readonly interval?: readonly [number, number];
}

export interface Completeness {
  readonly traces: number;
  readonly spans: number;
  /** Spans whose parent is present or that name none, as a share. */
  readonly ratio: number;
  /** Traces left out because their entry span is missing. */
  readonly withoutEntry: number;
  readonly skewCorrected: number;
  /** Spans left out because another one of their trace has their id; absent: none. */
  readonly repeated?: number;
}

export interface Attribution {
  readonly findings: readonly Finding[];
  /** Ranked by blame. */
  readonly services: readonly ServiceBlame[];
  readonly completeness: Completeness;
  /** Why no cause is named, and what is missing. */
  readonly notAttributable?: string;
}
