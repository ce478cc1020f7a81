// Turns what a detector saw into a candidate finding: path, share, support, traces and onset are worked out alike for all of them.
import type { Confidence, Edge, Evidence, Mechanism } from '../../../model/finding.ts';
import { remember } from '../../spans/remember.ts';
import type { CandidateFinding, MechanismContext } from '../mechanism.ts';
import { onsetOf } from './onset.ts';
import { type ComparedEffect, serviceEffectsOf } from './service-effects.ts';
import { servicePath } from './service-path.ts';
import { side, sidesOf } from './sides.ts';
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
  /** The only traces that may show it. Without them all are looked at, which is too much where every edge may have a candidate. */
  readonly within?: Iterable<number>;
}

export function candidate(context: MechanismContext, sighting: Sighting): CandidateFinding {
  const { at, detail, effectInterval, edge } = sighting;
  const strengths = strengthsOf(context, sighting);
  const ofViolating = strengths.filter(({ isViolating }) => isViolating);
  const count = Math.max(1, context.violating.traces.length);
  const least = (leastPart * ofViolating.reduce((sum, { value }) => sum + value, 0)) / count;
  const showing = strengths.filter(({ value }) => value > least);
  const onsetMs = onsetOf(
    context,
    showing.map(({ trace }) => trace),
  );
  return {
    mechanism: sighting.mechanism,
    service: sighting.service,
    operation: sighting.operation,
    ...(edge === undefined ? {} : { edge }),
    path: typeof at === 'number' ? servicePath(context.prepared, at) : at,
    effectMs: sighting.effectMs,
    share: sighting.share ?? shareOf(context, sighting.effectMs),
    ...(effectInterval === undefined ? {} : { effectInterval }),
    support: showing.filter(({ isViolating }) => isViolating).length / count,
    confidence: sighting.confidence,
    corroborated: sighting.corroborated ?? false,
    evidence: sighting.evidence,
    ...(detail === undefined ? {} : { detail }),
    traces: tellingTraces(ofViolating),
    ...(onsetMs === undefined ? {} : { onsetMs }),
  };
}

/** What a sighting takes from the effect of a service as it is. */
export function sightedAt({
  service,
  operation,
  caller,
  path,
  effectMs,
  share,
  interval,
}: ComparedEffect): Pick<Sighting, 'service' | 'operation' | 'edge' | 'at' | 'effectMs' | 'share' | 'effectInterval'> {
  const edge = caller === '' ? undefined : { caller, callee: service, operation };
  return { service, operation, edge, at: path, effectMs, share, effectInterval: interval };
}

/** Part of the violation that `effectMs` explains, 0..1: of the sum of the services' positive effects (ANALYSIS.md 1.5). */
export function shareOf(context: MechanismContext, effectMs: number): number {
  const whole = serviceEffectsOf(context).reduce((sum, each) => sum + Math.max(0, each.effectMs), 0);
  return effectMs <= 0 ? 0 : effectMs / Math.max(whole, effectMs);
}

/** What evidence read off traces was in the reference; nothing without one. */
export function baselineOf({ reference }: MechanismContext, baseline: number): Pick<Evidence, 'baseline'> {
  return reference.traces.length === 0 ? {} : { baseline };
}

/** A trace shows a symptom when it has at least this part of what violating traces have on average. */
const leastPart = 0.25;

interface Strength {
  readonly trace: number;
  readonly value: number;
  readonly isViolating: boolean;
}

/** Of the traces that are looked at or compared, those that show it at all. */
function strengthsOf(context: MechanismContext, { strength, within }: Sighting): readonly Strength[] {
  const places = placesOf(context);
  const strengths: Strength[] = [];
  for (const trace of within ?? places.traces) {
    const isViolating = places.isViolating[trace] === 1;
    if (!isViolating && places.isCompared[trace] === 0) continue;
    const value = strength(trace);
    if (value > 0) strengths.push({ trace, value, isViolating });
  }
  return strengths;
}

interface Places {
  /** Violating traces, also those without counterpart, and the reference that they are compared with. */
  readonly traces: readonly number[];
  readonly isViolating: Uint8Array;
  readonly isCompared: Uint8Array;
}

const placesOf: (context: MechanismContext) => Places = remember((context) => {
  const sides = sidesOf(context);
  const isViolating = new Uint8Array(sides.side.length);
  for (const trace of context.violating.traces) isViolating[trace] = 1;
  const isCompared = sides.side.map((each) => (each === side.none ? 0 : 1));
  const traces = Array.from(isCompared.keys()).filter((trace) => isViolating[trace] === 1 || isCompared[trace] === 1);
  return { traces, isViolating, isCompared };
});
