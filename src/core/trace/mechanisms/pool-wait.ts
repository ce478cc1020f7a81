// Pool wait: calls stand in line for a connection, or in the callee's accept queue, before anybody works on them.
import type { Confidence, Evidence } from '../../model/finding.ts';
import type { ResourceChange } from '../metrics/metric-corroboration.ts';
import type { CandidateFinding, MechanismContext, MechanismDetector } from './mechanism.ts';
import { cpuRise, risenResource } from './shared/busy-resources.ts';
import { candidate, shareOf } from './shared/candidate.ts';
import { certainly, culpritsOf } from './shared/culprits.ts';
import { type GapSighting, gapSightings, isQueueLike } from './shared/gap-sightings.ts';
import { effectOfService } from './shared/service-effect.ts';
import { sumOverSpans } from './shared/telling-traces.ts';

/** Of what a service costs, the part that must lie around its spans before a full pool in front of it is the reading. */
const aroundItsSpans = 0.8;

/**
 * The time before the callee's span grows, the time after it and the span itself do not. A callee without CPU looks the same: its metric decides. Where
 * calls give up in line, or nothing is left to compare their gaps with, a pool in which requests wait is witness enough.
 */
export const poolWait: MechanismDetector = {
  mechanisms: ['pool-wait'],
  detect: (context) => [
    ...gapSightings(context)
      .filter(({ main, callee, effectMs }) => isQueueLike(main) && cpuRise(context, callee, effectMs) === undefined)
      .map((sighting) => describe(context, sighting)),
    ...seenByPool(context),
  ],
};

/** Services that cost time around their spans only, behind a caller whose pool fills; those whose gaps tell more are left to them. */
function seenByPool(context: MechanismContext): readonly CandidateFinding[] {
  const told = new Set(gapSightings(context).map(({ callee }) => callee));
  const { prepared } = context;
  return culpritsOf(context).flatMap((effect) => {
    const { service, operation, caller, effectMs, gapMs, ownMs } = effect;
    const pool = risenResource(context, caller, 'pool-waiting');
    const isAround = prepared.instrumented[effect.index] === 1 && gapMs >= aroundItsSpans * effectMs;
    if (pool === undefined || !isAround || told.has(service)) return [];
    if (cpuRise(context, service, effectMs) !== undefined) return [];
    return [
      candidate(context, {
        mechanism: 'pool-wait',
        service,
        operation,
        edge: { caller, callee: service, operation },
        at: effect.path,
        effectMs,
        share: effect.share,
        effectInterval: effect.interval,
        confidence: 'medium',
        corroborated: true,
        evidence: [
          { name: 'time around its spans', value: gapMs, unit: 'ms' },
          { name: 'own time', value: ownMs, unit: 'ms' },
          poolEvidence(pool),
        ],
        detail: pool.metric,
        strength: (trace) => effectOfService(context, service, trace),
      }),
    ];
  });
}

const poolEvidence = ({ metric, observed, reference }: ResourceChange): Evidence => ({
  name: metric,
  value: observed,
  baseline: reference,
  unit: 'requests',
});

function describe(context: MechanismContext, sighting: GapSighting): CandidateFinding {
  const { main, edge, effectMs, edges, example } = sighting;
  const { prepared } = context;
  const pool = risenResource(context, edge.caller, 'pool-waiting', 'pool-used', 'queue');
  return candidate(context, {
    mechanism: 'pool-wait',
    service: edge.callee,
    operation: edge.operation,
    edge,
    at: example,
    effectMs,
    confidence: confidenceOf(context, sighting, pool !== undefined),
    corroborated: pool !== undefined,
    evidence: [
      { name: 'wait before its span', value: main.pre.violating.q50, baseline: main.pre.reference.q50, unit: 'ms' },
      { name: 'after its span', value: main.post.violating.q50, baseline: main.post.reference.q50, unit: 'ms' },
      ...(pool === undefined ? [] : [poolEvidence(pool)]),
    ],
    detail: pool?.metric,
    strength: (trace) =>
      sumOverSpans(context, trace, (span) => {
        const waitMs = (prepared.preNs[span] ?? 0) / 1e6;
        return edges.has(prepared.edge[span] ?? -1) && waitMs > main.pre.reference.q90 ? waitMs : 0;
      }),
  });
}

function confidenceOf(context: MechanismContext, sighting: GapSighting, isConfirmed: boolean): Confidence {
  if (isConfirmed) return 'high';
  // A callee whose typical span is as short as ever is not starved; then only a queue in front of it is left, if the wait is a main thing at all.
  const { reference, violating } = sighting.main.server;
  const isAsFast = violating.q50 <= 1.3 * reference.q50;
  const isMain = shareOf(context, sighting.effectMs) >= 0.3 && sighting.certainty >= certainly;
  return isAsFast && isMain ? 'medium' : 'low';
}
