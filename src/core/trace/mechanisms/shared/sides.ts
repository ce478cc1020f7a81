// Which traces stand on which side of a comparison, cohort by cohort.

import type { PreparedTraces } from '../../prepare/prepared-traces.ts';
import { remember } from '../../spans/remember.ts';
import type { MechanismContext } from '../mechanism.ts';

/** `side[t]` of a trace. */
export const side = { none: 0, violating: 1, reference: 2 } as const;

export interface Sides {
  /** Per trace of the set. Violating traces with nothing of their group to be compared with are left out, unless there is no reference at all. */
  readonly side: Uint8Array;
  /** Per trace: the group within which it is compared, 0 .. strata - 1. */
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

/** With fewer of the violating traces in cohorts that have a reference, all are compared by entry operation instead. */
const leastCovered = 0.2;

/**
 * The comparison that a context asks for. Strictly within cohorts: requests of another kind have another shape, and every shape would be news. Only
 * when hardly any violating trace has a reference of its cohort (requests that failed before they got anywhere) requests that came in by the same
 * operation must do.
 */
export const sidesOf: (context: MechanismContext) => Sides = remember((context) => {
  const { prepared, violating, reference } = context;
  const cohorts = new Set(Array.from(reference.traces, (trace) => prepared.cohort[trace]));
  const covered = violating.traces.reduce((count, trace) => count + (cohorts.has(prepared.cohort[trace]) ? 1 : 0), 0);
  const byCohort = reference.traces.length === 0 || covered >= leastCovered * violating.traces.length;
  return compare(context, byCohort ? (trace) => prepared.cohort[trace] ?? 0 : (trace) => entryOf(prepared, trace));
});

/** One number for the service and operation that a request came in by. */
function entryOf({ set, entry }: PreparedTraces, trace: number): number {
  const span = entry[trace] ?? 0;
  return (set.service[span] ?? 0) * set.strings.length + (set.name[span] ?? 0);
}

function compare({ prepared, violating, reference }: MechanismContext, groupOf: (trace: number) => number): Sides {
  const marks = new Uint8Array(prepared.entry.length);
  const stratum = new Uint32Array(prepared.entry.length);
  const strata = new Map<number, number>();
  const mark = (trace: number, value: number): void => {
    const group = groupOf(trace);
    const known = strata.get(group);
    if (known === undefined) strata.set(group, strata.size);
    stratum[trace] = known ?? strata.size - 1;
    marks[trace] = value;
  };
  for (const trace of reference.traces) mark(trace, side.reference);
  const hasReference = strata.size > 0;
  for (const trace of violating.traces) if (!hasReference || strata.has(groupOf(trace))) mark(trace, side.violating);
  return { side: marks, stratum, strata: strata.size, ...counted(marks, stratum, strata.size) };
}

function counted(
  marks: Uint8Array,
  stratum: Uint32Array,
  strata: number,
): Pick<Sides, 'violatingIn' | 'referenceIn' | 'traces' | 'violating' | 'reference'> {
  const violatingIn = new Uint32Array(strata);
  const referenceIn = new Uint32Array(strata);
  const traces: number[] = [];
  for (let trace = 0; trace < marks.length; trace += 1) {
    if (marks[trace] === side.none) continue;
    traces.push(trace);
    const counts = marks[trace] === side.violating ? violatingIn : referenceIn;
    const at = stratum[trace] ?? 0;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  const violating = violatingIn.reduce((sum, count) => sum + count, 0);
  return {
    violatingIn,
    referenceIn,
    traces: Uint32Array.from(traces),
    violating,
    reference: traces.length - violating,
  };
}
