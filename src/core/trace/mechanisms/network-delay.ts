// Network delay: the time between a call and the work it caused grows by about the same for every call.
import type { Confidence } from '../../model/finding.ts';
import type { CandidateFinding, MechanismContext, MechanismDetector } from './mechanism.ts';
import { cpuRise, isMeasured } from './shared/busy-resources.ts';
import { candidate } from './shared/candidate.ts';
import { certainly } from './shared/culprits.ts';
import { type GapSighting, gapSightings, isQueueLike } from './shared/gap-sightings.ts';
import { sumOverSpans } from './shared/telling-traces.ts';

/** A process that waits for CPU answers unevenly; a wire does not (GapShift.evenness). */
const leastEvenness = 0.45;

export const networkDelay: MechanismDetector = {
  mechanisms: ['network-delay'],
  detect: (context) =>
    gapSightings(context)
      .filter(
        ({ main, callee, effectMs }) =>
          !isQueueLike(main) && main.evenness >= leastEvenness && cpuRise(context, callee, effectMs) === undefined,
      )
      .map((sighting) => describe(context, sighting)),
};

function describe(context: MechanismContext, sighting: GapSighting): CandidateFinding {
  const { main, edge, effectMs, edges, example } = sighting;
  const { pre, post } = main;
  const { prepared } = context;
  return candidate(context, {
    mechanism: 'network-delay',
    service: edge.callee,
    operation: edge.operation,
    edge,
    at: example,
    effectMs,
    confidence: confidenceOf(context, sighting),
    corroborated: isMeasured(context, edge.callee, 'cpu', 'event-loop', 'throttling'),
    evidence: [
      { name: 'before its span', value: pre.violating.q50, baseline: pre.reference.q50, unit: 'ms' },
      { name: 'after its span', value: post.violating.q50, baseline: post.reference.q50, unit: 'ms' },
      { name: 'its own span', value: main.server.violating.q50, baseline: main.server.reference.q50, unit: 'ms' },
      { name: 'evenness', value: main.evenness, unit: 'ratio' },
    ],
    strength: (trace) =>
      sumOverSpans(context, trace, (span) =>
        edges.has(prepared.edge[span] ?? -1) && isDelayed(sighting, gapMs(context, span)) ? gapMs(context, span) : 0,
      ),
  });
}

function confidenceOf(context: MechanismContext, { main, certainty }: GapSighting): Confidence {
  const isCertain = certainty >= certainly && main.evenness >= 2 * leastEvenness;
  const callee = context.prepared.edges[main.edge]?.callee ?? '';
  return isCertain || isMeasured(context, callee, 'cpu', 'event-loop', 'throttling') ? 'high' : 'medium';
}

const gapMs = ({ prepared }: MechanismContext, span: number): number =>
  ((prepared.preNs[span] ?? 0) + (prepared.postNs[span] ?? 0)) / 1e6;

/** Beyond what nine of ten reference calls had. */
const isDelayed = ({ main }: GapSighting, gap: number): boolean =>
  gap > main.pre.reference.q90 + main.post.reference.q90;
