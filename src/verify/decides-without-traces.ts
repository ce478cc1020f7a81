// Whether a run without traces is worth its load.
import type { Verification } from '../core/model/verification.ts';
import { needsOfOne } from '../core/slo/needs.ts';

/** True when at least one requirement is judged without looking into traces: from the client's own measurements or from metrics. */
export function decidesWithoutTraces({ evaluation, requirements, slos }: Verification): boolean {
  const context = { evaluation, phases: evaluation.phases, slos, all: requirements };
  return requirements.some((requirement) => needsOfOne(requirement, context).measures.length === 0);
}
