// Gives spans whose parent was lost a place below the nearest ancestor that was not.
import { missingParent, spanKind, spanStatus, type TraceSet } from '../../model/trace-set.ts';
import { attributeReader } from './attribute-reader.ts';

/** How far up an ancestor is learned and looked for, and how many earlier spans of the trace are looked at for one orphan. */
const reach = { levels: 5, candidates: 1_000, learnedSpans: 200_000 } as const;

/** Parents with orphans adopted, and per span 1 where that was done. */
export interface Adoption {
  readonly parent: Int32Array;
  readonly adopted: Uint8Array;
  readonly count: number;
}

/**
 * Adopts orphans where that is safe. An orphan goes below the shortest span of its trace that covers it in time and whose service and name are, in other
 * traces of the set, those of an ancestor of such a span, two or more levels up (one level up is the lost span itself). Losing a CLIENT span then costs
 * its gap, not the whole call.
 *
 *     recorded   A |------------------|        adopted   A |------------------|
 *     lost       B   |--------------|                    C     |----------|
 *     orphan     C     |----------|
 *
 * An orphan SERVER span that never has a parent in the whole set lies behind a service without instrumentation: it goes below the shortest covering call
 * that nobody answered. A call that failed may have been given up while the work went on: to cover it need only begin before the orphan and end after its
 * start. All others stay roots. Cost: linear; nothing at all in a set without orphans. `parent` is not touched.
 */
export function adoptOrphans(set: TraceSet, parent: Int32Array, entry: Int32Array): Adoption {
  const orphans = orphansOf(set, entry);
  const adopted = new Uint8Array(parent.length);
  if (orphans.length === 0) return { parent, adopted, count: 0 };

  const signature = signatures(set);
  const known = knownAncestors(parent, signature);
  const isOpenCall = openCalls(set, parent);
  const result = Int32Array.from(parent);
  let count = 0;
  for (const { orphan, trace } of orphans) {
    const kind = signature[orphan] ?? 0;
    const isStranger = set.kind[orphan] === spanKind.server && !known.hasAncestor(kind);
    const above = shortestCovering(set, orphan, {
      first: set.firstSpan[trace] ?? 0,
      entry: entry[trace] ?? -1,
      mayAdopt: isStranger ? isOpenCall : (candidate) => known.isAncestor(signature[candidate] ?? 0, kind),
    });
    if (above < 0 || isBelow(result, above, orphan)) continue;
    result[orphan] = above;
    adopted[orphan] = 1;
    count += 1;
  }
  return { parent: result, adopted, count };
}

function orphansOf(set: TraceSet, entry: Int32Array): readonly { readonly orphan: number; readonly trace: number }[] {
  const orphans: { readonly orphan: number; readonly trace: number }[] = [];
  for (let trace = 0; trace < entry.length; trace += 1) {
    if ((entry[trace] ?? -1) < 0) continue;
    for (let span = set.firstSpan[trace] ?? 0; span < (set.firstSpan[trace + 1] ?? 0); span += 1) {
      if (set.parent[span] === missingParent && span !== entry[trace]) orphans.push({ orphan: span, trace });
    }
  }
  return orphans;
}

/** CLIENT spans without a child: nobody's spans say who answered. A database calls nobody back. */
function openCalls(set: TraceSet, parent: Int32Array): (span: number) => boolean {
  const hasChild = new Uint8Array(parent.length);
  for (const above of parent) if (above >= 0) hasChild[above] = 1;
  const database = attributeReader(set, 'db.system.name', 'db.system');
  return (span) => set.kind[span] === spanKind.client && hasChild[span] === 0 && database(span) === undefined;
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

interface KnownAncestors {
  /** Whether a span like `ancestor` stood two or more levels above one like `descendant`. */
  readonly isAncestor: (ancestor: number, descendant: number) => boolean;
  /** Whether a span like this ever had a parent. */
  readonly hasAncestor: (descendant: number) => boolean;
}

function knownAncestors(parent: Int32Array, signature: Uint32Array): KnownAncestors {
  const pairs = new Set<number>();
  const children = new Set<number>();
  const key = (ancestor: number, descendant: number): number => ancestor * 2 ** 26 + descendant;
  const step = Math.max(1, Math.floor(parent.length / reach.learnedSpans));
  for (let span = 0; span < parent.length; span += step) {
    let above = parent[span] ?? -1;
    if (above >= 0) children.add(signature[span] ?? 0);
    for (let level = 1; above >= 0 && level <= reach.levels; level += 1) {
      if (level > 1) pairs.add(key(signature[above] ?? 0, signature[span] ?? 0));
      above = parent[above] ?? -1;
    }
  }
  return {
    isAncestor: (ancestor, descendant) => pairs.has(key(ancestor, descendant)),
    hasAncestor: (descendant) => children.has(descendant),
  };
}

interface Search {
  readonly first: number;
  readonly entry: number;
  readonly mayAdopt: (candidate: number) => boolean;
}

/** Spans of a trace are in order of start, so whatever covers the orphan stands before it. */
function shortestCovering(set: TraceSet, orphan: number, { first, entry, mayAdopt }: Search): number {
  const from = set.start[orphan] ?? 0;
  const to = set.end[orphan] ?? 0;
  const isGivenUp = (span: number): boolean =>
    set.kind[span] === spanKind.client && set.status[span] === spanStatus.error && (set.end[span] ?? 0) >= from;
  const covers = (span: number): boolean =>
    (set.start[span] ?? 0) <= from && ((set.end[span] ?? 0) >= to || isGivenUp(span)) && mayAdopt(span);
  const duration = (span: number): number => (set.end[span] ?? 0) - (set.start[span] ?? 0);
  let best = entry >= 0 && covers(entry) ? entry : -1;
  for (let span = orphan - 1; span >= Math.max(first, orphan - reach.candidates); span -= 1) {
    if (covers(span) && (best < 0 || duration(span) < duration(best))) best = span;
  }
  return best;
}

function isBelow(parent: Int32Array, span: number, top: number): boolean {
  for (let at = span; at >= 0; at = parent[at] ?? -1) if (at === top) return true;
  return false;
}
