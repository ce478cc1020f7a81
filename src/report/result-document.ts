// Shape of the result document (REQUIREMENTS.md 5), schema requirement-result/v1.
import type { Breakpoint } from '../core/model/breakpoint.ts';
import type { GeneratorHealth } from '../core/model/load.ts';
import type { Gap } from '../core/model/observations.ts';
import type { Run, RunPlan, RunStatus, StepSummary } from '../core/model/run.ts';
import type { VerdictName } from '../core/model/verdict.ts';
import type { AnalysisJson } from './analysis-document.ts';
import type { RequirementJson } from './result-requirement.ts';

/** Times are RFC 3339 in UTC; durations in seconds unless the field's name says milliseconds. A field may be added, none renamed. */
export interface ResultDocument {
  readonly schema: 'requirement-result/v1';
  readonly runId: string;
  readonly verification: string;
  readonly service: string;
  readonly environment: string;
  readonly commit?: string;
  readonly branch?: string;
  readonly workloadHash: string;
  readonly seed: number;
  readonly trigger: RunPlan['trigger'];
  readonly mode: RunPlan['mode'];
  readonly target?: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly window: { readonly start: string; readonly end: string; readonly phases: readonly string[] };
  readonly status: RunStatus;
  readonly verdict: VerdictName;
  readonly message?: string;
  readonly validity: {
    readonly ok: boolean;
    readonly reasons: readonly string[];
    /** Only what is measured on traces may not be judged. */
    readonly touches?: 'traces';
    /** What was found broken is; nothing may pass. */
    readonly failuresStand?: true;
    /** Shares 0..1. */
    readonly droppedIterations: number;
    readonly traceCoverage: number;
    /** With 0 the coverage says nothing. */
    readonly tracesAsked?: number;
    readonly sendLagP99Ms: number;
  };
  /** Worst first. */
  readonly requirements: readonly RequirementJson[];
  readonly attribution: AnalysisJson;
  /** Only of a run that searched for a breaking point. Times in milliseconds of the run's clock, values in the unit beside them. */
  readonly breakpoint?: Breakpoint;
  readonly steps: readonly StepSummary[];
  readonly dropped: Run['dropped'];
  readonly generator?: GeneratorHealth;
  readonly gaps: readonly Gap[];
}
