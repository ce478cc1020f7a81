// Which recorded runs say how a verification stands.
import { ok, type Result } from '../core/model/result.ts';
import type { RunSummary } from '../core/model/run.ts';
import type { Verification } from '../core/model/verification.ts';
import type { RunStore, StoreError } from '../ports/run-store.ts';
import { workloadHash } from '../verify/plan-run.ts';

/** Runs looked through for one that came to an end. */
const lookedThrough = 100;

/**
 * Newest first, those that judge the document as the service has it: its environment, its load, every requirement and no field changed by the caller. The store
 * may be shared with `faultline run`, whose `--only`, `--set` and `observe` ask other questions.
 */
export async function documentRuns(
  verification: Verification,
  store: RunStore,
): Promise<Result<readonly RunSummary[], StoreError>> {
  const { name, environment } = verification;
  const listed = await store.list({ verification: name, environment, limit: lookedThrough });
  return listed.ok ? ok(listed.value.filter((run) => isOfDocument(run, verification))) : listed;
}

/** False for a run that asked another question than the document does now. */
export function isOfDocument(run: RunSummary, { workload, requirements }: Verification): boolean {
  const judged = new Set(run.requirements);
  return (
    run.mode === (workload === undefined ? 'observe' : 'run') &&
    run.workloadHash === workloadHash(workload) &&
    run.overrides === undefined &&
    judged.size === requirements.length &&
    requirements.every(({ id }) => judged.has(id))
  );
}

/** The newest of runs listed newest first that came to an end: while a run goes on, and after one that was interrupted, the verdict before it still holds. */
export function lastEndedRun(listed: readonly RunSummary[]): RunSummary | undefined {
  return listed.find(({ status, verdict }) => verdict !== undefined && status !== 'interrupted');
}
