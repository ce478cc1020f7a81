// Slow dependency: a service takes longer than it did, for whatever reason of its own.
import type { Confidence } from '../../model/finding.ts';
import type { ServiceEffect } from '../blame.ts';
import type { CandidateFinding, MechanismContext, MechanismDetector } from '../mechanism.ts';
import { candidate } from './shared/candidate.ts';
import { certainly, certaintyOf, culpritsOf } from './shared/culprits.ts';
import { isDatabase } from './shared/databases.ts';
import { effectOfService } from './shared/service-effect.ts';
import { slowQueries } from './shared/slow-queries.ts';

/**
 * Every service with a clear and material effect, unless nobody sees into it (then it is an uninstrumented dependency; a database is not: its client's
 * span is all there ever is). Without a reference only a query that is slow by any standard.
 */
export const slowDependency: MechanismDetector = {
  mechanisms: ['slow-dependency'],
  detect(context) {
    if (context.reference.traces.length === 0) return slowQueries(context);
    return culpritsOf(context)
      .filter(({ service }) => isInstrumented(context, service) || isDatabase(context.prepared, service))
      .map((effect) => describe(context, effect));
  },
};

function isInstrumented({ prepared }: MechanismContext, service: string): boolean {
  return prepared.instrumented[prepared.services.indexOf(service)] === 1;
}

function describe(context: MechanismContext, effect: ServiceEffect): CandidateFinding {
  const { service, operation, caller, effectMs, ownMs, gapMs } = effect;
  return candidate(context, {
    mechanism: 'slow-dependency',
    service,
    operation,
    edge: caller === '' ? undefined : { caller, callee: service, operation },
    at: effect.path,
    effectMs,
    share: effect.share,
    effectInterval: effect.interval,
    confidence: confidenceOf(context, effect),
    evidence: [
      { name: 'own time', value: ownMs, unit: 'ms' },
      { name: 'time around its spans', value: gapMs, unit: 'ms' },
    ],
    strength: (trace) => effectOfService(context, service, trace),
  });
}

/** Own time is the callee's work; time around its spans may be the wire's, a pool's or the caller's. */
function confidenceOf({ blame }: MechanismContext, effect: ServiceEffect): Confidence {
  const isOwn = effect.ownMs >= effect.gapMs;
  if (isOwn && effect.share >= 0.5 && certaintyOf(effect) >= certainly && !blame.isAmbiguous) return 'high';
  return isOwn || effect.share >= 0.5 ? 'medium' : 'low';
}
