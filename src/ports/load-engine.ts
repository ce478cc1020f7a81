// Drives a workload and measures it.
import type { LoadResult, LoadSnapshot, Watch } from '../core/model/load.ts';
import type { Result } from '../core/model/result.ts';
import type { Millis } from '../core/model/units.ts';
import type { FeedRow, Workload } from '../core/model/workload.ts';

export interface LoadPlan {
  readonly workload: Workload;
  readonly watches: readonly Watch[];
  readonly seed: number;
  /** 16 hex digits; first half of every trace id. */
  readonly traceIdPrefix: string;
  readonly runId: string;
  /** Unit of the per-slice histograms. */
  readonly slice: Millis;
  /** Traces to keep for each watch and population. */
  readonly selectionSize: number;
  /** Size of the uniform sample over all judged requests. */
  readonly uniformSize: number;
  /** Phases whose requests may be selected. */
  readonly judgedPhases: readonly string[];
  /** How late requests may leave at p99 before the generator counts as unhealthy; the engine decides when absent. */
  readonly sendLagLimit?: Millis;
  /** Worker threads; the engine decides when absent. */
  readonly threads?: number;
  readonly scheduler?: 'tick' | 'timer' | 'spin';
  /** Most journeys that the users of closed phases begin; where all phases are closed the run ends with the last of them. Absent: until the phases end. */
  readonly journeys?: number;
  /** Values for `${env:NAME}`; only names the document mentions. */
  readonly environment: Readonly<Record<string, string>>;
  /** Parsed rows of the scenarios' feeds by name. */
  readonly feeds: Readonly<Record<string, readonly FeedRow[]>>;
}

export type LoadError =
  /** Nothing answers at the target: no load was sent. */
  | { readonly kind: 'unreachable'; readonly target: string; readonly message: string; readonly cause?: unknown }
  | { readonly kind: 'invalid-plan'; readonly message: string }
  | { readonly kind: 'engine'; readonly message: string; readonly cause?: unknown };

/**
 * Contract: `drive` first checks that the target accepts a connection (3 s at most), then sends the warm-up, then the phases. The schedule never waits
 * for a reply; what cannot be sent is counted in `dropped`. An abort of `signal` stops sending within one tick, waits at most 2 s for
 * replies and resolves with what was measured and `interrupted: true`; it never rejects. `onSnapshot` is called about once a second and must not throw.
 * `isEnough`, where given, is asked about once a second, never while it is still being asked, with everything measured so far (`endedEarly` tells when); it must not
 * throw. Once it says true nothing more is sent, replies under way are awaited for 2 s at most, and the result says `endedEarly`.
 */
export interface LoadEngine {
  readonly drive: (
    plan: LoadPlan,
    options: {
      readonly signal: AbortSignal;
      readonly onSnapshot?: (snapshot: LoadSnapshot) => void;
      readonly isEnough?: (soFar: LoadResult) => boolean;
    },
  ) => Promise<Result<LoadResult, LoadError>>;
}
