// Pause: everything in one process stands still at once, then everything goes on at once.
import type { CandidateFinding, MechanismContext, MechanismDetector } from './mechanism.ts';
import { risenResource } from './shared/busy-resources.ts';
import { candidate } from './shared/candidate.ts';
import { clearly, leastShare } from './shared/culprits.ts';
import { type Pause, pausesOf } from './shared/pauses.ts';
import { type ComparedEffect, serviceEffectsOf } from './shared/service-effects.ts';

/** Part of the service's effect that its pauses must explain. */
const leastPart = 0.5;
const fewestPauses = 3;

/** Garbage collection, a blocked event loop, a frozen machine. Without a metric that agrees it is only a hint. */
export const pause: MechanismDetector = {
  mechanisms: ['pause'],
  detect: (context) =>
    serviceEffectsOf(context)
      .filter((effect) => effect.share >= leastShare && effect.certainty >= clearly)
      .flatMap((effect) => describe(context, effect)),
};

function describe(context: MechanismContext, effect: ComparedEffect): readonly CandidateFinding[] {
  const pauses = pausesOf(context, effect.index);
  const stood = timeByTrace(pauses);
  const perRequest = meanOver(context.violating.traces, stood) - meanOver(context.reference.traces, stood);
  if (pauses.length < fewestPauses || perRequest < leastPart * effect.effectMs) return [];
  const metric = risenResource(context, effect.service, 'gc', 'event-loop');
  const longest = Math.max(...pauses.map(({ durationMs }) => durationMs));
  return [
    candidate(context, {
      mechanism: 'pause',
      service: effect.service,
      operation: effect.operation,
      at: effect.path,
      effectMs: Math.min(perRequest, effect.effectMs),
      confidence: metric === undefined ? 'low' : 'high',
      corroborated: metric !== undefined,
      evidence: [
        { name: 'pauses', value: pauses.length, unit: 'pauses' },
        { name: 'longest pause', value: longest, unit: 'ms' },
        ...(metric === undefined
          ? []
          : [{ name: metric.metric, value: metric.observed, baseline: metric.reference, unit: '' }]),
      ],
      detail: metric?.metric,
      strength: (trace) => stood.get(trace) ?? 0,
    }),
  ];
}

/** Milliseconds that each trace stood still. */
function timeByTrace(pauses: readonly Pause[]): ReadonlyMap<number, number> {
  const times = new Map<number, number>();
  for (const { stood } of pauses) {
    for (const [trace, ms] of stood) times.set(trace, (times.get(trace) ?? 0) + ms);
  }
  return times;
}

function meanOver(traces: Uint32Array, times: ReadonlyMap<number, number>): number {
  const sum = traces.reduce((total, trace) => total + (times.get(trace) ?? 0), 0);
  return traces.length === 0 ? 0 : sum / traces.length;
}
