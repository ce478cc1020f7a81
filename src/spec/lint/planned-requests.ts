// How many requests a plan sends for one requirement.
import { expectedArrivals } from '../../core/load/arrival-schedule.ts';
import { timeline } from '../../core/load/timeline.ts';
import type { Requirement } from '../../core/model/requirement.ts';
import type { Verification } from '../../core/model/verification.ts';
import type { Phase, Workload } from '../../core/model/workload.ts';

/** The phases that a requirement is judged on. */
export function judgedPhases(verification: Verification, requirement?: Requirement): readonly Phase[] {
  const phases = verification.workload?.phases ?? [];
  const wanted = requirement?.where.phase === undefined ? verification.evaluation.phases : [requirement.where.phase];
  return phases.filter((phase) => wanted.includes(phase.name));
}

/**
 * Requests of the requirement's scenario and route in some phases. Undefined for a closed workload, where the system's speed decides, and without a workload.
 */
export function plannedRequests(
  workload: Workload | undefined,
  requirement: Requirement,
  phases: readonly Phase[],
): number | undefined {
  if (workload === undefined || phases.some((phase) => phase.pace.kind === 'concurrency')) return undefined;
  const arrivals = timeline(phases, 0).reduce((sum, phase) => sum + expectedArrivals(phase), 0);
  return Math.floor(arrivals * requestsPerArrival(workload, requirement));
}

/** Mean number of matching requests that one journey makes: share of its scenario x matching steps. */
function requestsPerArrival({ scenarios }: Workload, { where }: Requirement): number {
  const weight = scenarios.reduce((sum, scenario) => sum + scenario.weight, 0);
  if (weight === 0) return 0;
  return scenarios.reduce((sum, scenario) => {
    if (where.scenario !== undefined && scenario.name !== where.scenario) return sum;
    const steps = scenario.steps.filter((step) => where.route === undefined || step.name === where.route).length;
    return sum + (scenario.weight / weight) * steps;
  }, 0);
}
