// Pool wait: calls stand in line for a connection, or in the callee's accept queue, before anybody works on them.
import type { Confidence } from '../../model/finding.ts';
import type { CandidateFinding, MechanismContext, MechanismDetector } from '../mechanism.ts';
import { cpuRise, risenResource } from './shared/busy-resources.ts';
import { candidate, shareOf } from './shared/candidate.ts';
import { certainly } from './shared/culprits.ts';
import { type GapSighting, gapSightings, isQueueLike } from './shared/gap-sightings.ts';
import { sumOverSpans } from './shared/telling-traces.ts';

/** The time before the callee's span grows, the time after it and the span itself do not. A callee without CPU looks the same: its metric decides. */
export const poolWait: MechanismDetector = {
  mechanisms: ['pool-wait'],
  detect: (context) =>
    gapSightings(context)
      .filter(({ main, callee, effectMs }) => isQueueLike(main) && cpuRise(context, callee, effectMs) === undefined)
      .map((sighting) => describe(context, sighting)),
};

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
      ...(pool === undefined
        ? []
        : [{ name: pool.metric, value: pool.observed, baseline: pool.reference, unit: 'requests' }]),
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
