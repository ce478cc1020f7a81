// Finds the runs that this one may be compared with: same verification, environment, workload and kind of run.
import type { BaselineObservation, Gap } from '../core/model/observations.ts';
import type { BaselineRecord, Run, RunSummary } from '../core/model/run.ts';
import type { ObserveInput } from './observe-input.ts';

export interface BaselineReading {
  readonly found: readonly BaselineObservation[];
  readonly gaps: readonly Gap[];
}

/** How many stored runs are looked through, and how many of them are read whole. */
const searchDepth = 200;
const readDepth = 50;
const defaultRuns = 5;

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
  const candidates = listed.value.filter((summary) => isComparable(summary, input)).slice(0, readDepth);
  const accepted: Run[] = [];
  for (const summary of candidates) {
    if (accepted.length >= (input.verification.baseline?.runs ?? defaultRuns)) break;
    const run = await store.get(summary.runId);
    if (run.ok && isAccepted(run.value, input)) accepted.push(run.value);
  }
  const found = accepted.flatMap((run) =>
    run.baselines
      .flatMap((record) => withStatistic(record, run))
      .map((record): BaselineObservation => ({ ...record, runId: run.plan.runId })),
  );
  return { found, gaps: [] };
}

/** Runs of before records named their statistic kept one value a requirement; what the run's own clauses observed says of which each is. */
function withStatistic(record: BaselineRecord, run: Run): readonly BaselineRecord[] {
  if (record.statistic !== undefined) return [record];
  const verdict = run.verdicts.find(
    ({ requirement, type }) => requirement === record.requirement && type === 'degradation',
  );
  const known = (verdict?.clauses ?? []).flatMap(({ clause, observed }) => {
    const statistic = /^([a-z][a-z0-9.]*) *<=? *baseline\b/.exec(clause)?.[1];
    if (statistic === undefined || observed?.value === undefined) return [];
    return [{ requirement: record.requirement, statistic, value: observed.value, samples: record.samples }];
  });
  return known.length > 0 ? known : [record];
}

/** By what the list of runs says. */
function isComparable(run: RunSummary, { plan, verification }: ObserveInput): boolean {
  const mayHavePassed = run.verdict !== 'fail' && run.verdict !== 'error';
  const accepted = verification.baseline?.from === 'any' || mayHavePassed;
  const oldest = plan.startedAt - (verification.baseline?.maxAge ?? Number.POSITIVE_INFINITY);
  return run.runId !== plan.runId && run.workloadHash === plan.workloadHash && accepted && run.startedAt >= oldest;
}

/** By what the run itself says: production and load are two things, and branches may be kept apart. */
function isAccepted(run: Run, { plan, verification }: ObserveInput): boolean {
  const { from, branch } = verification.baseline ?? { from: 'passed' };
  const ofBranch = branch === undefined || run.plan.branch === undefined || run.plan.branch === branch;
  return run.plan.mode === plan.mode && ofBranch && (from === 'any' || hasPassed(run));
}

/** A run that only lacked a baseline has passed all the same: else nobody would ever have the first one. */
function hasPassed(run: Run): boolean {
  if (run.verdict === 'pass' || run.verdict === 'warn') return true;
  return (
    run.verdict === 'inconclusive' &&
    run.verdicts.some(({ reason }) => reason === 'no-baseline') &&
    run.verdicts.every(
      ({ verdict, priority, reason, skipped }) =>
        priority !== 'must' || skipped === true || verdict === 'pass' || verdict === 'warn' || reason === 'no-baseline',
    )
  );
}
