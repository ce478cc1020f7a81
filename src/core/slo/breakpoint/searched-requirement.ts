// The requirement that a breakpoint search waits for, as the search counts it.
import type { Requirement } from '../../model/requirement.ts';
import { millis } from '../../model/units.ts';
import type { Verification } from '../../model/verification.ts';
import type { Phase } from '../../model/workload.ts';
import { requirementTypes } from '../requirement-types.ts';
import { stretchesOfRamp } from './rise-steps.ts';

/** Slices of the shortest step: enough that its bursts can be told, few enough that each holds requests. */
const slicesOfStep = 20;
/** Shorter slices than this hold no request worth counting. */
const finestMs = 50;

/**
 * A copy of the requirement named by `until` (else of the first `must` that the load generator itself can see broken at one step) under an id of its own, `<id>/rise`: its slices divide every step, so that short steps can be
 * judged one by one. Undefined when the workload searches for nothing.
 */
export function searchedRequirement({ workload, requirements, evaluation }: Verification): Requirement | undefined {
  if (workload?.testType !== 'breakpoint') return undefined;
  const id = workload.until ?? requirements.find(isSearchable)?.id;
  const wanted = requirements.find((each) => each.id === id);
  const rising = workload.phases.filter(({ name, role }) => role === 'load' && evaluation.phases.includes(name));
  if (wanted === undefined || rising.length === 0) return undefined;
  const shortest = Math.min(...rising.map(stepLength));
  const slice = millis(Math.min(wanted.slice, Math.max(finestMs, Math.floor(shortest / slicesOfStep))));
  return { ...wanted, id: `${wanted.id}/rise`, slice };
}

const isSearchable = ({ priority, source, type, options }: Requirement): boolean =>
  priority === 'must' &&
  source === 'client' &&
  requirementTypes[type].acrossPhases !== true &&
  // How requests ended is known of whole phases only: errors of one kind are not seen while a step lasts.
  !(type === 'errors' && options['count'] !== undefined);

/** The id in the document of a requirement that `searchedRequirement` gave. */
export const searchedId = (searched: Requirement): string => searched.id.slice(0, searched.id.lastIndexOf('/'));

const isRamp = ({ pace }: Phase): boolean => pace.kind === 'rate' && pace.from !== pace.to;

const stepLength = (phase: Phase): number => (isRamp(phase) ? phase.duration / stretchesOfRamp : phase.duration);
