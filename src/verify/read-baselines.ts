// Finds the runs that this one may be compared with: same verification, workload and environment.
import type { BaselineObservation, Gap } from '../core/model/observations.ts';
import type { RunSummary } from '../core/model/run.ts';
import type { ObserveInput } from './observe-input.ts';

export interface BaselineReading {
  readonly found: readonly BaselineObservation[];
  readonly gaps: readonly Gap[];
}

/** How many stored runs are looked through. */
const searchDepth = 200;

/** Newest first. No baseline is no gap: the requirements that need one say so themselves. */
export async function readBaselines(input: ObserveInput): Promise<BaselineReading> {
  if (!input.needs.baseline) return { found: [], gaps: [] };
  const { store } = input.backends;
  const listed = await store.list({
    verification: input.verification.name,
    environment: input.verification.environment,
    status: 'completed',
    limit: searchDepth,
  });
  if (!listed.ok) return { found: [], gaps: [] };
  const wanted = listed.value
    .filter((run) => isComparable(run, input))
    .slice(0, input.verification.baseline?.runs ?? 5);
  const found: BaselineObservation[] = [];
  for (const summary of wanted) {
    const run = await store.get(summary.runId);
    if (run.ok && matchesBranch(run.value.plan.branch, input)) {
      found.push(...run.value.baselines.map((record) => ({ ...record, runId: summary.runId })));
    }
  }
  return { found, gaps: [] };
}

function isComparable(run: RunSummary, { plan, verification }: ObserveInput): boolean {
  const accepted = verification.baseline?.from === 'any' || run.verdict === 'pass' || run.verdict === 'warn';
  const oldest = plan.startedAt - (verification.baseline?.maxAge ?? Number.POSITIVE_INFINITY);
  return run.runId !== plan.runId && run.workloadHash === plan.workloadHash && accepted && run.startedAt >= oldest;
}

function matchesBranch(branch: string | undefined, { verification }: ObserveInput): boolean {
  const wanted = verification.baseline?.branch;
  return wanted === undefined || branch === undefined || branch === wanted;
}
