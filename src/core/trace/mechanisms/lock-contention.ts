// Lock contention: requests that are in a service at the same time leave it strictly one after another.
import type { CandidateFinding, MechanismContext, MechanismDetector } from './mechanism.ts';
import { cpuRise, isMeasured } from './shared/busy-resources.ts';
import { candidate } from './shared/candidate.ts';
import { clearly, leastShare } from './shared/culprits.ts';
import { effectOfService } from './shared/service-effect.ts';
import { type ComparedEffect, serviceEffectsOf } from './shared/service-effects.ts';
import { type TurnTaking, turnTaking, undisturbedVisit } from './shared/turn-taking.ts';
import { type Visits, visitsTo } from './shared/visits.ts';

/** Visits that had to wait for another one, as a share; below, the lock is there but hardly anybody meets it. */
const leastWaiting = 0.3;
/** Lower end of the distances between departures over their median: a lock never lets two out at once (TurnTaking.evenness). */
const leastEvenness = 0.5;
/** Requests that come and leave at an even pace, all equally slow, keep their distance too; queues make some wait longer than others. */
const leastSpread = 0.3;
/** The distance is the time the lock is held: about what an undisturbed visit takes. */
const holdFactor = 4;

/**
 * Looks at the services that lose time of their own. A busy processor serves one after another too, so a service whose CPU rose is not named; and the
 * traces must not be too thin a sample: departures of requests that were not recorded cannot be seen.
 */
export const lockContention: MechanismDetector = {
  mechanisms: ['lock-contention'],
  detect: (context) =>
    serviceEffectsOf(context)
      .filter((effect) => effect.share >= leastShare && effect.certainty >= clearly && effect.ownMs >= effect.gapMs)
      .filter((effect) => cpuRise(context, effect.service, effect.effectMs) === undefined)
      .flatMap((effect) => describe(context, effect)),
};

function describe(context: MechanismContext, effect: ComparedEffect): readonly CandidateFinding[] {
  const { service } = effect;
  const [found] = visitsTo(context, effect.index)
    .flatMap((visits) => lockedInstances(visits))
    .sort((a, b) => b.turns.waiting - a.turns.waiting);
  if (found === undefined) return [];
  const { turns, operation, undisturbedMs } = found;
  return [
    candidate(context, {
      mechanism: 'lock-contention',
      service,
      operation,
      edge: effect.caller === '' ? undefined : { caller: effect.caller, callee: service, operation },
      at: effect.path,
      effectMs: effect.effectMs,
      share: effect.share,
      effectInterval: effect.interval,
      confidence: turns.waits >= 50 && isMeasured(context, service, 'cpu', 'event-loop') ? 'high' : 'medium',
      evidence: [
        { name: 'visits that wait for another', value: turns.waiting, unit: 'ratio' },
        { name: 'time between departures', value: turns.distanceMs, unit: 'ms' },
        { name: 'undisturbed visit', value: undisturbedMs, unit: 'ms' },
        { name: 'time in the service', value: turns.visitMs, unit: 'ms' },
      ],
      strength: (trace) => effectOfService(context, service, trace),
    }),
  ];
}

interface Locked {
  readonly operation: string;
  readonly turns: TurnTaking;
  readonly undisturbedMs: number;
}

function lockedInstances({ operation, instances }: Visits): readonly Locked[] {
  const undisturbedMs = undisturbedVisit(instances);
  return instances.flatMap((visits) => {
    const turns = turnTaking(visits);
    return turns !== undefined && isLocked(turns, undisturbedMs) ? [{ operation, turns, undisturbedMs }] : [];
  });
}

function isLocked(turns: TurnTaking, undisturbedMs: number): boolean {
  const { waiting, evenness, distanceMs, visitMs, visitSpread } = turns;
  return (
    visitSpread >= leastSpread &&
    waiting >= leastWaiting &&
    evenness >= leastEvenness &&
    distanceMs <= holdFactor * undisturbedMs &&
    undisturbedMs <= holdFactor * distanceMs &&
    visitMs >= 1.5 * undisturbedMs
  );
}
