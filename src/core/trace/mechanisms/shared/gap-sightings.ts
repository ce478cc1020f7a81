// Callees whose violating calls lose clear and material time around the callee's span, and nowhere else.
import type { Edge } from '../../../model/finding.ts';
import { remember } from '../../spans/remember.ts';
import type { MechanismContext } from '../mechanism.ts';
import { callerLagsOf } from './caller-lag.ts';
import { shareOf } from './candidate.ts';
import { clearly, isMaterial, leastShare } from './culprits.ts';
import { type GapShift, gapShiftsOf } from './gap-shift.ts';

export interface GapSighting {
  readonly callee: string;
  /** The edge with the greatest effect, and its figures. */
  readonly edge: Edge;
  readonly main: GapShift;
  /** All edges from this caller to this callee with a clear effect. */
  readonly edges: ReadonlySet<number>;
  readonly effectMs: number;
  readonly certainty: number;
  /** A violating call with a long gap. */
  readonly example: number;
}

/** A span whose typical and whose long durations last this many times as long has been stretched: the callee itself is short of something. */
const stretched = { typical: 1.3, long: 1.5 };
/** Growth of the span over that of the gap, beyond which the callee is part of the story. */
const notAlone = 0.3;
/** ANALYSIS.md 1.9. */
const queueFactor = 3;

/** One sighting per pair of caller and callee, greatest effect first. Edges of a caller that is late towards everybody are left out. */
export const gapSightings: (context: MechanismContext) => readonly GapSighting[] = remember((context) => {
  const lagging = new Set(callerLagsOf(context).map((lag) => lag.caller));
  const pairs = new Map<string, GapShift[]>();
  for (const shift of gapShiftsOf(context)) {
    const edge = context.prepared.edges[shift.edge];
    if (edge === undefined || lagging.has(edge.caller) || shift.certainty < clearly) continue;
    const key = JSON.stringify([edge.caller, edge.callee]);
    pairs.set(key, [...(pairs.get(key) ?? []), shift]);
  }
  return [...pairs.values()].flatMap((shifts) => sight(context, shifts)).sort((a, b) => b.effectMs - a.effectMs);
});

function sight(context: MechanismContext, shifts: readonly GapShift[]): readonly GapSighting[] {
  const main = shifts[0];
  const edge = main === undefined ? undefined : context.prepared.edges[main.edge];
  if (main === undefined || edge === undefined) return [];
  const effectMs = shifts.reduce((sum, shift) => sum + shift.effectMs, 0);
  const certainty = Math.max(...shifts.map((shift) => shift.certainty));
  if (!isMaterial(context, effectMs) || shareOf(context, effectMs) < leastShare) return [];
  if (!isAroundTheSpan(main)) return [];
  const edges = new Set(shifts.map((shift) => shift.edge));
  return [{ callee: edge.callee, edge, main, edges, effectMs, certainty, example: exampleOf(context, main) }];
}

/** The gap grew more than the span, and the span is not stretched: a starved callee is late and slow, a wire or a queue only late. */
function isAroundTheSpan({ pre, post, server }: GapShift): boolean {
  const gap = pre.violating.mean + post.violating.mean - pre.reference.mean - post.reference.mean;
  const span = server.violating.mean - server.reference.mean;
  const isStretched =
    server.violating.q50 > stretched.typical * server.reference.q50 &&
    server.violating.q90 > stretched.long * server.reference.q90;
  return span < notAlone * gap && !isStretched;
}

/** The wait lies in front of the span, three times as much as behind it. */
export function isQueueLike({ pre, post }: GapShift): boolean {
  const before = pre.violating.mean - pre.reference.mean;
  const after = post.violating.mean - post.reference.mean;
  return before > 0 && before > queueFactor * after;
}

function exampleOf({ prepared, violating }: MechanismContext, { edge }: GapShift): number {
  let best = -1;
  let longest = -1;
  for (const trace of violating.traces) {
    for (let span = prepared.set.firstSpan[trace] ?? 0; span < (prepared.set.firstSpan[trace + 1] ?? 0); span += 1) {
      if (prepared.edge[span] !== edge || (prepared.serverChild[span] ?? -1) < 0) continue;
      const gap = (prepared.preNs[span] ?? 0) + (prepared.postNs[span] ?? 0);
      if (gap <= longest) continue;
      longest = gap;
      best = span;
    }
  }
  return best;
}
