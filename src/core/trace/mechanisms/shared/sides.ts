// Which traces stand on which side of a comparison, cohort by cohort.
import type { MechanismContext } from '../../mechanism.ts';
import { remember } from './remember.ts';

/** `side[t]` of a trace. */
export const side = { none: 0, violating: 1, reference: 2 } as const;

export interface Sides {
  /** Per trace of the set. Violating traces whose cohort has no reference are left out, unless there is no reference at all. */
  readonly side: Uint8Array;
  /** Per trace: its cohort among those compared, 0 .. strata - 1. */
  readonly stratum: Uint32Array;
  readonly strata: number;
  /** Per stratum: compared traces of each side. */
  readonly violatingIn: Uint32Array;
  readonly referenceIn: Uint32Array;
  /** Compared traces, both sides, ascending. */
  readonly traces: Uint32Array;
  readonly violating: number;
  readonly reference: number;
}

/** The comparison that a context asks for. */
export const sidesOf: (context: MechanismContext) => Sides = remember(compareWithinCohorts);

function compareWithinCohorts({ prepared, violating, reference }: MechanismContext): Sides {
  const marks = new Uint8Array(prepared.set.traceIds.length);
  const stratum = new Uint32Array(marks.length);
  const hasReference = new Set(Array.from(reference.traces, (trace) => prepared.cohort[trace] ?? 0));
  const strata = new Map<number, number>();
  const mark = (trace: number, value: number): void => {
    const cohort = prepared.cohort[trace] ?? 0;
    if (!strata.has(cohort)) strata.set(cohort, strata.size);
    stratum[trace] = strata.get(cohort) ?? 0;
    marks[trace] = value;
  };
  for (const trace of reference.traces) mark(trace, side.reference);
  for (const trace of violating.traces) {
    if (hasReference.size === 0 || hasReference.has(prepared.cohort[trace] ?? 0)) mark(trace, side.violating);
  }
  const violatingIn = new Uint32Array(strata.size);
  const referenceIn = new Uint32Array(strata.size);
  const traces: number[] = [];
  for (let trace = 0; trace < marks.length; trace += 1) {
    if (marks[trace] === side.none) continue;
    traces.push(trace);
    const counts = marks[trace] === side.violating ? violatingIn : referenceIn;
    const at = stratum[trace] ?? 0;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return {
    side: marks,
    stratum,
    strata: strata.size,
    violatingIn,
    referenceIn,
    traces: Uint32Array.from(traces),
    violating: sum(violatingIn),
    reference: sum(referenceIn),
  };
}

const sum = (counts: Uint32Array): number => counts.reduce((total, count) => total + count, 0);
