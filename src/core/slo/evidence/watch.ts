// What the load engine is asked to count for a requirement, and where to find it again.
import type { MeasureName, Watch } from '../../model/load.ts';
import type { Clause, Requirement } from '../../model/requirement.ts';
import { millis } from '../../model/units.ts';
import type { NeedsContext } from '../requirement-type.ts';
import { phasesOf } from './scope.ts';

/** Slices are counted finer than wanted, so that a short run still has enough of them; never finer than this. */
const finestMs = 500;

/**
 * Exact counts of `measure` against every limit of the requirement's `require` and `warn`. `toThreshold` gives the thresholds of a clause in ms.
 * Its id is the requirement's own.
 */
export function watchFor(
  requirement: Requirement,
  context: NeedsContext,
  measure: MeasureName,
  thresholds: readonly number[],
): Watch {
  const { scenario, route } = requirement.where;
  return {
    id: requirement.id,
    ...(scenario === undefined ? {} : { scenario }),
    ...(route === undefined ? {} : { step: route }),
    phases: phasesOf(requirement, context),
    measure,
    thresholds: [...new Set(thresholds)].sort((a, b) => a - b).map(millis),
    slice: millis(fineSlice(requirement.slice)),
  };
}

/** The wanted length halved up to three times. */
export function fineSlice(wantedMs: number): number {
  let slice = wantedMs;
  for (let i = 0; i < 3 && slice / 2 >= finestMs; i++) slice /= 2;
  return slice;
}

/** All clauses that a requirement may be judged by. */
export function clausesOf(requirement: Requirement): readonly Clause[] {
  return [...requirement.require.clauses, ...(requirement.warn?.clauses ?? [])];
}

/** The numbers a clause's limit is made of; none for relative limits. */
export function limitValues(clause: Clause): readonly number[] {
  switch (clause.limit.kind) {
    case 'fixed':
      return [clause.limit.quantity.value];
    case 'range':
      return [clause.limit.low.value, clause.limit.high.value];
    case 'baseline':
    case 'multiple':
      return [];
  }
}
