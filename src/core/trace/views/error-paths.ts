// Where errors begin, pass through and end in one trace, and how much of the critical path is spent in failed spans.
import { nameOf, serviceOf } from '../../model/span-view.ts';
import { callFactsOf } from '../calls/call-facts.ts';
import type { PreparedTraces } from '../prepare/prepared-traces.ts';

/** All spans of one call path that failed, or below which something failed directly. */
export interface ErrorPath {
  /** `[service] operation` from the root down; of very long paths the deepest part. */
  readonly path: readonly string[];
  /** Exclusive critical-path time of the failed spans. */
  readonly exclusiveNs: number;
  /** Failed spans without a failed child: errors begin here. */
  readonly origins: number;
  /** Failed spans with a failed child: errors pass through. */
  readonly propagated: number;
  /** Spans that did not fail although a child did: errors end here. */
  readonly recovered: number;
}

const longestPath = 64;

/**
 * Error paths of one trace in order of first appearance, depth first; empty when nothing failed. `hasFailed` decides for a span; absent: its status, its
 * HTTP or gRPC status, its error attributes. Linear in the trace's spans. Source: CRISP's error counts (origin, propagated, recovered).
 */
export function errorPaths(
  prepared: PreparedTraces,
  trace: number,
  hasFailed: (span: number) => boolean = (span) => callFactsOf(prepared).failed[span] === 1,
): readonly ErrorPath[] {
  const { set, order, parent, firstChild, nextSibling, pathNs } = prepared;
  const nodes = pathNodes();
  const nodeOf = new Map<number, number>();
  const found = new Map<number, { exclusiveNs: number; origins: number; propagated: number; recovered: number }>();
  for (let at = set.firstSpan[trace] ?? 0; at < (set.firstSpan[trace + 1] ?? 0); at += 1) {
    const span = order[at] ?? 0;
    const node = nodes.below(nodeOf.get(parent[span] ?? -1) ?? -1, `[${serviceOf(set, span)}] ${nameOf(set, span)}`);
    nodeOf.set(span, node);
    let childFailed = false;
    for (let child = firstChild[span] ?? -1; child >= 0; child = nextSibling[child] ?? -1)
      childFailed ||= hasFailed(child);
    const failed = hasFailed(span);
    if (!failed && !childFailed) continue;
    const entry = found.get(node) ?? { exclusiveNs: 0, origins: 0, propagated: 0, recovered: 0 };
    if (failed) entry.exclusiveNs += pathNs[span] ?? 0;
    if (failed && !childFailed) entry.origins += 1;
    if (failed && childFailed) entry.propagated += 1;
    if (!failed) entry.recovered += 1;
    found.set(node, entry);
  }
  return [...found].map(([node, entry]) => ({ path: nodes.pathTo(node, longestPath), ...entry }));
}

/** Call paths as a tree of numbered nodes, so that a deep trace needs no quadratic text. */
function pathNodes(): {
  readonly below: (node: number, step: string) => number;
  readonly pathTo: (node: number, longest: number) => readonly string[];
} {
  const steps: string[] = [];
  const above: number[] = [];
  const known = new Map<string, number>();
  return {
    below(node, step) {
      const key = `${node} ${step}`;
      const before = known.get(key);
      if (before !== undefined) return before;
      known.set(key, steps.length);
      steps.push(step);
      above.push(node);
      return steps.length - 1;
    },
    pathTo(node, longest) {
      const path: string[] = [];
      for (let at = node; at >= 0 && path.length < longest; at = above[at] ?? -1) path.unshift(steps[at] ?? '');
      return path;
    },
  };
}
