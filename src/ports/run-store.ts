// Remembers runs.
import type { Result } from '../core/model/result.ts';
import type { Run, RunPlan, RunSummary } from '../core/model/run.ts';

export interface StoreError {
  /** `unfinished`: the run goes on, here or in another process that shares the store. */
  readonly kind: 'unavailable' | 'corrupt' | 'conflict' | 'not-found' | 'unfinished';
  readonly message: string;
  readonly cause?: unknown;
}

export interface RunFilter {
  readonly verification?: string;
  readonly environment?: string;
  readonly status?: RunSummary['status'];
  /** Newest first; at most this many (1..1000). */
  readonly limit: number;
  /** Only runs started before this run id's start, for paging. */
  readonly before?: string;
}

/**
 * Contract: `begin` makes the run visible as `running`, and `get` answers `unfinished`; `finish` replaces it by its result, all or nothing. A run begun by a process that is gone is
 * `interrupted` from the next `open` on, and `get` gives what its plan says (lostRun). Ids are unique; a second `begin` of one id is a `conflict`. What was finished is never lost or half-written, whatever ends the process.
 */
export interface RunStore {
  readonly begin: (plan: RunPlan) => Promise<Result<void, StoreError>>;
  readonly finish: (run: Run) => Promise<Result<void, StoreError>>;
  readonly get: (runId: string) => Promise<Result<Run, StoreError>>;
  readonly list: (filter: RunFilter) => Promise<Result<readonly RunSummary[], StoreError>>;
  /**
   * Removes ended runs of the verification beyond its newest `keep`; how many. What later runs may be compared with stays: of those beyond, the newest 50 that passed
   * in each environment under each workload.
   */
  readonly removeOld: (verification: string, keep: number) => Promise<Result<number, StoreError>>;
  /** Small durable values for other parts (alert states, schedules), by key. */
  readonly readState: (key: string) => Promise<Result<string | undefined, StoreError>>;
  readonly writeState: (key: string, value: string) => Promise<Result<void, StoreError>>;
  readonly close: () => Promise<void>;
}
