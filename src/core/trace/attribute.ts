// The front door of attribution: two populations of traces in, one ranked explanation out, or what is missing for one.
import type { Attribution, Finding, ServiceBlame } from '../model/finding.ts';
import type { SaturationSeries } from '../model/observations.ts';
import type { TimeWindow } from '../model/series.ts';
import { unixMillis } from '../model/units.ts';
import { callFactsOf } from './calls/call-facts.ts';
import { blame } from './compare/blame.ts';
import { dimensions } from './compare/dimensions.ts';
import { faultSigns } from './compare/fault-signs.ts';
import { type PopulationInput, populations } from './compare/populations.ts';
import { type Suspect, suspects } from './compare/suspects.ts';
import { explain } from './explain/explain.ts';
import { isBorneOut } from './is-borne-out.ts';
import { allMechanisms } from './mechanisms/all.ts';
import type { LoadPhase, MechanismContext } from './mechanisms/mechanism.ts';
import { resourceChanges } from './metrics/metric-corroboration.ts';
import { finalObstacle, whyNothing } from './obstacle.ts';
import type { PreparedTraces } from './prepare/prepared-traces.ts';

export interface AttributionInput extends PopulationInput {
  /** Holds all traces named in `violating`, `complying` and `baseline` (joinTraceSets puts a baseline beside a run). */
  readonly prepared: PreparedTraces;
  /** Resource metrics over the run; absent or empty says nothing. */
  readonly saturation?: readonly SaturationSeries[];
  /** Zero of the run's clock in Unix milliseconds: onsets count from here. Absent: the earliest violating or complying trace. */
  readonly originMs?: number;
  /** The load's stages, oldest first; needed for metastable failure and saturation. */
  readonly phases?: readonly LoadPhase[];
  readonly seed?: number;
}

/**
 * Order of work (ANALYSIS.md): completeness, critical-path blame, faults and resources, mechanisms, explanation. Pure; the same input in any order of
 * traces gives the same answer. Cost: linear in the spans of both populations. No violating trace, no entry spans, or too little telemetry is answered
 * with `notAttributable`, never with a guess; services are ranked all the same as far as they can be.
 */
export function attribute(input: AttributionInput): Attribution {
  const { prepared } = input;
  const { violating, reference, withoutReference } = populations(prepared, input);
  const given = [...input.complying, ...(input.baseline ?? [])];
  const originMs = input.originMs ?? earliestMs(prepared, [...input.violating, ...input.complying]);
  const costs = blame(prepared, violating, reference, input.seed);
  const faults = faultSigns(prepared, violating, reference);
  const resources = resourceChanges(input.saturation ?? [], { ...windows(prepared, violating.traces), originMs });
  const context: MechanismContext = {
    prepared,
    violating,
    reference,
    atMs: Float64Array.from(prepared.set.startUnixNanos, (start) => Number(start / 1000n) / 1000 - originMs),
    failed: failedTraces(prepared),
    blame: costs,
    faults,
    suspects: suspects(costs, faults, resources),
    resources,
    phases: input.phases ?? [],
  };
  const services = serviceBlames(context.suspects);
  const { completeness } = prepared;
  const obstacle = finalObstacle(context);
  if (obstacle !== undefined) return { findings: [], services, completeness, notAttributable: obstacle };
  const candidates = allMechanisms
    .flatMap(({ detect }) => detect(context))
    .filter((candidate) => isBorneOut(candidate, context));
  const findings = explain(candidates, context);
  const [best] = findings;
  if (best !== undefined) {
    return { findings: withDimensions(findings, context), services: inLineWith(best, services), completeness };
  }
  return { findings, services, completeness, notAttributable: whyNothing(context, withoutReference, given) };
}

const shownDimensions = 2;

/** Adds what sets the violating requests apart at the blamed service, at its caller or at the entry, where anything does. */
function withDimensions(
  findings: readonly Finding[],
  { prepared, violating, reference }: MechanismContext,
): readonly Finding[] {
  const apart = dimensions(prepared, violating, reference);
  return findings.map((finding) => {
    const places = new Set([finding.service, finding.path[0], finding.edge?.caller]);
    const evidence = apart
      .filter(({ service }) => places.has(service))
      .slice(0, shownDimensions)
      .map((dimension) => ({
        name: `requests with ${dimension.key}=${dimension.value} at ${dimension.service}`,
        value: dimension.violating,
        baseline: dimension.reference,
        unit: 'ratio',
      }));
    return evidence.length === 0 ? finding : { ...finding, evidence: [...finding.evidence, ...evidence] };
  });
}

function earliestMs(prepared: PreparedTraces, traces: readonly number[]): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (const trace of traces) earliest = Math.min(earliest, startMs(prepared, trace));
  return Number.isFinite(earliest) ? earliest : 0;
}

const startMs = (prepared: PreparedTraces, trace: number): number =>
  Number((prepared.set.startUnixNanos[trace] ?? 0n) / 1000n) / 1000;

/** Metrics are compared with the time before the violations; a metric store that reaches further back gives the longer reference. */
function windows(
  prepared: PreparedTraces,
  violating: Uint32Array,
): { readonly observed: TimeWindow; readonly reference: TimeWindow } {
  const times = Float64Array.from(violating, (trace) => startMs(prepared, trace)).sort();
  // A single early violator must not swallow the reference.
  const start = times[Math.floor(0.02 * times.length)] ?? 0;
  const end = times.at(-1) ?? 0;
  return {
    observed: { start: unixMillis(start), end: unixMillis(end) },
    reference: { start: unixMillis(0), end: unixMillis(start - 1) },
  };
}

/** Per trace: 1 when its entry span failed. */
function failedTraces(prepared: PreparedTraces): Uint8Array {
  const { failed } = callFactsOf(prepared);
  return Uint8Array.from(prepared.entry, (entry) => failed[entry] ?? 0);
}

/** A finding that is more than a guess decides who comes first: it knows more than the evidence summed up service by service. */
function inLineWith(best: Finding, services: readonly ServiceBlame[]): readonly ServiceBlame[] {
  if (best.confidence === 'low' || services[0]?.service === best.service) return services;
  const { service, effectMs, share, effectInterval } = best;
  const blamed = { service, effectMs, share, ...(effectInterval === undefined ? {} : { interval: effectInterval }) };
  return [blamed, ...services.filter((each) => each.service !== service)];
}

/** By all evidence; the share is that of the evidence, which for mere slowness is that of the milliseconds. */
function serviceBlames(ranked: readonly Suspect[]): readonly ServiceBlame[] {
  const total = ranked.reduce((sum, { evidence }) => sum + evidence, 0);
  return ranked
    .filter(({ service }) => service !== '')
    .map(({ service, evidence, effect }) => ({
      service,
      effectMs: effect?.effectMs ?? 0,
      share: total > 0 ? evidence / total : (effect?.share ?? 0),
      ...(effect?.interval === undefined ? {} : { interval: effect.interval }),
    }));
}
