// A plan that contradicts its own limits or its requirements' needs.
import { peakRequests, requestsPerJourney } from '../../core/load/requests-per-journey.ts';
import type { Diagnose } from '../diagnostics/diagnose.ts';
import { defaults } from '../schema/defaults.ts';
import { type NodePath, nodeAt, spanAt } from '../yaml/located-node.ts';
import type { CheckedVerification } from './checked-verification.ts';

/** Reports phases with more requests a second than `safety.maxRate` and baselines, phases or routes asked of a verification that drives no load. */
export function checkLoad({ root, fields }: CheckedVerification, diagnose: Diagnose): void {
  const workload = fields?.spec.workload?.workload;
  if (fields === undefined || workload === undefined) return;
  const { maxRate } = fields.spec.safety ?? defaults.safety;
  const steps = requestsPerJourney(workload.scenarios);
  for (const [index, phase] of workload.phases.entries()) {
    const journeys = phase.pace.kind === 'rate' ? Math.max(phase.pace.from, phase.pace.to) : 0;
    const requests = peakRequests(phase.pace, workload.scenarios);
    if (requests <= maxRate) continue;
    const own: NodePath = ['spec', 'workload', 'phases', index, 'rate'];
    const path = nodeAt(root, own) === undefined ? ['spec', 'workload', 'rate'] : own;
    diagnose(
      'SPEC_SAFETY_LIMIT',
      spanAt(root, path),
      steps === 1
        ? `the phase \`${phase.name}\` reaches ${requests}/s, beyond the safety limit of ${maxRate}/s`
        : `the phase \`${phase.name}\` reaches ${journeys} journeys/s of ${Number(steps.toFixed(2))} requests each, ${requests} requests/s, beyond the safety limit of ${maxRate}/s`,
      `to send so much on purpose, write \`safety: { maxRate: ${Math.ceil(requests)}/s }\``,
    );
  }
}
