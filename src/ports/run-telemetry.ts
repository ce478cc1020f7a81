// The product's own telemetry of a run: a span for the run and each stage, and the client spans of selected requests.
import type { Sample } from '../core/model/load.ts';
import type { RunPlan } from '../core/model/run.ts';
import type { UnixMillis } from '../core/model/units.ts';

/** Contract: never throws, never waits for the network; `flush` gives what is queued 5 s to leave. */
export interface RunTelemetry {
  /** Runs `work` inside a span named for the stage; a thrown error marks the span and goes on. */
  readonly stage: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  /** Exports the client span of each sample under the ids that were sent, with its true times. */
  readonly clientSpans: (plan: RunPlan, startedAt: UnixMillis, samples: readonly Sample[]) => void;
  readonly flush: () => Promise<void>;
}
