// Cold start: the first requests of a new instance pay for its warming up.
import type { CandidateFinding, MechanismContext, MechanismDetector } from './mechanism.ts';
import { candidate } from './shared/candidate.ts';
import { culpritsOf } from './shared/culprits.ts';
import { type NewVisit, visitsToNewInstances } from './shared/new-instances.ts';
import { effectOfService } from './shared/service-effect.ts';
import type { ComparedEffect } from './shared/service-effects.ts';

/** Whatever takes longer to get going has another reason. */
const mostMs = 30_000;
/** Part of what the service costs that must be paid in the first moments, and how many times what a request pays later each must pay. */
const leastShare = 0.6;
const leastFactor = 3;
const fewestCold = 5;
/** Warming up begins at once: the first half of the first moments must cost this part of them. */
const leastAtOnce = 0.25;

/** The time that a service costs is lost in the first moments of its new instances, and not when they are warm. */
export const coldStart: MechanismDetector = {
  mechanisms: ['cold-start'],
  detect: (context) => culpritsOf(context).flatMap((effect) => describe(context, effect)),
};

function describe(context: MechanismContext, effect: ComparedEffect): readonly CandidateFinding[] {
  const { service } = effect;
  const warmUp = warmUpOf(context, service, visitsToNewInstances(context, effect.index));
  if (warmUp === undefined) return [];
  const { cold, share, lengthMs } = warmUp;
  const met = shareIn(context.violating.traces, cold);
  return [
    candidate(context, {
      mechanism: 'cold-start',
      service,
      operation: effect.operation,
      at: effect.path,
      effectMs: effect.effectMs,
      share: effect.share * share,
      effectInterval: effect.interval,
      confidence: share >= 0.8 && met * context.violating.traces.length >= 2 * fewestCold ? 'high' : 'medium',
      evidence: [
        {
          name: 'requests to a new instance',
          value: met,
          baseline: shareIn(context.reference.traces, cold),
          unit: 'ratio',
        },
        { name: 'of the time, lost there', value: share, unit: 'ratio' },
        { name: 'first moments', value: lengthMs, unit: 'ms' },
      ],
      strength: (trace) => (cold.has(trace) ? effectOfService(context, service, trace) : 0),
    }),
  ];
}

interface WarmUp {
  /** Traces that met a new instance while it was cold. */
  readonly cold: ReadonlySet<number>;
  /** Part of what the service costs all violating requests that these pay, 0..1. */
  readonly share: number;
  readonly lengthMs: number;
}

/**
 * The instances are cold up to the age at which the part of the cost that is paid is furthest ahead of the part of the visits that were made. They must
 * be known warm for at least as many visits.
 */
function warmUpOf(context: MechanismContext, service: string, visits: readonly NewVisit[]): WarmUp | undefined {
  const violating = new Set(context.violating.traces);
  const costOf = (trace: number): number => (violating.has(trace) ? effectOfService(context, service, trace) : 0);
  const total = context.violating.traces.reduce((sum, trace) => sum + costOf(trace), 0);
  const paid = runningSums(visits.map(({ trace }) => costOf(trace)));
  const ahead = (count: number): number => (paid[count] ?? 0) / total - count / visits.length;
  let count = 0;
  for (let at = 1; at <= visits.length / 2 && (visits[at - 1]?.ageMs ?? 0) <= mostMs; at += 1) {
    if (ahead(at) > ahead(count)) count = at;
  }
  const coldMs = paid[count] ?? 0;
  const warmMs = (paid[visits.length] ?? 0) - coldMs;
  const cold = new Set(visits.slice(0, count).map(({ trace }) => trace));
  const isKnown = [...cold].filter((trace) => violating.has(trace)).length >= fewestCold;
  const isMain = coldMs >= leastShare * total && (paid[Math.ceil(count / 2)] ?? 0) >= leastAtOnce * coldMs;
  if (!isKnown || !isMain || coldMs / count < (leastFactor * warmMs) / (visits.length - count)) return undefined;
  return { cold, share: Math.min(1, coldMs / total), lengthMs: visits[count - 1]?.ageMs ?? 0 };
}

/** Sums of the first 0, 1, 2, ... values. */
function runningSums(values: readonly number[]): readonly number[] {
  const sums = [0];
  for (const value of values) sums.push((sums.at(-1) ?? 0) + value);
  return sums;
}

function shareIn(traces: Uint32Array, cold: ReadonlySet<number>): number {
  const count = traces.reduce((sum, trace) => sum + (cold.has(trace) ? 1 : 0), 0);
  return traces.length === 0 ? 0 : count / traces.length;
}
