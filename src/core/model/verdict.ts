// The judgement of one requirement, with the numbers that decided it.
import type { SourceRange } from './diagnostic.ts';
import type { CanonicalUnit, Priority, RequirementTypeName } from './requirement.ts';
import type { Ratio } from './units.ts';

export type VerdictName = 'pass' | 'warn' | 'fail' | 'inconclusive' | 'error';

export type InconclusiveReason =
  | 'no-data'
  | 'too-few-samples'
  | 'straddles'
  | 'bucket-too-coarse'
  | 'generator-unhealthy'
  | 'trace-coverage'
  | 'no-baseline'
  | 'stale-data'
  | 'aborted'
  | 'interrupted'
  | 'autocorrelated'
  | 'unsteady'
  | 'prerequisite';

/** What was observed. `value`, `interval` and `atLeast` in `unit`; the interval is the two one-sided bounds at `confidence`. */
export interface Observed {
  /** Absent where so many failed that the statistic falls among them: it lies beyond every limit. */
  readonly value?: number;
  readonly unit: CanonicalUnit;
  readonly interval?: readonly [number, number];
  /** In place of an interval whose upper end falls among failed events: its lower end. */
  readonly atLeast?: number;
  /** How many failed, where there is no value because of it. */
  readonly failedShare?: Ratio;
  readonly confidence: Ratio;
}

/** How a share of bad events decided. `interval` bounds badShare. */
export interface ShareDecision {
  readonly samples: number;
  readonly bad: number;
  readonly badShare: Ratio;
  readonly allowed: Ratio;
  readonly designEffect: number;
  readonly interval: readonly [Ratio, Ratio];
}

/** The judgement of one clause. */
export interface ClauseVerdict {
  readonly clause: string;
  readonly verdict: VerdictName;
  readonly observed?: Observed;
  /** In the unit of `observed`. */
  readonly limit?: number;
  readonly decision?: ShareDecision;
  /** One sentence a person would say. */
  readonly explanation: string;
  readonly reason?: InconclusiveReason;
  /** What would decide it: "need 299 samples, have 140". */
  readonly need?: string;
}

export interface Verdict {
  readonly requirement: string;
  readonly title: string;
  readonly type: RequirementTypeName;
  readonly priority: Priority;
  readonly definedAt: SourceRange;
  readonly rule: string;
  readonly verdict: VerdictName;
  /** The deciding clause's numbers first: worst verdict first, then smallest margin. */
  readonly clauses: readonly ClauseVerdict[];
  /** (limit - value) / limit, negative beyond the limit; for >= limits the other way round. */
  readonly margin?: number;
  readonly explanation: string;
  readonly reason?: InconclusiveReason;
  readonly need?: string;
  /** The same statistic from other clocks, where known, in the unit of `observed`. */
  readonly vantage?: { readonly client?: number; readonly server?: number; readonly traceRoot?: number };
  readonly baseline?: { readonly value: number; readonly runs: number; readonly change: number };
  /** A remark that does not change the verdict: measurement disagreement, point verdicts, Little's law. */
  readonly notes: readonly string[];
  /** Nothing was seen and the document says `onNoData: skip`: it has no say in the run's verdict. */
  readonly skipped?: true;
}
