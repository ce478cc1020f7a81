// Cold start: the first requests of a new instance pay for its warming up.
import type { CandidateFinding, MechanismContext, MechanismDetector } from '../mechanism.ts';
import { candidate } from './shared/candidate.ts';
import { culpritsOf } from './shared/culprits.ts';
import { effectOfService } from './shared/service-effect.ts';
import type { ComparedEffect } from './shared/service-effects.ts';
import { sidesOf } from './shared/sides.ts';

/** How long an instance counts as new: this part of what is known of it, at least, and at most. */
const warmUp = { part: 0.1, leastMs: 500, mostMs: 30_000 };
/** Violating requests that met a new instance, and how many times the others'. */
const leastShare = 0.6;
const leastFactor = 3;
const fewestCold = 5;

/** Violating requests crowd into the first moments of an instance of the service that costs them their time. */
export const coldStart: MechanismDetector = {
  mechanisms: ['cold-start'],
  detect: (context) => culpritsOf(context).flatMap((effect) => describe(context, effect)),
};

function describe(context: MechanismContext, effect: ComparedEffect): readonly CandidateFinding[] {
  const cold = coldTraces(context, effect.index);
  const share = shareIn(context.violating.traces, cold);
  const before = shareIn(context.reference.traces, cold);
  const count = context.violating.traces.reduce((sum, trace) => sum + (cold.has(trace) ? 1 : 0), 0);
  if (count < fewestCold || share < leastShare || share < leastFactor * before) return [];
  return [
    candidate(context, {
      mechanism: 'cold-start',
      service: effect.service,
      operation: effect.operation,
      at: effect.path,
      effectMs: effect.effectMs,
      share: effect.share * share,
      effectInterval: effect.interval,
      confidence: share >= 0.8 && count >= 2 * fewestCold ? 'high' : 'medium',
      evidence: [{ name: 'requests to a new instance', value: share, baseline: before, unit: 'ratio' }],
      strength: (trace) => (cold.has(trace) ? effectOfService(context, effect.service, trace) : 0),
    }),
  ];
}

/** Traces that met an instance of the service in its first moments. Instances seen from the very start of the record may have been up before. */
function coldTraces(context: MechanismContext, service: number): ReadonlySet<number> {
  const { prepared, atMs } = context;
  const { set } = prepared;
  const spans = new Map<number, { first: number; last: number; readonly visits: [trace: number, at: number][] }>();
  for (const trace of sidesOf(context).traces) {
    for (let span = set.firstSpan[trace] ?? 0; span < (set.firstSpan[trace + 1] ?? 0); span += 1) {
      if (prepared.service[span] !== service) continue;
      const at = (atMs[trace] ?? 0) + (prepared.start[span] ?? 0) / 1e6;
      const instance = set.resource[span] ?? 0;
      const known = spans.get(instance) ?? { first: at, last: at, visits: [] };
      spans.set(instance, known);
      known.first = Math.min(known.first, at);
      known.last = Math.max(known.last, at);
      known.visits.push([trace, at]);
    }
  }
  const cold = new Set<number>();
  for (const { first, last, visits } of spans.values()) {
    const length = Math.min(warmUp.mostMs, Math.max(warmUp.leastMs, warmUp.part * (last - first)));
    // An instance that is hardly seen for longer than that is never known warm.
    if (last - first < 2 * length) continue;
    for (const [trace, at] of visits) if (at - first <= length) cold.add(trace);
  }
  return cold;
}

function shareIn(traces: Uint32Array, cold: ReadonlySet<number>): number {
  const count = traces.reduce((sum, trace) => sum + (cold.has(trace) ? 1 : 0), 0);
  return traces.length === 0 ? 0 : count / traces.length;
}
