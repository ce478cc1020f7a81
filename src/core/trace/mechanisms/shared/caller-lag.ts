// Callers that are late themselves: the gaps towards several of their callees grow alike.
import type { MechanismContext } from '../../mechanism.ts';
import { clearly } from './culprits.ts';
import { type GapShift, gapShiftsOf } from './gap-shift.ts';
import { remember } from './remember.ts';

export interface CallerLag {
  readonly caller: string;
  /** Its callees with clearly grown gaps, and all that it calls in the violating traces. */
  readonly late: number;
  readonly callees: number;
  /** Sum over those edges, milliseconds per violating request. */
  readonly effectMs: number;
  readonly edges: readonly GapShift[];
}

const fewestLate = 3;
const leastPart = 0.5;

/**
 * A wire or a callee delays its own edge; an event loop that is late, or a process without CPU, delays the answers from everybody it calls
 * (ANALYSIS.md 1.4). Callers with at least 3 late callees that are at least half of all they call.
 */
export const callerLagsOf: (context: MechanismContext) => readonly CallerLag[] = remember((context) => {
  const { edges } = context.prepared;
  const byCaller = new Map<string, GapShift[]>();
  for (const shift of gapShiftsOf(context)) {
    const edge = edges[shift.edge];
    if (edge === undefined || edge.caller === edge.callee || shift.effectMs < clearly * shift.errorMs) continue;
    byCaller.set(edge.caller, [...(byCaller.get(edge.caller) ?? []), shift]);
  }
  return [...byCaller].flatMap(([caller, shifts]) => {
    const late = new Set(shifts.map((shift) => edges[shift.edge]?.callee));
    const callees = new Set(edges.filter((edge) => edge.caller === caller).map((edge) => edge.callee));
    if (late.size < fewestLate || late.size < leastPart * callees.size) return [];
    const effectMs = shifts.reduce((sum, shift) => sum + shift.effectMs, 0);
    return [{ caller, late: late.size, callees: callees.size, effectMs, edges: shifts }];
  });
});
