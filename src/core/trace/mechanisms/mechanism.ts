// What a mechanism detector sees and what it says.
import type { Confidence, Edge, Evidence, Mechanism } from '../../model/finding.ts';
import type { Blame } from '../compare/blame.ts';
import type { FaultSign } from '../compare/fault-signs.ts';
import type { Suspect } from '../compare/suspects.ts';
import type { ResourceChange } from '../metrics/metric-corroboration.ts';
import type { Population } from '../prepare/population.ts';
import type { PreparedTraces } from '../prepare/prepared-traces.ts';

/** One stage of the load, in order of time. Absent figures are unknown, not zero. */
export interface LoadPhase {
  readonly name: string;
  readonly role: 'warm-up' | 'load' | 'recovery';
  readonly startMs: number;
  readonly endMs: number;
  /** Journeys meant to begin per second, on average; absent where users set the pace. Random arrivals make the rate that was seen differ. */
  readonly plannedPerSecond?: number;
  readonly ratePerSecond?: number;
  /** Requests that met the requirement, per second. */
  readonly goodPerSecond?: number;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
}

export interface MechanismContext {
  /** Holds both populations, also when the reference is another run. */
  readonly prepared: PreparedTraces;
  /** A: traces that broke the requirement. */
  readonly violating: Population;
  /** N: what they are compared with; may be empty (then only absolute rules can fire). */
  readonly reference: Population;
  /** Per trace of `prepared`: start in milliseconds on the run's clock. */
  readonly atMs: Float64Array;
  /** Whether the trace's request failed, by all that its entry span says (call-facts.ts). Per trace of `prepared`. */
  readonly failed: Uint8Array;
  readonly blame: Blame;
  /** Signs of failure other than time, strongest first. */
  readonly faults: readonly FaultSign[];
  /** Services by all the evidence there is, worst first: what the ranking of findings should agree with. */
  readonly suspects: readonly Suspect[];
  /** Clear changes only come from metrics that exist: an empty list says nothing. */
  readonly resources: readonly ResourceChange[];
  /** Empty when the load is unknown. */
  readonly phases: readonly LoadPhase[];
}

/** A finding before ranking, de-duplication and wording. */
export interface CandidateFinding {
  readonly mechanism: Mechanism;
  readonly service: string;
  readonly operation: string;
  readonly edge?: Edge;
  readonly path: readonly string[];
  /** Mean effect on a violating request in milliseconds; 0 for mechanisms that cost no time. */
  readonly effectMs: number;
  /** Of the blame's excess, 0..1. */
  readonly share: number;
  readonly effectInterval?: readonly [number, number];
  /** Share of violating traces that show it, 0..1. */
  readonly support: number;
  /** How sure the mechanism is, judged by this detector alone. */
  readonly confidence: Confidence;
  /** Whether a metric (or an equally independent witness) confirms it. */
  readonly corroborated: boolean;
  readonly evidence: readonly Evidence[];
  /** What numbers cannot say and the sentence needs: the repeated statement, the exception's type, who gives up before whom. */
  readonly detail?: string;
  /** Trace indexes, most telling first, at most 10. */
  readonly traces: readonly number[];
  readonly onsetMs?: number;
}

/** One mechanism's rule. Pure; no state; cost linear in the spans of both populations. */
export interface MechanismDetector {
  /** What it can report; a detector may tell close relatives apart (network delay, pool wait, CPU starvation). */
  readonly mechanisms: readonly Mechanism[];
  readonly detect: (context: MechanismContext) => readonly CandidateFinding[];
}
