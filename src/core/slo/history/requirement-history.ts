// Reads a requirement's history off the runs: breaks that open and close, and the last change of level.
import type { LevelChange, Regression, RequirementHistory, RunMark } from '../../model/history.ts';
import type { Run } from '../../model/run.ts';
import type { ClauseVerdict, Verdict, VerdictName } from '../../model/verdict.ts';
import { changePoints } from '../statistics/change-point.ts';

/** Fewer runs than this have no level that could have changed. */
const fewestRuns = 10;
/** Smaller changes of level are not worth a reader's time. */
const leastChange = 0.05;
/** Of Apache Otava: windows of 50 runs, one chance in a thousand. */
const changeOptions = { window: 50, maxP: 0.001, minMagnitude: leastChange };

/**
 * `runs` in order of time, the run in question last; all of one verification, environment and kind. Verdicts that tell nothing (inconclusive, error, not judged) neither open nor
 * close a break. Levels are compared among runs of the newest run's workload only. Requirements of which there is nothing to tell are left out.
 */
export function requirementHistories(runs: readonly Run[]): readonly RequirementHistory[] {
  const newest = runs.at(-1);
  if (newest === undefined) return [];
  const alike = runs.filter((run) => run.plan.workloadHash === newest.plan.workloadHash);
  return newest.verdicts.flatMap((verdict) => {
    const { open, closed } = regressionOf(verdict.requirement, runs);
    const change = levelChange(verdict, alike);
    if (open === undefined && closed === undefined && change === undefined) return [];
    return [
      {
        requirement: verdict.requirement,
        ...(open === undefined ? {} : { open }),
        ...(closed === undefined ? {} : { closed }),
        ...(change === undefined ? {} : { change }),
      },
    ];
  });
}

function regressionOf(
  requirement: string,
  runs: readonly Run[],
): { readonly open?: Regression; readonly closed?: Regression } {
  let open: Regression | undefined;
  let closed: Regression | undefined;
  let lastKept: RunMark | undefined;
  for (const run of runs) {
    closed = undefined;
    const name = verdictIn(run, requirement)?.verdict;
    if (name === 'fail') open = { ...(open ?? begun(run, lastKept)), runs: (open?.runs ?? 0) + 1 };
    if (!isKept(name)) continue;
    closed = open;
    open = undefined;
    lastKept = markOf(run);
  }
  return { ...(open === undefined ? {} : { open }), ...(closed === undefined ? {} : { closed }) };
}

const begun = (run: Run, lastKept: RunMark | undefined): Regression => ({
  since: markOf(run),
  runs: 0,
  ...(lastKept === undefined ? {} : { lastKept }),
});

const isKept = (name: VerdictName | undefined): boolean => name === 'pass' || name === 'warn';

/** The newest of the changes: older ones are what people know as normal. */
function levelChange(verdict: Verdict, runs: readonly Run[]): LevelChange | undefined {
  const deciding = verdict.clauses.find((clause) => clause.observed !== undefined);
  const unit = deciding?.observed?.unit;
  if (deciding === undefined || unit === undefined) return undefined;
  const stat = statOf(deciding);
  const seen = runs.flatMap((run) => {
    const clause = verdictIn(run, verdict.requirement)?.clauses.find((each) => statOf(each) === stat);
    const value = clause?.observed?.unit === unit ? clause.observed.value : undefined;
    return value !== undefined && Number.isFinite(value) ? [{ run, value }] : [];
  });
  if (seen.length < fewestRuns) return undefined;
  const values = seen.map(({ value }) => value);
  const point = changePoints(values, changeOptions).at(-1);
  const first = point && seen[point.index]?.run;
  const last = point && seen[point.index - 1]?.run;
  if (point === undefined || first === undefined || last === undefined || point.before === 0) return undefined;
  return {
    since: markOf(first),
    before: markOf(last),
    stat,
    from: point.before,
    to: point.after,
    unit,
    change: point.after / point.before - 1,
    runs: seen.length,
  };
}

/** `p99` of `p99 <= 300ms in phase peak`: limits may have been changed between two runs. */
function statOf({ clause }: ClauseVerdict): string {
  const phase = / in phase .*$/.exec(clause)?.[0] ?? '';
  return `${clause.split(/\s*(?:<=|>=|==|<|>|\bbetween\b)/)[0]?.trim() ?? clause}${phase}`;
}

function verdictIn(run: Run, requirement: string): Verdict | undefined {
  return run.verdicts.find((verdict) => verdict.requirement === requirement);
}

function markOf({ plan }: Run): RunMark {
  return {
    runId: plan.runId,
    at: plan.startedAt,
    ...(plan.commit === undefined ? {} : { commit: plan.commit }),
  };
}
