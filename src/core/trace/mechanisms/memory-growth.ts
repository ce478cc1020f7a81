// Memory growth: a service holds more and more, and slows down with it.
import type { CandidateFinding, MechanismContext, MechanismDetector } from '../mechanism.ts';
import type { ResourceChange } from '../metric-corroboration.ts';
import { median } from '../quantiles.ts';
import { risenResource } from './shared/busy-resources.ts';
import { candidate } from './shared/candidate.ts';
import { culpritsOf } from './shared/culprits.ts';
import { effectOfService } from './shared/service-effect.ts';
import { serviceEffectsOf } from './shared/service-effects.ts';

/** Half as much again as in the reference, and half as much again as the typical service's growth: everybody's memory rises under load. */
const leastFactor = 1.5;

/** Only from metrics. With time lost at the same service, the growth explains it; without, it is told but explains no violation. */
export const memoryGrowth: MechanismDetector = {
  mechanisms: ['memory-growth'],
  detect(context) {
    const usual = Math.max(1, typicalGrowth(context));
    return [...new Set(context.resources.map(({ service }) => service))].flatMap((service) => {
      const growth = risenResource(context, service, 'memory');
      if (growth === undefined || factorOf(growth) < leastFactor * usual) return [];
      return [describe(context, growth, usual)];
    });
  },
};

function describe(context: MechanismContext, growth: ResourceChange, usual: number): CandidateFinding {
  const { service, metric, observed, reference, onsetMs } = growth;
  const effect = culpritsOf(context).find((each) => each.service === service);
  const known = effect ?? serviceEffectsOf(context).find((each) => each.service === service);
  const found = candidate(context, {
    mechanism: 'memory-growth',
    service,
    operation: known?.operation ?? '',
    at: known?.path ?? [service],
    effectMs: effect?.effectMs ?? 0,
    share: effect?.share ?? 0,
    effectInterval: effect?.interval,
    confidence: effect === undefined ? 'low' : factorOf(growth) >= 2 * usual ? 'high' : 'medium',
    corroborated: true,
    evidence: [
      { name: metric, value: observed, baseline: reference, unit: 'bytes' },
      { name: 'growth of a typical service', value: usual, unit: 'x' },
    ],
    detail: metric,
    strength: (trace) => (effect === undefined ? 0 : effectOfService(context, service, trace)),
  });
  return onsetMs === undefined ? found : { ...found, onsetMs };
}

const factorOf = ({ observed, reference }: ResourceChange): number => (reference > 0 ? observed / reference : 1);

/** Median over the services of how much their memory grew; 1 when fewer than three are measured. */
function typicalGrowth({ resources }: MechanismContext): number {
  const factors = resources.filter(({ signal }) => signal === 'memory').map(factorOf);
  return factors.length < 3 ? 1 : median(factors);
}
