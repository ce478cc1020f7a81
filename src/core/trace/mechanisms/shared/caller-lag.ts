// Callers that are late themselves: the gaps towards most of their callees grow alike.

import { remember } from '../../spans/remember.ts';
import type { MechanismContext } from '../mechanism.ts';
import { clearly } from './culprits.ts';
import { type GapShift, gapShiftsOf } from './gap-shift.ts';
import { tally } from './tally.ts';

export interface CallerLag {
  readonly caller: string;
  /** Its callees with grown gaps, and all that it calls. */
  readonly late: number;
  readonly callees: number;
  /** Of all its gaps together, milliseconds per violating request beyond the reference. */
  readonly effectMs: number;
  readonly certainty: number;
  readonly edges: readonly GapShift[];
}

const fewestLate = 3;
const leastPart = 0.6;
/** Late towards everybody alike: no callee may account for more of it than this. */
const mostOfOne = 0.6;
/** Of one callee's gaps; that several agree is what makes it clear. */
const likely = 1.5;

/**
 * A wire or a callee delays its own edge; an event loop that is late, or a process without CPU, delays the answers from everybody it calls
 * (ANALYSIS.md 1.4). Callers whose gaps together have clearly grown, with at least 3 late callees that are most of all they call.
 */
export const callerLagsOf: (context: MechanismContext) => readonly CallerLag[] = remember((context) => {
  const { prepared } = context;
  const sums = tally(context, prepared.services.length, (trace, add) => {
    for (let span = prepared.set.firstSpan[trace] ?? 0; span < (prepared.set.firstSpan[trace + 1] ?? 0); span += 1) {
      if ((prepared.serverChild[span] ?? -1) >= 0) add(prepared.service[span] ?? 0, (prepared.pathNs[span] ?? 0) / 1e6);
    }
  });
  const shifts = shiftsByCaller(context);
  return prepared.services.flatMap((caller, index) => {
    const certainty = sums.certainty[index] ?? 0;
    const edges = (shifts.get(caller) ?? []).filter((shift) => shift.certainty >= likely);
    if (certainty < clearly || edges.length < fewestLate) return [];
    const late = new Set(edges.map((shift) => prepared.edges[shift.edge]?.callee)).size;
    const callees = calleesOf(context, caller);
    const effectMs = (sums.violating[index] ?? 0) - (sums.reference[index] ?? 0);
    if (late < fewestLate || late < leastPart * callees) return [];
    if (greatestOfOne(context, edges) > mostOfOne * effectMs) return [];
    return [{ caller, late, callees, effectMs, certainty, edges }];
  });
});

/** The greatest sum of effects over the edges to one callee. */
function greatestOfOne({ prepared }: MechanismContext, edges: readonly GapShift[]): number {
  const sums = new Map<string, number>();
  for (const { edge, effectMs } of edges) {
    const callee = prepared.edges[edge]?.callee ?? '';
    sums.set(callee, (sums.get(callee) ?? 0) + effectMs);
  }
  return Math.max(0, ...sums.values());
}

/** Shifts of the gaps towards others, by who calls them. */
function shiftsByCaller(context: MechanismContext): ReadonlyMap<string, readonly GapShift[]> {
  const shifts = new Map<string, GapShift[]>();
  for (const shift of gapShiftsOf(context)) {
    const edge = context.prepared.edges[shift.edge];
    if (edge === undefined || edge.callee === edge.caller) continue;
    const known = shifts.get(edge.caller);
    if (known === undefined) shifts.set(edge.caller, [shift]);
    else known.push(shift);
  }
  return shifts;
}

/** Callees whose spans are recorded: only their gaps can be seen. */
function calleesOf({ prepared }: MechanismContext, caller: string): number {
  const instrumented = prepared.edges.filter(
    (edge) => edge.caller === caller && prepared.instrumented[prepared.services.indexOf(edge.callee)] === 1,
  );
  return new Set(instrumented.map((edge) => edge.callee)).size;
}
