// Slow dependency: a service takes longer than it did, for whatever reason of its own.
import type { Confidence } from '../../model/finding.ts';
import { isDatabase } from '../calls/databases.ts';
import type { CandidateFinding, MechanismContext, MechanismDetector } from './mechanism.ts';
import { callerLagsOf } from './shared/caller-lag.ts';
import { candidate, shareOf, sightedAt } from './shared/candidate.ts';
import { certainly, culpritsOf, isMaterial, leastShare } from './shared/culprits.ts';
import { isAsFastAsEver } from './shared/own-work.ts';
import { effectOfService } from './shared/service-effect.ts';
import { type ComparedEffect, serviceEffectsOf } from './shared/service-effects.ts';
import { slowQueries } from './shared/slow-queries.ts';

/**
 * Every service with a clear and material effect, unless nobody sees into it (then it is an uninstrumented dependency; a database is not: its client's
 * span is all there ever is). Without a reference only a query that is slow by any standard.
 */
export const slowDependency: MechanismDetector = {
  mechanisms: ['slow-dependency'],
  detect(context) {
    if (context.reference.traces.length === 0) return slowQueries(context);
    const slow = culpritsOf(context)
      .filter(({ service }) => isInstrumented(context, service) || isDatabase(context.prepared, service))
      .filter((effect) => !isAsFastAsEver(context, effect))
      .map((effect) => describe(context, effect));
    return [...slow, ...lateCallers(context, new Set(slow.map(({ service }) => service)))];
  },
};

function isInstrumented({ prepared }: MechanismContext, service: string): boolean {
  return prepared.instrumented[prepared.services.indexOf(service)] === 1;
}

function describe(context: MechanismContext, effect: ComparedEffect): CandidateFinding {
  const { service, ownMs, gapMs } = effect;
  return candidate(context, {
    ...sightedAt(effect),
    mechanism: 'slow-dependency',
    confidence: confidenceOf(context, effect),
    evidence: [
      { name: 'own time', value: ownMs, unit: 'ms' },
      { name: 'time around its spans', value: gapMs, unit: 'ms' },
    ],
    strength: (trace) => effectOfService(context, service, trace),
  });
}

/** Callers whose lateness is booked on their callees, because it shows between the two. */
function lateCallers(context: MechanismContext, known: ReadonlySet<string>): readonly CandidateFinding[] {
  return callerLagsOf(context)
    .filter((lag) => !known.has(lag.caller) && shareOf(context, lag.effectMs) >= leastShare)
    .filter((lag) => isMaterial(context, lag.effectMs))
    .map((lag) => {
      const own = serviceEffectsOf(context).find(({ service }) => service === lag.caller);
      return candidate(context, {
        mechanism: 'slow-dependency',
        service: lag.caller,
        operation: own?.operation ?? '',
        at: own === undefined || own.path.length === 0 ? [lag.caller] : own.path,
        effectMs: lag.effectMs + Math.max(0, own?.effectMs ?? 0),
        confidence: 'medium',
        evidence: [
          { name: 'own time', value: own?.ownMs ?? 0, unit: 'ms' },
          { name: 'time around its spans', value: own?.gapMs ?? 0, unit: 'ms' },
          { name: 'callees it is late for', value: lag.late, unit: 'services' },
        ],
        strength: (trace) => effectOfService(context, lag.caller, trace),
      });
    });
}

/** Own time is the callee's work; time around its spans may be the wire's, a pool's or the caller's. */
function confidenceOf(context: MechanismContext, effect: ComparedEffect): Confidence {
  const isOwn = effect.ownMs >= effect.gapMs;
  if (isOwn && effect.share >= 0.5 && effect.certainty >= certainly && !context.blame.isAmbiguous) return 'high';
  return isOwn || effect.share >= 0.5 ? 'medium' : 'low';
}
