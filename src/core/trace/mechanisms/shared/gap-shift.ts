// What happened between a caller and its callee: how the gaps before and after the server span changed, and in which shape.

import { remember } from '../../spans/remember.ts';
import type { MechanismContext } from '../mechanism.ts';
import { quantileOfSorted } from './quantile-of-sorted.ts';
import { side, sidesOf } from './sides.ts';
import { type Tally, tally } from './tally.ts';

/** Milliseconds per call. */
export interface Spread {
  readonly q10: number;
  readonly q50: number;
  readonly q90: number;
  readonly mean: number;
}

export interface Change {
  readonly reference: Spread;
  readonly violating: Spread;
}

/** One edge whose calls have SERVER spans on both sides of the comparison. */
export interface GapShift {
  readonly edge: number;
  readonly calls: number;
  /** Critical-path time in the gaps, milliseconds per violating request beyond the reference, and how sure it is (Tally.certainty). */
  readonly effectMs: number;
  readonly certainty: number;
  readonly pre: Change;
  readonly post: Change;
  /** Duration of the SERVER span. */
  readonly server: Change;
  /**
   * How alike the delayed calls are: 10th percentile of their extra gap over its median. A wire adds about the same to every call (near 1);
   * a process that waits for the CPU or in a queue is late by anything between nothing and much (near 0).
   */
  readonly evenness: number;
}

/** Fewer calls on either side say nothing about a distribution. */
const fewestCalls = 3;

/** Edges whose gaps cost the violating requests more, greatest effect first. Cost: linear, plus sorting the calls of those edges. */
export const gapShiftsOf: (context: MechanismContext) => readonly GapShift[] = remember((context) => {
  const { prepared } = context;
  const sums = tally(context, prepared.edges.length, (trace, add) => {
    const { firstSpan } = prepared.set;
    for (let span = firstSpan[trace] ?? 0; span < (firstSpan[trace + 1] ?? 0); span += 1) {
      const edge = prepared.edge[span] ?? -1;
      if (edge >= 0 && (prepared.serverChild[span] ?? -1) >= 0) add(edge, (prepared.pathNs[span] ?? 0) / 1e6);
    }
  });
  const grown = new Set<number>();
  for (let edge = 0; edge < prepared.edges.length; edge += 1) if (effectOf(sums, edge) > 0) grown.add(edge);
  return [...measure(context, grown)]
    .map((each) => ({ ...each, effectMs: effectOf(sums, each.edge), certainty: sums.certainty[each.edge] ?? 0 }))
    .sort((a, b) => b.effectMs - a.effectMs || a.edge - b.edge);
});

const effectOf = (sums: Tally, edge: number): number => (sums.violating[edge] ?? 0) - (sums.reference[edge] ?? 0);

interface Samples {
  readonly pre: number[];
  readonly post: number[];
  readonly server: number[];
}

function* measure(
  context: MechanismContext,
  edges: ReadonlySet<number>,
): Generator<Omit<GapShift, 'effectMs' | 'certainty'>> {
  const { violating, reference } = collect(context, edges);
  for (const edge of edges) {
    const after = violating.get(edge);
    const before = reference.get(edge);
    if (after === undefined || before === undefined) continue;
    if (after.pre.length < fewestCalls || before.pre.length < fewestCalls) continue;
    yield {
      edge,
      calls: after.pre.length,
      pre: { reference: spread(before.pre), violating: spread(after.pre) },
      post: { reference: spread(before.post), violating: spread(after.post) },
      server: { reference: spread(before.server), violating: spread(after.server) },
      evenness: evenness(before, after),
    };
  }
}

function collect(
  context: MechanismContext,
  edges: ReadonlySet<number>,
): { readonly violating: ReadonlyMap<number, Samples>; readonly reference: ReadonlyMap<number, Samples> } {
  const { prepared } = context;
  const sides = sidesOf(context);
  const both = { violating: new Map<number, Samples>(), reference: new Map<number, Samples>() };
  for (const trace of sides.traces) {
    const samples = sides.side[trace] === side.violating ? both.violating : both.reference;
    for (let span = prepared.set.firstSpan[trace] ?? 0; span < (prepared.set.firstSpan[trace + 1] ?? 0); span += 1) {
      const edge = prepared.edge[span] ?? -1;
      const server = prepared.serverChild[span] ?? -1;
      if (server < 0 || !edges.has(edge)) continue;
      const known: Samples = samples.get(edge) ?? { pre: [], post: [], server: [] };
      samples.set(edge, known);
      known.pre.push((prepared.preNs[span] ?? 0) / 1e6);
      known.post.push((prepared.postNs[span] ?? 0) / 1e6);
      known.server.push(((prepared.end[server] ?? 0) - (prepared.start[server] ?? 0)) / 1e6);
    }
  }
  return both;
}

function spread(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values).sort();
  return {
    q10: quantileOfSorted(sorted, 0.1),
    q50: quantileOfSorted(sorted, 0.5),
    q90: quantileOfSorted(sorted, 0.9),
    mean: meanOf(values),
  };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of reference calls, those below the limit above which a call counts as delayed. */
const usualPart = 0.95;

/**
 * Only calls beyond nearly all reference calls are delayed; a fault that hits one call in five is judged by that one. As many of the least delayed as
 * would be there anyway do not count.
 */
function evenness(before: Samples, after: Samples): number {
  const usual = Float64Array.from(before.pre, (pre, i) => pre + (before.post[i] ?? 0)).sort();
  const limit = quantileOfSorted(usual, usualPart);
  const typical = quantileOfSorted(usual, 0.5);
  const extra = Float64Array.from(after.pre, (pre, i) => pre + (after.post[i] ?? 0))
    .filter((gap) => gap > limit)
    .map((gap) => gap - typical)
    .sort()
    .subarray(Math.round((1 - usualPart) * after.pre.length));
  return extra.length === 0 ? 0 : quantileOfSorted(extra, 0.1) / quantileOfSorted(extra, 0.5);
}
