// Which traces stand on which side of a comparison, cohort by cohort.
import type { MechanismContext } from '../../mechanism.ts';
import type { PreparedTraces } from '../../prepared-traces.ts';
import { remember } from './remember.ts';

/** `side[t]` of a trace. */
export const side = { none: 0, violating: 1, reference: 2 } as const;

export interface Sides {
  /** Per trace of the set. Violating traces with nothing to be compared with are left out, unless there is no reference at all. */
  readonly side: Uint8Array;
  /** Per trace: the group within which it is compared, 0 .. strata - 1: its cohort. */
  readonly stratum: Uint32Array;
  /** Per reference trace: a second group it is compared in, or -1: violating traces of the same entry operation whose own cohort has no reference. */
  readonly alsoIn: Int32Array;
  readonly strata: number;
  /** Per stratum: compared traces of each side. */
  readonly violatingIn: Uint32Array;
  readonly referenceIn: Uint32Array;
  /** Compared traces, both sides, ascending. */
  readonly traces: Uint32Array;
  readonly violating: number;
  readonly reference: number;
}

/** The comparison that a context asks for; the same pairing as `populations`. */
export const sidesOf: (context: MechanismContext) => Sides = remember((context) => {
  const { prepared, violating, reference } = context;
  const columns = {
    side: new Uint8Array(prepared.entry.length),
    stratum: new Uint32Array(prepared.entry.length),
    alsoIn: new Int32Array(prepared.entry.length).fill(-1),
  };
  const strata = numbering();
  for (const trace of reference.traces) {
    columns.side[trace] = side.reference;
    columns.stratum[trace] = strata.of(cohortKey(prepared, trace));
  }
  for (const trace of violating.traces) {
    const own = cohortKey(prepared, trace);
    const key = strata.has(own) || reference.traces.length === 0 ? own : entryKey(prepared, trace);
    columns.stratum[trace] = strata.of(key);
    columns.side[trace] = side.violating;
  }
  for (const trace of reference.traces) {
    const entry = entryKey(prepared, trace);
    if (strata.has(entry)) columns.alsoIn[trace] = strata.of(entry);
  }
  return counted(columns, strata.size(), reference.traces.length > 0);
});

const cohortKey = (prepared: PreparedTraces, trace: number): number => prepared.cohort[trace] ?? 0;

/** Service and operation of the entry; numbered apart from the cohorts. */
function entryKey({ set, entry, cohorts }: PreparedTraces, trace: number): number {
  const span = entry[trace] ?? 0;
  return cohorts.length + (set.service[span] ?? 0) * set.strings.length + (set.name[span] ?? 0);
}

function numbering(): {
  readonly of: (key: number) => number;
  readonly has: (key: number) => boolean;
  readonly size: () => number;
} {
  const numbers = new Map<number, number>();
  return {
    has: (key) => numbers.has(key),
    size: () => numbers.size,
    of(key) {
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, numbers.size);
      return numbers.size - 1;
    },
  };
}

function counted(columns: Pick<Sides, 'side' | 'stratum' | 'alsoIn'>, strata: number, needsReference: boolean): Sides {
  const violatingIn = new Uint32Array(strata);
  const referenceIn = new Uint32Array(strata);
  const count = (counts: Uint32Array, at: number): void => {
    counts[at] = (counts[at] ?? 0) + 1;
  };
  columns.side.forEach((which, trace) => {
    const at = columns.stratum[trace] ?? 0;
    const also = columns.alsoIn[trace] ?? -1;
    if (which === side.violating) count(violatingIn, at);
    if (which === side.reference) count(referenceIn, at);
    if (which === side.reference && also >= 0) count(referenceIn, also);
  });
  const traces: number[] = [];
  columns.side.forEach((which, trace) => {
    const isAlone = needsReference && which === side.violating && referenceIn[columns.stratum[trace] ?? 0] === 0;
    if (isAlone) columns.side[trace] = side.none;
    else if (which !== side.none) traces.push(trace);
  });
  for (let at = 0; needsReference && at < strata; at += 1) if (referenceIn[at] === 0) violatingIn[at] = 0;
  return {
    ...columns,
    strata,
    violatingIn,
    referenceIn,
    traces: Uint32Array.from(traces),
    violating: violatingIn.reduce((sum, each) => sum + each, 0),
    reference: traces.reduce((sum, trace) => sum + (columns.side[trace] === side.reference ? 1 : 0), 0),
  };
}
