// Which part of the run a requirement looks at: its phases, its requests.
import type { LoadGroup, LoadResult, PhaseWindow, WatchSlice } from '../../model/load.ts';
import type { Requirement } from '../../model/requirement.ts';
import type { NeedsContext } from '../requirement-type.ts';

/** The phases that count for a requirement: the one it names, else all that are judged. */
export function phasesOf(requirement: Requirement, context: Pick<NeedsContext, 'evaluation'>): readonly string[] {
  return requirement.where.phase === undefined ? context.evaluation.phases : [requirement.where.phase];
}

/** Steps in the requirement's scenario, route and phases. */
export function groupsOf(load: LoadResult, requirement: Requirement, phases: readonly string[]): readonly LoadGroup[] {
  const { scenario, route } = requirement.where;
  return load.groups.filter(
    (group) =>
      phases.includes(group.phase) &&
      (scenario === undefined || group.scenario === scenario) &&
      (route === undefined || group.step === route),
  );
}

export function slicesOf(slices: readonly WatchSlice[], phases: readonly string[]): readonly WatchSlice[] {
  return slices.filter((slice) => phases.includes(slice.phase));
}

/** The windows of the phases, in the order they were run, cut at the end of the run. */
export function phaseWindows(load: LoadResult, phases: readonly string[]): readonly PhaseWindow[] {
  return load.phases.filter((phase) => phases.includes(phase.name) && phase.startMs < load.durationMs);
}

/** Milliseconds that the phases lasted, cut at the end of the run. */
export function phaseDuration(load: LoadResult, phases: readonly string[]): number {
  return phaseWindows(load, phases).reduce(
    (sum, phase) => sum + Math.max(0, Math.min(phase.endMs, load.durationMs) - phase.startMs),
    0,
  );
}
