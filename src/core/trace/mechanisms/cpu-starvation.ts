// CPU starvation: a service has less processor time than it wants, so everything it does takes longer, unevenly.

import type { ResourceChange } from '../metrics/metric-corroboration.ts';
import type { CandidateFinding, MechanismContext, MechanismDetector } from './mechanism.ts';
import { cpuRise } from './shared/busy-resources.ts';
import { callerLagsOf } from './shared/caller-lag.ts';
import { candidate, sightedAt } from './shared/candidate.ts';
import { certainly, culpritsOf } from './shared/culprits.ts';
import { effectOfService } from './shared/service-effect.ts';
import { serviceEffectsOf } from './shared/service-effects.ts';

/** Only with a metric: in traces alone a starved service is a slow one. A caller whose event loop is late shows at all of its callees. */
export const cpuStarvation: MechanismDetector = {
  mechanisms: ['cpu-starvation'],
  detect: (context) => [...starvedCulprits(context), ...starvedCallers(context)],
};

function starvedCulprits(context: MechanismContext): readonly CandidateFinding[] {
  return culpritsOf(context).flatMap((effect) => {
    const rise = cpuRise(context, effect.service, effect.effectMs);
    if (rise === undefined) return [];
    return [
      candidate(context, {
        ...sightedAt(effect),
        mechanism: 'cpu-starvation',
        confidence: effect.certainty >= certainly && effect.share >= 0.5 ? 'high' : 'medium',
        corroborated: true,
        evidence: [
          metricEvidence(rise),
          { name: 'own time', value: effect.ownMs, unit: 'ms' },
          { name: 'time around its spans', value: effect.gapMs, unit: 'ms' },
        ],
        detail: rise.metric,
        strength: (trace) => effectOfService(context, effect.service, trace),
      }),
    ];
  });
}

function starvedCallers(context: MechanismContext): readonly CandidateFinding[] {
  const culprits = new Set(culpritsOf(context).map(({ service }) => service));
  return callerLagsOf(context).flatMap((lag) => {
    const rise = cpuRise(context, lag.caller, lag.effectMs);
    if (rise === undefined || culprits.has(lag.caller)) return [];
    const blamed = serviceEffectsOf(context).find(({ service }) => service === lag.caller);
    return [
      candidate(context, {
        mechanism: 'cpu-starvation',
        service: lag.caller,
        operation: blamed?.operation ?? '',
        at: blamed?.path ?? [lag.caller],
        effectMs: lag.effectMs + Math.max(0, blamed?.effectMs ?? 0),
        confidence: 'medium',
        corroborated: true,
        evidence: [metricEvidence(rise), { name: 'callees it is late for', value: lag.late, unit: 'services' }],
        detail: rise.metric,
        strength: (trace) => effectOfService(context, lag.caller, trace),
      }),
    ];
  });
}

const metricEvidence = ({ metric, observed, reference }: ResourceChange): CandidateFinding['evidence'][number] => ({
  name: metric,
  value: observed,
  baseline: reference,
  unit: '',
});
