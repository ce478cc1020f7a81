// Turns what a detector saw into a candidate finding: path, share, support, traces and onset are worked out alike for all of them.
import type { Confidence, Edge, Evidence, Mechanism } from '../../../model/finding.ts';
import type { CandidateFinding, MechanismContext } from '../../mechanism.ts';
import { onsetOf } from './onset.ts';
import { serviceEffectsOf } from './service-effects.ts';
import { servicePath } from './service-path.ts';
import { tellingTraces } from './telling-traces.ts';

export interface Sighting {
  readonly mechanism: Mechanism;
  readonly service: string;
  readonly operation: string;
  readonly edge?: Edge | undefined;
  /** Service names from the entry, or the span that the path leads to. */
  readonly at: readonly string[] | number;
  readonly effectMs: number;
  /** Of the violation, 0..1; without it effectMs decides. */
  readonly share?: number;
  readonly effectInterval?: readonly [number, number] | undefined;
  readonly confidence: Confidence;
  readonly corroborated?: boolean;
  readonly evidence: readonly Evidence[];
  readonly detail?: string | undefined;
  /** How strongly a trace shows it; 0 is not at all. In any unit. */
  readonly strength: (trace: number) => number;
}

export function candidate(context: MechanismContext, sighting: Sighting): CandidateFinding {
  const { strength, at, detail, effectInterval, edge } = sighting;
  const traces = tellingTraces(context, strength);
  const least = leastPart * meanStrength(context, strength);
  const shows = (trace: number): boolean => strength(trace) > least;
  const onsetMs = onsetOf(context, shows);
  return {
    mechanism: sighting.mechanism,
    service: sighting.service,
    operation: sighting.operation,
    ...(edge === undefined ? {} : { edge }),
    path: typeof at === 'number' ? servicePath(context.prepared, at) : at,
    effectMs: sighting.effectMs,
    share: sighting.share ?? shareOf(context, sighting.effectMs),
    ...(effectInterval === undefined ? {} : { effectInterval }),
    support: supportOf(context, shows),
    confidence: sighting.confidence,
    corroborated: sighting.corroborated ?? false,
    evidence: sighting.evidence,
    ...(detail === undefined ? {} : { detail }),
    traces,
    ...(onsetMs === undefined ? {} : { onsetMs }),
  };
}

/** Part of the violation that `effectMs` explains, 0..1: of the sum of the services' positive effects (ANALYSIS.md 1.5). */
export function shareOf(context: MechanismContext, effectMs: number): number {
  const whole = serviceEffectsOf(context).reduce((sum, each) => sum + Math.max(0, each.effectMs), 0);
  return effectMs <= 0 ? 0 : effectMs / Math.max(whole, effectMs);
}

/** A trace shows a symptom when it has at least this part of what violating traces have on average. */
const leastPart = 0.25;

function meanStrength({ violating }: MechanismContext, strength: (trace: number) => number): number {
  const sum = violating.traces.reduce((total, trace) => total + Math.max(0, strength(trace)), 0);
  return violating.traces.length === 0 ? 0 : sum / violating.traces.length;
}

function supportOf({ violating }: MechanismContext, shows: (trace: number) => boolean): number {
  const showing = violating.traces.reduce((count, trace) => count + (shows(trace) ? 1 : 0), 0);
  return violating.traces.length === 0 ? 0 : showing / violating.traces.length;
}
