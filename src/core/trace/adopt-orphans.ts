// Gives spans whose parent was lost a place below the nearest ancestor that was not.
import { missingParent, type TraceSet } from '../model/trace-set.ts';

/** How far up an ancestor is learned and looked for, and how many earlier spans of the trace are looked at for one orphan. */
const reach = { levels: 5, candidates: 1_000, learnedSpans: 200_000 } as const;

/**
 * Parents with orphans adopted where that is safe, and how many were. An orphan goes below the shortest span of its trace that covers it in time and
 * whose service and name are, in other traces of the set, those of an ancestor of such a span, two or more levels up (one level up is the lost span
 * itself). Without such a span it stays a root. Losing a CLIENT span then costs its gap, not the whole call.
 *
 *     recorded   A |------------------|        adopted   A |------------------|
 *     lost       B   |--------------|                    C     |----------|
 *     orphan     C     |----------|
 *
 * Cost: linear; nothing at all in a set without orphans. `parent` is not touched. `entry` spans are never orphans.
 */
export function adoptOrphans(
  set: TraceSet,
  parent: Int32Array,
  entry: Int32Array,
): { readonly parent: Int32Array; readonly adopted: number } {
  const orphans: number[] = [];
  for (let trace = 0; trace < entry.length; trace += 1) {
    if ((entry[trace] ?? -1) < 0) continue;
    for (let span = set.firstSpan[trace] ?? 0; span < (set.firstSpan[trace + 1] ?? 0); span += 1) {
      if (set.parent[span] === missingParent && span !== entry[trace]) orphans.push(span);
    }
  }
  if (orphans.length === 0) return { parent, adopted: 0 };

  const signature = signatures(set);
  const isAncestor = knownAncestors(parent, signature);
  const result = Int32Array.from(parent);
  let adopted = 0;
  let trace = 0;
  for (const orphan of orphans) {
    while ((set.firstSpan[trace + 1] ?? 0) <= orphan) trace += 1;
    const above = coveringAncestor(set, result, orphan, {
      first: set.firstSpan[trace] ?? 0,
      entry: entry[trace] ?? -1,
      isAncestor: (candidate) => isAncestor(signature[candidate] ?? 0, signature[orphan] ?? 0),
    });
    if (above < 0) continue;
    result[orphan] = above;
    adopted += 1;
  }
  return { parent: result, adopted };
}

/** One number for each service and name. */
function signatures(set: TraceSet): Uint32Array {
  const indexOf = new Map<number, number>();
  return set.service.map((service, span) => {
    const key = service * set.strings.length + (set.name[span] ?? 0);
    const known = indexOf.get(key);
    if (known !== undefined) return known;
    indexOf.set(key, indexOf.size);
    return indexOf.size - 1;
  });
}

function knownAncestors(parent: Int32Array, signature: Uint32Array): (ancestor: number, descendant: number) => boolean {
  const known = new Set<number>();
  const key = (ancestor: number, descendant: number): number => ancestor * 2 ** 26 + descendant;
  const step = Math.max(1, Math.floor(parent.length / reach.learnedSpans));
  for (let span = 0; span < parent.length; span += step) {
    let above = parent[span] ?? -1;
    for (let level = 1; above >= 0 && level <= reach.levels; level += 1) {
      if (level > 1) known.add(key(signature[above] ?? 0, signature[span] ?? 0));
      above = parent[above] ?? -1;
    }
  }
  return (ancestor, descendant) => known.has(key(ancestor, descendant));
}

interface Search {
  readonly first: number;
  readonly entry: number;
  readonly isAncestor: (candidate: number) => boolean;
}

/** Spans of a trace are in order of start, so whatever covers the orphan stands before it, or just after when both start together. */
function coveringAncestor(
  set: TraceSet,
  parent: Int32Array,
  orphan: number,
  { first, entry, isAncestor }: Search,
): number {
  const from = set.start[orphan] ?? 0;
  const to = set.end[orphan] ?? 0;
  const covers = (span: number): boolean =>
    (set.start[span] ?? 0) <= from && (set.end[span] ?? 0) >= to && isAncestor(span);
  const duration = (span: number): number => (set.end[span] ?? 0) - (set.start[span] ?? 0);
  let best = entry >= 0 && covers(entry) ? entry : -1;
  for (let span = orphan - 1; span >= Math.max(first, orphan - reach.candidates); span -= 1) {
    if (covers(span) && (best < 0 || duration(span) < duration(best))) best = span;
  }
  return isBelow(parent, best, orphan) ? -1 : best;
}

function isBelow(parent: Int32Array, span: number, top: number): boolean {
  for (let at = span; at >= 0; at = parent[at] ?? -1) if (at === top) return true;
  return false;
}
