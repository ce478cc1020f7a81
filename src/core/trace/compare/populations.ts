// Which traces are compared with which, with the mix of requests held fixed.
import type { Population } from '../prepare/population.ts';
import type { PreparedTraces } from '../prepare/prepared-traces.ts';

export interface PopulationInput {
  /** Indexes of traces that broke the requirement. */
  readonly violating: readonly number[];
  /** Traces of the same run that met it. */
  readonly complying: readonly number[];
  /** Traces of an earlier healthy run or phase, second choice. */
  readonly baseline?: readonly number[];
}

export interface Populations {
  readonly violating: Population;
  readonly reference: Population;
  /** Traces left out of `violating` because their entry span is missing. */
  readonly withoutEntry: number;
  /** Violating traces that have nothing to be compared with: no reference trace of their cohort or of their entry operation. */
  readonly withoutReference: readonly number[];
}

/** Fewer reference traces of a cohort than this, and the baseline is taken in addition. */
const enough = 20;
/** A reference that is itself this much slower than the baseline has caught the fault; the baseline is taken instead. */
const contaminated = 1.2;

/**
 * Weighs the reference traces so that their mix of cohorts is that of the violating ones. Per cohort: complying traces of the same run; where they are
 * few, or clearly slower than the baseline, the baseline's. A cohort without any reference is compared with all reference traces that came in by the
 * same entry operation. Linear in the traces. ANALYSIS.md 1.5.
 */
export function populations(prepared: PreparedTraces, input: PopulationInput): Populations {
  // In order of index, each once: the order of the input must not show in resampled intervals.
  const usable = (traces: readonly number[]): readonly number[] =>
    [...new Set(traces)].filter((trace) => (prepared.entry[trace] ?? -1) >= 0).sort((a, b) => a - b);
  const violating = usable(input.violating);
  const complying = groupByCohort(prepared, usable(input.complying));
  const baseline = groupByCohort(prepared, usable(input.baseline ?? []));
  const reference = new Map<number, readonly number[]>();
  for (const cohort of new Set([...complying.keys(), ...baseline.keys()])) {
    reference.set(cohort, chooseReference(prepared, complying.get(cohort) ?? [], baseline.get(cohort) ?? []));
  }
  const weights = new Map<number, number>();
  const alone = new Set<number>();
  for (const [cohort, traces] of groupByCohort(prepared, violating)) {
    const against = reference.get(cohort) ?? sameEntry(prepared, reference, traces[0] ?? 0);
    if (against.length === 0) for (const trace of traces) alone.add(trace);
    for (const trace of against) weights.set(trace, (weights.get(trace) ?? 0) + traces.length / against.length);
  }
  const ordered = [...weights.keys()].sort((a, b) => a - b);
  return {
    violating: {
      traces: Uint32Array.from(violating),
      weight: Float64Array.from(violating, (trace) => (ordered.length > 0 && alone.has(trace) ? 0 : 1)),
    },
    reference: {
      traces: Uint32Array.from(ordered),
      weight: Float64Array.from(ordered, (trace) => weights.get(trace) ?? 0),
    },
    withoutEntry: new Set(input.violating).size - violating.length,
    withoutReference: [...alone],
  };
}

function groupByCohort(prepared: PreparedTraces, traces: readonly number[]): ReadonlyMap<number, readonly number[]> {
  const groups = new Map<number, number[]>();
  for (const trace of traces) {
    const cohort = prepared.cohort[trace] ?? 0;
    const group = groups.get(cohort);
    if (group === undefined) groups.set(cohort, [trace]);
    else group.push(trace);
  }
  return groups;
}

function chooseReference(
  prepared: PreparedTraces,
  complying: readonly number[],
  baseline: readonly number[],
): readonly number[] {
  if (baseline.length === 0) return complying;
  if (complying.length < enough) return baseline.length < enough ? [...complying, ...baseline] : baseline;
  const isContaminated = medianDuration(prepared, complying) > contaminated * medianDuration(prepared, baseline);
  return isContaminated && baseline.length >= enough ? baseline : complying;
}

function medianDuration(prepared: PreparedTraces, traces: readonly number[]): number {
  const durations = Float64Array.from(traces, (trace) => entryDurationNs(prepared, trace)).sort();
  return durations[durations.length >> 1] ?? 0;
}

/** Duration of a trace's entry span in nanoseconds; 0 without one. */
export function entryDurationNs(prepared: PreparedTraces, trace: number): number {
  const entry = prepared.entry[trace] ?? -1;
  return entry < 0 ? 0 : (prepared.end[entry] ?? 0) - (prepared.start[entry] ?? 0);
}

/** Reference traces of all cohorts that share the service and name of the trace's entry span. */
function sameEntry(
  prepared: PreparedTraces,
  reference: ReadonlyMap<number, readonly number[]>,
  trace: number,
): readonly number[] {
  const { entry, set } = prepared;
  const isSame = (other: number): boolean =>
    set.service[entry[other] ?? 0] === set.service[entry[trace] ?? 0] &&
    set.name[entry[other] ?? 0] === set.name[entry[trace] ?? 0];
  return [...reference.values()].flatMap((traces) => traces.filter(isSame));
}
