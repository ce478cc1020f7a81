// A plan that contradicts its own limits or its requirements' needs.
import { peakRequests, requestsPerJourney } from '../../core/load/requests-per-journey.ts';
import type { Diagnose } from '../diagnostics/diagnose.ts';
import { defaults } from '../schema/defaults.ts';
import { type LocatedNode, type NodePath, nodeAt, spanAt } from '../yaml/located-node.ts';
import type { CheckedVerification } from './checked-verification.ts';

/** Reports phases with more requests a second than `safety.maxRate`, or more users than `safety.maxInFlight` lets send at once. */
export function checkLoad(checked: CheckedVerification, diagnose: Diagnose): void {
  checkRates(checked, diagnose);
  checkUsers(checked, diagnose);
}

/** Each user has a request under way; of those beyond the limit every request would be dropped. */
function checkUsers({ root, fields }: CheckedVerification, diagnose: Diagnose): void {
  const phases = fields?.spec.workload?.workload.phases ?? [];
  const { maxInFlight } = fields?.spec.safety ?? defaults.safety;
  const isDefault = nodeAt(root, ['spec', 'safety', 'maxInFlight']) === undefined;
  for (const [index, { name, pace }] of phases.entries()) {
    if (pace.kind !== 'concurrency' || pace.users <= maxInFlight) continue;
    diagnose(
      'SPEC_SAFETY_LIMIT',
      spanAt(root, levelPath(root, index, 'concurrency')),
      `the phase \`${name}\` has ${pace.users} users, beyond the ${isDefault ? 'usual ' : ''}safety limit of ${maxInFlight} requests in flight`,
      `to let so many send at once, write \`safety: { maxInFlight: ${pace.users} }\``,
    );
  }
}

/** The phase's own level, else that of the preset. */
function levelPath(root: LocatedNode, index: number, key: 'rate' | 'concurrency'): NodePath {
  const own = ['spec', 'workload', 'phases', index, key];
  return nodeAt(root, own) === undefined ? ['spec', 'workload', key] : own;
}

function checkRates({ root, fields }: CheckedVerification, diagnose: Diagnose): void {
  const workload = fields?.spec.workload?.workload;
  if (fields === undefined || workload === undefined) return;
  const { maxRate } = fields.spec.safety ?? defaults.safety;
  const steps = requestsPerJourney(workload.scenarios);
  for (const [index, phase] of workload.phases.entries()) {
    const journeys = phase.pace.kind === 'rate' ? Math.max(phase.pace.from, phase.pace.to) : 0;
    const requests = peakRequests(phase.pace, workload.scenarios);
    if (requests <= maxRate) continue;
    diagnose(
      'SPEC_SAFETY_LIMIT',
      spanAt(root, levelPath(root, index, 'rate')),
      steps === 1
        ? `the phase \`${phase.name}\` reaches ${requests}/s, beyond the safety limit of ${maxRate}/s`
        : `the phase \`${phase.name}\` reaches ${journeys} journeys/s of ${Number(steps.toFixed(2))} requests each, ${requests} requests/s, beyond the safety limit of ${maxRate}/s`,
      `to send so much on purpose, write \`safety: { maxRate: ${Math.ceil(requests)}/s }\``,
    );
  }
}
