// Puts everything known about a run into its record.
import type { Breakpoint } from '../core/model/breakpoint.ts';
import { mergeHistograms, quantileOf } from '../core/model/histogram-data.ts';
import type { FailureKind, LoadGroup, LoadResult } from '../core/model/load.ts';
import type { Observations } from '../core/model/observations.ts';
import type {
  BaselineRecord,
  Run,
  RunPlan,
  RunStatus,
  StepFailure,
  StepSummary,
  TimelinePoint,
} from '../core/model/run.ts';
import type { UnixMillis } from '../core/model/units.ts';
import { unjudgedRun } from '../core/model/unjudged-run.ts';
import type { Verdict } from '../core/model/verdict.ts';
import type { Verification } from '../core/model/verification.ts';
import { comparedRecords } from '../core/slo/evidence/compared-statistic.ts';
import type { Judged } from '../core/slo/judge.ts';
import type { RunAttribution } from './attribute-run.ts';

export interface Conclusion {
  readonly plan: RunPlan;
  readonly verification: Verification;
  readonly observations: Observations;
  readonly judged: Judged & { readonly breakpoint?: Breakpoint };
  readonly attributed: RunAttribution;
  /** Somebody stopped the run before it was judged, be it in the load or in the wait for telemetry. */
  readonly interrupted: boolean;
  readonly endedAt: UnixMillis;
}

export function completeRun(conclusion: Conclusion): Run {
  const { plan, verification, observations, judged, attributed, interrupted, endedAt } = conclusion;
  const { load } = observations;
  const message = endMessage(load, interrupted) ?? judged.message;
  return {
    plan,
    status: statusOf(load, interrupted),
    verdict: judged.verdict,
    endedAt,
    window: observations.window,
    phases: verification.evaluation.phases.filter((phase) => wasReached(phase, load)),
    validity: judged.validity,
    verdicts: judged.verdicts,
    attribution: attributed.whole,
    byRequirement: attributed.byRequirement,
    steps: (load?.groups ?? [])
      .filter((group) => wasReached(group.phase, load))
      .map((group) => stepSummary(group, load)),
    timeline: load === undefined ? [] : timelineOf(load),
    ...(load === undefined ? {} : { generator: load.generator }),
    dropped: load?.dropped ?? [],
    gaps: observations.gaps,
    baselines: baselineRecords(conclusion),
    ...(judged.breakpoint === undefined ? {} : { breakpoint: judged.breakpoint }),
    ...(message === undefined ? {} : { message }),
  };
}

/** A run that could not be made. */
export function failedRun(plan: RunPlan, endedAt: UnixMillis, message: string): Run {
  return unjudgedRun(plan, {
    status: 'failed',
    verdict: 'error',
    endedAt,
    message,
    notAttributable: 'the run could not be made',
  });
}

/** Whether the load came as far as the phase. */
function wasReached(phase: string, load: LoadResult | undefined): boolean {
  const startMs = load?.phases.find(({ name }) => name === phase)?.startMs ?? 0;
  return load === undefined || startMs < stoppedAtMs(load);
}

/** When a load that did not run to its end was stopped, on the run's clock; infinity for one that did. */
function stoppedAtMs({ aborted, endedEarly, interrupted, durationMs }: LoadResult): number {
  return aborted?.atMs ?? endedEarly?.atMs ?? (interrupted ? durationMs : Number.POSITIVE_INFINITY);
}

function statusOf(load: LoadResult | undefined, interrupted: boolean): RunStatus {
  if (load?.aborted !== undefined) return 'aborted';
  return interrupted || load?.interrupted === true ? 'interrupted' : 'completed';
}

function endMessage(load: LoadResult | undefined, interrupted: boolean): string | undefined {
  if (load?.aborted !== undefined) {
    return `stopped by the safety limit ${load.aborted.limit} at ${(load.aborted.atMs / 1000).toFixed(1)} s`;
  }
  if (load?.interrupted === true)
    return `interrupted after ${(load.durationMs / 1000).toFixed(1)} s; judged on what was seen`;
  return interrupted ? 'stopped while telemetry was awaited; judged on what was seen' : undefined;
}

function stepSummary(group: LoadGroup, load: LoadResult | undefined): StepSummary {
  const phase = load?.phases.find((each) => each.name === group.phase);
  const durationMs = phase === undefined ? 0 : Math.min(phase.endMs, load?.durationMs ?? phase.endMs) - phase.startMs;
  return {
    scenario: group.scenario,
    step: group.step,
    phase: group.phase,
    requests: group.requests,
    failed: group.failed,
    ratePerSecond: durationMs > 0 ? group.requests / (durationMs / 1000) : 0,
    p50Ms: quantileMs(group, 0.5),
    p95Ms: quantileMs(group, 0.95),
    p99Ms: quantileMs(group, 0.99),
    maxMs: (group.histograms.response?.max ?? 0) / 1000,
    serviceP99Ms: group.histograms.service === undefined ? 0 : (quantileOf(group.histograms.service, 0.99) ?? 0) / 1000,
    ...(group.failed === 0 ? {} : { failures: failuresOf(group) }),
  };
}

/** The most frequent first. Statuses are told apart where those of 400 and above are just the refused ones. */
function failuresOf({ failureCounts, failureMessages = {}, statusCounts }: LoadGroup): readonly StepFailure[] {
  const refused = Object.entries(statusCounts).filter(([status]) => Number(status) >= 400);
  const isTold = refused.reduce((sum, [, count]) => sum + count, 0) === failureCounts.status;
  const kinds = (Object.keys(failureCounts) as FailureKind[]).filter((kind) => !(kind === 'status' && isTold));
  return [
    ...(isTold ? refused.map(([status, count]) => ({ what: `status ${status}`, count })) : []),
    ...kinds.map((kind) => {
      const message = failureMessages[kind];
      return { what: kind, count: failureCounts[kind] ?? 0, ...(message === undefined ? {} : { message }) };
    }),
  ].sort((a, b) => b.count - a.count);
}

function quantileMs(group: LoadGroup, q: number): number {
  return group.histograms.response === undefined ? 0 : (quantileOf(group.histograms.response, q) ?? 0) / 1000;
}

/** All steps together, slice by slice, to the end of the load. */
function timelineOf(load: LoadResult): readonly TimelinePoint[] {
  const endMs = stoppedAtMs(load);
  const slices = new Map<number, { phase: string; parts: LoadGroup['slices'][number][] }>();
  for (const group of load.groups) {
    for (const slice of group.slices) {
      if (slice.startMs >= endMs) continue;
      const at = slices.get(slice.startMs);
      if (at === undefined) slices.set(slice.startMs, { phase: group.phase, parts: [slice] });
      else at.parts.push(slice);
    }
  }
  return [...slices.entries()]
    .sort(([a], [b]) => a - b)
    .map(([atMs, { phase, parts }]) => {
      const merged = mergeHistograms(parts.map((part) => part.response));
      const at = (q: number) => (quantileOf(merged, q) ?? 0) / 1000;
      return {
        atMs,
        phase,
        requests: parts.reduce((sum, part) => sum + part.requests, 0),
        failed: parts.reduce((sum, part) => sum + part.failed, 0),
        p50Ms: at(0.5),
        p95Ms: at(0.95),
        p99Ms: at(0.99),
      };
    });
}

/** What later runs may compare with: of a degradation each statistic that it compares, of other requirements the observed value. */
function baselineRecords({ verification, judged, observations }: Conclusion): readonly BaselineRecord[] {
  return judged.verdicts.flatMap((verdict) => {
    const requirement = verification.requirements.find(({ id }) => id === verdict.requirement);
    return requirement?.type === 'degradation'
      ? comparedRecords(requirement, { evaluation: verification.evaluation, observations })
      : observedRecord(verdict, observations);
  });
}

function observedRecord(verdict: Verdict, { load }: Observations): readonly BaselineRecord[] {
  const clause = verdict.clauses.find(({ observed }) => observed !== undefined);
  const value = clause?.observed?.value;
  if (value === undefined) return [];
  const watch = load?.watches.find(
    (each) => each.id === verdict.requirement || each.id.startsWith(`${verdict.requirement}/`),
  );
  return [
    {
      requirement: verdict.requirement,
      value,
      samples: clause?.decision?.samples ?? watch?.requests ?? 0,
      ...(watch === undefined ? {} : { histogram: watch.histogram }),
    },
  ];
}
