// Adds up what the workers measured into one LoadResult.
import { expectedArrivals } from '../../core/load/arrival-schedule.ts';
import { generatorHealth } from '../../core/load/generator-health.ts';
import { mergeData } from '../../core/load/histogram.ts';
import type { OwnLimit } from '../../core/load/own-limits.ts';
import { createRandom } from '../../core/load/random.ts';
import { mergeReservoirs } from '../../core/load/reservoir.ts';
import { type TimedPhase, timeline } from '../../core/load/timeline.ts';
import type { DropReason, LoadResult, PhaseWindow } from '../../core/model/load.ts';
import { millis, perSecond, unixMillis } from '../../core/model/units.ts';
import type { LoadPlan } from '../../ports/load-engine.ts';
import { mergeGroups } from './counting/merge-groups.ts';
import { mergeWatches } from './counting/merge-watches.ts';
import type { WorkerPart } from './workers/worker-protocol.ts';

export interface RunEnd {
  readonly startUnixMs: number;
  /** When sending ended on the run's clock: the plan's end, or the moment of the stop. */
  readonly stoppedAtMs: number;
  readonly aborted: LoadResult['aborted'];
  readonly interrupted: boolean;
  readonly endedEarly?: LoadResult['endedEarly'];
}

/** `parts`: one for each worker that delivered; at least one. */
export function mergeParts(plan: LoadPlan, parts: readonly WorkerPart[], end: RunEnd): LoadResult {
  const phases = timeline(plan.workload.phases, plan.workload.warmUp);
  const windows = phases.map((phase, index) => windowOf(phase, index, parts, end.stoppedAtMs));
  const groups = mergeGroups(
    parts.map((part) => part.groups),
    phases,
    plan.slice,
  );
  const random = createRandom(plan.seed + 1);
  return {
    traceIdPrefix: plan.traceIdPrefix,
    startedAt: unixMillis(end.startUnixMs),
    durationMs: millis(Math.max(end.stoppedAtMs, ...parts.map((part) => part.endedMs))),
    phases: windows,
    groups,
    watches: mergeWatches(
      plan,
      parts.map((part) => part.watches),
      phases,
      groups,
      random,
    ),
    uniform: mergeReservoirs(
      parts.map((part) => part.uniform),
      plan.uniformSize,
      random,
    ),
    dropped: droppedOf(phases, parts),
    generator: healthOf(plan, windows, parts, end),
    ...(end.aborted === undefined ? {} : { aborted: end.aborted }),
    interrupted: end.interrupted,
    ...(end.endedEarly === undefined ? {} : { endedEarly: end.endedEarly }),
  };
}

function windowOf(phase: TimedPhase, index: number, parts: readonly WorkerPart[], stoppedAtMs: number): PhaseWindow {
  const due = sum(parts.map((part) => part.phases[index]?.due ?? 0));
  const sent = sum(parts.map((part) => part.phases[index]?.sent ?? 0));
  return {
    name: phase.name,
    role: phase.role,
    startMs: millis(phase.startMs),
    endMs: millis(phase.endMs),
    plannedArrivals: Math.max(due, plannedArrivals(phase, stoppedAtMs)),
    sentArrivals: sent,
    plannedRate:
      phase.pace.kind === 'rate'
        ? { from: phase.pace.from, to: phase.pace.to }
        : { from: perSecond(0), to: perSecond(0) },
    ...(phase.pace.kind === 'concurrency' ? { users: phase.pace.users } : {}),
  };
}

/**
 * What a phase plans at the least: the integral of its rate, of which one arrival may fall on the other side of a boundary. A Poisson process that ran to
 * its end has no other plan than what came due, nor has a closed model.
 */
function plannedArrivals(phase: TimedPhase, stoppedAtMs: number): number {
  if (phase.pace.kind === 'concurrency') return 0;
  const isWhole = stoppedAtMs >= phase.endMs;
  if (!isWhole) return Math.round(expectedArrivals(phase));
  return phase.pace.arrivals === 'poisson' ? 0 : Math.floor(expectedArrivals(phase) + 1e-6);
}

function droppedOf(phases: readonly TimedPhase[], parts: readonly WorkerPart[]): LoadResult['dropped'] {
  return phases.flatMap(({ name }, index) => {
    const counts = new Map<DropReason, number>();
    for (const part of parts) {
      for (const [reason, count] of Object.entries(part.phases[index]?.dropped ?? {})) {
        counts.set(reason as DropReason, (counts.get(reason as DropReason) ?? 0) + count);
      }
    }
    return Array.from(counts, ([reason, count]) => ({ phase: name, reason, count }));
  });
}

function healthOf(
  plan: LoadPlan,
  windows: readonly PhaseWindow[],
  parts: readonly WorkerPart[],
  end: RunEnd,
): LoadResult['generator'] {
  const ran = windows.filter((window) => window.startMs < end.stoppedAtMs);
  const from = windows[0]?.startMs ?? 0;
  const until = Math.min(end.stoppedAtMs, windows.at(-1)?.endMs ?? from);
  // Of a phase that was cut short only what came due until then was wanted.
  const wanted = ran.map((window) => (window.endMs <= until ? window.plannedArrivals : dueOf(window, windows, parts)));
  return generatorHealth({
    plannedArrivals: sum(wanted),
    takenUp: sum(ran.map((window) => dueOf(window, windows, parts))),
    hasPlannedRate: ran.some((window) => window.users === undefined),
    sentArrivals: sum(parts.map((part) => part.left)),
    seconds: Math.max(0, until - from) / 1000,
    sendingSeconds: Math.max(0, until - from, ...parts.map((part) => part.lastLeftMs - from)) / 1000,
    ownLimits: ownLimitsOf(parts),
    lag: mergeData(parts.map((part) => part.lag)),
    loopDelay: mergeData(parts.map((part) => part.loopDelay)),
    cpuSeconds: sum(parts.map((part) => part.cpuSeconds)),
    peakCpuShare: Math.max(...parts.map((part) => part.peakCpuShare)),
    ...(plan.sendLagLimit === undefined ? {} : { lagLimitMs: plan.sendLagLimit }),
    spins: plan.scheduler === 'spin',
    maxInFlight: sum(parts.map((part) => part.maxInFlight)),
    connectionsOpened: sum(parts.map((part) => part.connectionsOpened)),
    connectionWaits: sum(parts.map((part) => part.connectionWaits)),
  });
}

function ownLimitsOf(parts: readonly WorkerPart[]): WorkerPart['ownLimits'] {
  const limits: Partial<Record<OwnLimit, number>> = {};
  for (const part of parts) {
    for (const limit of Object.keys(part.ownLimits) as OwnLimit[])
      limits[limit] = (limits[limit] ?? 0) + (part.ownLimits[limit] ?? 0);
  }
  return limits;
}

/** Arrivals of a phase that the workers took up. */
function dueOf(window: PhaseWindow, windows: readonly PhaseWindow[], parts: readonly WorkerPart[]): number {
  const index = windows.indexOf(window);
  return sum(parts.map((part) => part.phases[index]?.due ?? 0));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
