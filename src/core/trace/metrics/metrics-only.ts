// Ranks the nodes of a call graph by metrics alone, for systems with few traces.
import type { Series } from '../../model/series.ts';
import { median, quantile } from '../statistics/quantiles.ts';

/** What is known of one node. `measure` is the quantity of the broken requirement: mean latency in any unit, or the share of failed calls, 0..1. */
export interface NodeMetrics {
  readonly node: string;
  readonly measure: Series;
  /** Calls per sample of `measure`, at the same times; absent: as many as the target has. */
  readonly calls?: Series;
  /** Values of the measure in healthy times, at least 3; fewer, and the node cannot be judged and is passed over. */
  readonly reference: readonly number[];
}

export interface MetricsOnlyInput {
  /** The node whose requirement broke. */
  readonly target: string;
  /** Caller to callees. */
  readonly graph: Readonly<Record<string, readonly string[]>>;
  readonly nodes: readonly NodeMetrics[];
}

export interface NodeBlame {
  readonly node: string;
  /** What the node itself adds to the target's measure, per call of the target: its own excess without that of what it calls. */
  readonly own: number;
  /** Of the sum of positive own parts, 0..1. */
  readonly share: number;
  /** Largest robust z-score in the window; below 3 nothing special happened at the node itself. */
  readonly score: number;
}

const leastReference = 3;
const clearScore = 3;

/**
 * The excess of a node is (measure - median of the reference) x calls, summed over the window with the target's own excess as weight, so that what goes
 * up and down with the violation counts most. A node pays for the excess that its callees do not explain; a callee's excess is split among its callers
 * in proportion to their calls:
 *
 *     own(v) = excess(v) - sum over callees c of excess(c) x calls(v) / calls of all callers of c
 *
 * A front that only waits is left with nothing, however anomalous it looks; the deepest node that is slow by itself keeps its excess. Only nodes that
 * the target can reach. Greatest own part first; nodes that are not clearly out of their range come last. Linear in samples and edges.
 */
export function blameByMetrics({ target, graph, nodes }: MetricsOnlyInput): readonly NodeBlame[] {
  const reachable = reachableFrom(target, graph);
  const known = new Map(nodes.filter(({ node }) => reachable.has(node)).map((each) => [each.node, each]));
  const weights = weightsOf(known.get(target));
  const callsOfTarget = known.get(target)?.calls;
  const facts = new Map([...known].map(([node, metrics]) => [node, factsOf(metrics, callsOfTarget, weights)]));
  const own = new Map([...facts].map(([node, { excess }]) => [node, excess]));
  for (const [callee, { excess }] of facts) {
    const callers = [...facts].filter(([caller]) => caller !== callee && graph[caller]?.includes(callee));
    const allCalls = callers.reduce((sum, [, { calls }]) => sum + calls, 0);
    for (const [caller, { calls }] of callers) {
      own.set(caller, (own.get(caller) ?? 0) - (allCalls === 0 ? 0 : Math.max(0, excess) * (calls / allCalls)));
    }
  }
  const targetCalls = facts.get(target)?.calls ?? 0;
  const positive = [...own.values()].reduce((sum, value) => sum + Math.max(0, value), 0);
  return [...facts]
    .map(([node, { score }]): NodeBlame => {
      const value = own.get(node) ?? 0;
      return {
        node,
        own: targetCalls === 0 ? value : value / targetCalls,
        share: positive === 0 ? 0 : Math.max(0, value) / positive,
        score,
      };
    })
    .sort(
      (a, b) =>
        Number(b.score > clearScore) - Number(a.score > clearScore) || b.own - a.own || (a.node < b.node ? -1 : 1),
    );
}

function reachableFrom(target: string, graph: MetricsOnlyInput['graph']): ReadonlySet<string> {
  const seen = new Set([target]);
  for (const node of seen) for (const callee of graph[node] ?? []) seen.add(callee);
  return seen;
}

/** Per time: how far the target was out of its range. Without a target series every time counts alike. */
function weightsOf(target: NodeMetrics | undefined): (time: number) => number {
  if (target === undefined || target.reference.length < leastReference) return () => 1;
  const centre = median(target.reference);
  const weights = new Map(numbersOf(target.measure).map(([time, value]) => [time, Math.max(0, value - centre)]));
  const sum = [...weights.values()].reduce((total, weight) => total + weight, 0);
  return sum === 0 ? () => 1 : (time) => (weights.get(time) ?? 0) / sum;
}

interface NodeFacts {
  readonly excess: number;
  /** Weighted like the excess. */
  readonly calls: number;
  readonly score: number;
}

function factsOf(
  { measure, calls, reference }: NodeMetrics,
  callsOfTarget: Series | undefined,
  weight: (time: number) => number,
): NodeFacts {
  if (reference.length < leastReference) return { excess: 0, calls: 0, score: 0 };
  const centre = median(reference);
  const spread = Math.max(
    (quantile(reference, 0.75) - quantile(reference, 0.25)) / 1.349,
    0.01 * Math.abs(centre),
    1e-9,
  );
  const counts = lookup(calls ?? callsOfTarget);
  let excess = 0;
  let weighedCalls = 0;
  let score = 0;
  for (const [time, value] of numbersOf(measure)) {
    const count = counts(time);
    excess += weight(time) * (value - centre) * count;
    weighedCalls += weight(time) * count;
    if (weight(time) > 0) score = Math.max(score, (value - centre) / spread);
  }
  return { excess, calls: weighedCalls, score };
}

function lookup(series: Series | undefined): (time: number) => number {
  if (series === undefined) return () => 1;
  const values = new Map(numbersOf(series));
  return (time) => values.get(time) ?? 0;
}

/** Samples that hold a number, as times and values. */
function numbersOf({ times, values }: Series): readonly (readonly [time: number, value: number])[] {
  return times.flatMap((time, at) => {
    const value = values[at];
    return value === undefined || !Number.isFinite(value) ? [] : [[time, value] as const];
  });
}
