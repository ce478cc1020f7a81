// Which services ran short of CPU, as far as metrics tell.
import type { SaturationSignal } from '../../../model/observations.ts';
import type { MechanismContext } from '../../mechanism.ts';
import type { ResourceChange } from '../../metric-corroboration.ts';

/** A rise beyond the reference's range (ResourceChange.score), and one that is more than a wobble. */
const clearRise = 3;
const leastFactor = 1.3;
const usedUp = 0.85;

/** The clearest rise of one of `signals` at `service`; undefined when none rose, or none is measured. */
export function risenResource(
  { resources }: MechanismContext,
  service: string,
  ...signals: readonly SaturationSignal[]
): ResourceChange | undefined {
  return resources
    .filter((each) => each.service === service && signals.includes(each.signal) && hasRisen(each))
    .sort((a, b) => b.score - a.score)[0];
}

/** The process had less CPU than it wanted: CPU time, throttling or a late event loop. */
export function cpuRise(context: MechanismContext, service: string): ResourceChange | undefined {
  return risenResource(context, service, 'cpu', 'throttling', 'event-loop');
}

/** Whether any of `signals` is measured at `service`: only then its silence means something. */
export function isMeasured(
  { resources }: MechanismContext,
  service: string,
  ...signals: readonly SaturationSignal[]
): boolean {
  return resources.some((each) => each.service === service && signals.includes(each.signal));
}

/** Without a healthy time to compare with, only a resource that is nearly used up speaks for itself. */
function hasRisen({ score, reference, observed, utilisation }: ResourceChange): boolean {
  if (Number.isNaN(reference)) return (utilisation?.observed ?? 0) >= usedUp;
  return score > clearRise && observed >= leastFactor * Math.max(0, reference);
}
