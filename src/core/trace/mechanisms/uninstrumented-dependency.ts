// Uninstrumented dependency: a callee that records no spans of its own takes longer than it did.

import { isDatabase } from '../calls/databases.ts';
import type { CandidateFinding, MechanismContext, MechanismDetector } from './mechanism.ts';
import { candidate, sightedAt } from './shared/candidate.ts';
import { certainly, culpritsOf } from './shared/culprits.ts';
import { isAnsweredAsFastAsEver } from './shared/own-work.ts';
import { effectOfService } from './shared/service-effect.ts';

/** Named by its callers' attributes; the whole call is all that can be seen of it, so whether it, the wire or its queue is slow stays open. Only against a reference. */
export const uninstrumentedDependency: MechanismDetector = {
  mechanisms: ['uninstrumented-dependency'],
  detect: (context) => (context.reference.traces.length === 0 ? [] : slowCallees(context)),
};

const slowCallees = (context: MechanismContext): readonly CandidateFinding[] =>
  culpritsOf(context)
    .filter(({ service }) => context.prepared.instrumented[context.prepared.services.indexOf(service)] === 0)
    .filter(({ service }) => !isDatabase(context.prepared, service))
    .filter((effect) => !isAnsweredAsFastAsEver(context, effect))
    .map(
      (effect): CandidateFinding =>
        candidate(context, {
          ...sightedAt(effect),
          mechanism: 'uninstrumented-dependency',
          confidence: effect.certainty >= certainly && effect.share >= 0.5 ? 'high' : 'medium',
          evidence: [{ name: 'time in its calls', value: effect.effectMs, unit: 'ms' }],
          strength: (trace) => effectOfService(context, effect.service, trace),
        }),
    );
