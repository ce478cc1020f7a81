// A run that breaks in our own code is recorded as failed, and told: it must not vanish.
import type { Run } from '../core/model/run.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunStore } from '../ports/run-store.ts';
import { failedRun } from '../verify/conclude.ts';
import { planRun } from '../verify/plan-run.ts';
import type { Execute, RunRequest } from './run-queue.ts';

export interface RecordedExecuteOptions {
  readonly execute: Execute;
  readonly store: RunStore;
  readonly clock: Clock;
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;
}

export function recordedExecute({ execute, store, clock, log }: RecordedExecuteOptions): Execute {
  return async (request, options) => {
    try {
      return await execute(request, options);
    } catch (cause) {
      const error = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
      log('run broke', { runId: request.runId, verification: request.verification.name, error });
      return recordFailure(request, cause, { store, clock });
    }
  };
}

/** What broke after the result was recorded has not changed it. */
async function recordFailure(
  { verification, runId, trigger }: RunRequest,
  cause: unknown,
  { store, clock }: Pick<RecordedExecuteOptions, 'store' | 'clock'>,
): Promise<Run> {
  const stored = await store.get(runId);
  if (stored.ok) return stored.value;
  const plan = planRun(verification, clock, {
    signal: AbortSignal.abort(),
    trigger,
    runId,
    traceIdPrefix: '',
    environment: {},
    feeds: {},
  });
  const message = `the run broke: ${cause instanceof Error ? cause.message : String(cause)}`;
  const run = failedRun(plan, clock.now(), message);
  // Refused where the run had begun before it broke; then it is only ended.
  await store.begin(plan);
  await store.finish(run);
  return run;
}
