// What a caller of the use case decides for one run.
import type { LoadSnapshot } from '../core/model/load.ts';
import type { RunPlan } from '../core/model/run.ts';
import type { Millis } from '../core/model/units.ts';
import type { FeedRow } from '../core/model/workload.ts';

export interface VerifyOptions {
  readonly signal: AbortSignal;
  readonly trigger: RunPlan['trigger'];
  /** Judge production telemetry of this much past instead of driving load. */
  readonly observeSince?: Millis;
  /** Absent: a new one; a caller that announces the run before it starts makes it with `newRunId`. */
  readonly runId?: string;
  /** Absent: drawn from the clock's randomness. */
  readonly seed?: number;
  /** Paths of the document's fields that the caller changed for this run. */
  readonly overrides?: readonly string[];
  readonly commit?: string;
  readonly branch?: string;
  /** 16 hex digits that every trace id of the run begins with; the embedded receiver was opened with it. */
  readonly traceIdPrefix: string;
  /** Values of `${env:NAME}` that the scenarios mention. */
  readonly environment: Readonly<Record<string, string>>;
  /** Rows of the scenarios' feeds. */
  readonly feeds: Readonly<Record<string, readonly FeedRow[]>>;
  readonly threads?: number;
  readonly scheduler?: 'tick' | 'timer' | 'spin';
  readonly onProgress?: (progress: Progress) => void;
}

/** Where a run stands, for a status line. */
export type Progress =
  | { readonly kind: 'started'; readonly plan: RunPlan }
  | { readonly kind: 'load'; readonly snapshot: LoadSnapshot }
  | { readonly kind: 'stage'; readonly stage: Stage; readonly detail: string };

export type Stage = 'load' | 'traces' | 'metrics' | 'judge' | 'attribute' | 'record';
