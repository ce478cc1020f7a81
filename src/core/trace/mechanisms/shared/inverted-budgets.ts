// Time budgets the wrong way round: a callee that waits longer for its own callees than its caller waits for it.

import { callFactsOf } from '../../calls/call-facts.ts';
import type { PreparedTraces } from '../../prepare/prepared-traces.ts';
import { median } from '../../statistics/quantiles.ts';

const fewest = 3;

/** One sentence for each inverted pair of edges, the most generous callee first. Linear, but for sorting the timed-out durations. */
export function invertedBudgets(prepared: PreparedTraces): readonly string[] {
  const budgets = timeoutsByEdge(prepared);
  const pairs: { readonly excess: number; readonly text: string }[] = [];
  for (const [edge, outer] of budgets) {
    for (const [below, inner] of budgets) {
      const from = prepared.edges[edge];
      const to = prepared.edges[below];
      if (from === undefined || to === undefined || from.callee !== to.caller || inner < outer) continue;
      pairs.push({
        excess: inner - outer,
        text: `${from.caller} gives ${from.callee} ${Math.round(outer)} ms, ${to.caller} gives ${to.callee} ${Math.round(inner)} ms`,
      });
    }
  }
  return pairs.sort((a, b) => b.excess - a.excess || (a.text < b.text ? -1 : 1)).map((pair) => pair.text);
}

/** Median duration in milliseconds of timed-out calls, for edges with at least 3. */
function timeoutsByEdge(prepared: PreparedTraces): ReadonlyMap<number, number> {
  const { timedOut } = callFactsOf(prepared);
  const durations = new Map<number, number[]>();
  for (let span = 0; span < prepared.edge.length; span += 1) {
    const edge = prepared.edge[span] ?? -1;
    if (edge < 0 || timedOut[span] === 0) continue;
    const known = durations.get(edge) ?? [];
    known.push(((prepared.end[span] ?? 0) - (prepared.start[span] ?? 0)) / 1e6);
    durations.set(edge, known);
  }
  const typical = new Map<number, number>();
  for (const [edge, known] of durations) {
    if (known.length >= fewest) typical.set(edge, median(known));
  }
  return typical;
}
