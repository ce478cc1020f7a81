// Memory growth: a service holds more and more, and slows down with it.

import type { ResourceChange } from '../metrics/metric-corroboration.ts';
import { median } from '../statistics/quantiles.ts';
import type { CandidateFinding, MechanismContext, MechanismDetector } from './mechanism.ts';
import { risenResource } from './shared/busy-resources.ts';
import { candidate } from './shared/candidate.ts';
import { clearly, culpritsOf } from './shared/culprits.ts';
import { effectOfService } from './shared/service-effect.ts';
import { type ComparedEffect, serviceEffectsOf } from './shared/service-effects.ts';

/** Growth beyond the typical service's: everybody's memory rises under load. More is asked where no time is lost. */
const leastFactor = { slow: 1.2, notSlow: 1.5 };
/** Growth that is more than a sign: requests that wait do not hold that much. */
const strong = 1.5;
/** Of the violation, so that the growth may be why; and of the service's effect, in its own spans. */
const leastShare = 0.1;
const ownPart = 0.3;

/** Only from metrics. With time lost at the same service, the growth explains it; without, it is told but explains no violation. */
export const memoryGrowth: MechanismDetector = {
  mechanisms: ['memory-growth'],
  detect(context) {
    const changes = heldMemory(context);
    return [...new Set(changes.map(({ service }) => service))].flatMap((service) => {
      const growth = mostGrown(changes.filter((each) => each.service === service));
      const usual = usualGrowth(changes, service);
      const slowed = slowedBy(context, service);
      const least = slowed === undefined ? leastFactor.notSlow : leastFactor.slow;
      if (growth === undefined || growthOf(growth) < least * usual) return [];
      const isStrong = slowed !== undefined && growthOf(growth) >= strong * usual;
      if (!isStrong && holdsWaitingRequests(context, service)) return [];
      return [describe(context, growth, usual, slowed)];
    });
  },
};

/**
 * A process that once needed room (for a rush, for callers that wait) keeps it: what it has from the system tells of its peaks, what its heap holds tells
 * of growth. The former only counts for a service whose heap nobody measures.
 */
function heldMemory({ resources }: MechanismContext): readonly ResourceChange[] {
  const changes = resources.filter(({ signal }) => signal === 'memory');
  const withHeap = new Set(changes.filter(isHeap).map(({ service }) => service));
  return changes.filter((each) => isHeap(each) || !withHeap.has(each.service));
}

const isHeap = ({ metric }: ResourceChange): boolean => /heap|jvm_memory_used/i.test(metric);

function describe(
  context: MechanismContext,
  growth: ResourceChange,
  usual: number,
  slowed: ComparedEffect | undefined,
): CandidateFinding {
  const { service, metric, onsetMs, floor } = growth;
  const known = slowed ?? serviceEffectsOf(context).find((each) => each.service === service);
  const isCulprit = culpritsOf(context).some((each) => each.service === service);
  const found = candidate(context, {
    mechanism: 'memory-growth',
    service,
    operation: known?.operation ?? '',
    at: known === undefined || known.path.length === 0 ? [service] : known.path,
    effectMs: slowed?.effectMs ?? 0,
    share: slowed?.share ?? 0,
    effectInterval: slowed?.interval,
    confidence: slowed === undefined ? 'low' : isCulprit && growthOf(growth) >= strong * usual ? 'high' : 'medium',
    corroborated: true,
    evidence: [
      {
        name: metric,
        value: floor?.last ?? growth.observed,
        baseline: floor?.first ?? growth.reference,
        unit: 'bytes',
      },
      { name: 'growth of a typical service', value: usual, unit: 'x' },
    ],
    detail: metric,
    strength: (trace) => (slowed === undefined ? 0 : effectOfService(context, service, trace)),
  });
  return onsetMs === undefined ? found : { ...found, onsetMs };
}

const mostGrown = (changes: readonly ResourceChange[]): ResourceChange | undefined =>
  changes.reduce<ResourceChange | undefined>(
    (most, each) => (most === undefined || growthOf(each) > growthOf(most) ? each : most),
    undefined,
  );

/** Of what stays when garbage is gone, over the window or against the time before it. */
function growthOf({ floor, observed, reference, score }: ResourceChange): number {
  const within = floor !== undefined && floor.first > 0 ? floor.last / floor.first : 1;
  const against = score > clearly && reference > 0 ? observed / reference : 1;
  return Math.max(1, within, against);
}

/** Median growth of the other services' memory; 1 when fewer than two are measured. */
function usualGrowth(changes: readonly ResourceChange[], service: string): number {
  const others = new Set(changes.map((each) => each.service).filter((name) => name !== service));
  if (others.size < 2) return 1;
  return median([...others].map((name) => growthOf(mostGrown(changes.filter((each) => each.service === name))!)));
}

/** What waits must be held: more requests at once, its own or those it waits for, need more memory until they are gone. */
const holdsWaitingRequests = (context: MechanismContext, service: string): boolean =>
  risenResource(context, service, 'in-flight', 'pool-waiting', 'queue') !== undefined;

/**
 * The service's effect, when it clearly costs time in the way that memory does: its own work takes longer, or its process is kept busy (collecting,
 * searching). A wire or a line in front of it does not care how much it holds.
 */
function slowedBy(context: MechanismContext, service: string): ComparedEffect | undefined {
  const effect = serviceEffectsOf(context).find((each) => each.service === service);
  if (effect === undefined || effect.share < leastShare || effect.certainty < clearly) return undefined;
  const isOwn = effect.ownMs >= ownPart * effect.effectMs;
  return isOwn || risenResource(context, service, 'gc', 'event-loop', 'cpu') !== undefined ? effect : undefined;
}
