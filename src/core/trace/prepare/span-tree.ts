// Parents, children and a walking order for every span of a set, without recursion.
import { spanKind, type TraceSet } from '../../model/trace-set.ts';

export interface SpanTree {
  /** Per span: parent, or -1 for roots, orphans and the span at which a parent cycle was cut. */
  readonly parent: Int32Array;
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  /** Spans trace by trace, parents before children. */
  readonly order: Uint32Array;
  readonly trace: Uint32Array;
  /** Per span: the span at the top of its path: a root, or the CONSUMER child of a PRODUCER. */
  readonly root: Int32Array;
  /** Per span: 0 for the CONSUMER child of a PRODUCER, else 1. */
  readonly blocking: Uint8Array;
}

/** Links the spans of each trace. Cost: linear in the spans. A parent cycle is cut at its earliest span. */
export function spanTree(set: TraceSet): SpanTree {
  return treeOf(set, acyclicParents(set));
}

/** The tree that `parent` (without cycles) spans. Linear. */
export function treeOf(set: TraceSet, parent: Int32Array): SpanTree {
  const { firstChild, nextSibling } = linkChildren(parent, undefined);
  const order = parentsFirst(parent, firstChild, nextSibling);
  const blocking = blockingSpans(set, parent);
  return {
    parent,
    firstChild,
    nextSibling,
    order,
    trace: traceOfSpans(set),
    root: rootsOf(parent, order, blocking),
    blocking,
  };
}

/**
 * Child lists in order of `sequence`, a permutation of the spans (absent: by index, which is by start). Linear.
 * Filling the lists from the back leaves each of them in forward order.
 */
export function linkChildren(
  parent: Int32Array,
  sequence: Uint32Array | undefined,
): { readonly firstChild: Int32Array; readonly nextSibling: Int32Array } {
  const firstChild = new Int32Array(parent.length).fill(-1);
  const nextSibling = new Int32Array(parent.length).fill(-1);
  for (let at = parent.length - 1; at >= 0; at -= 1) {
    const span = sequence === undefined ? at : (sequence[at] ?? 0);
    const above = parent[span] ?? -1;
    if (above < 0) continue;
    nextSibling[span] = firstChild[above] ?? -1;
    firstChild[above] = span;
  }
  return { firstChild, nextSibling };
}

/** Follows parents upwards from every span once; meeting the walk's own mark again means a cycle. */
function acyclicParents(set: TraceSet): Int32Array {
  const parent = set.parent.map((above) => Math.max(-1, above));
  const walk = new Uint32Array(parent.length);
  for (let span = 0; span < parent.length; span += 1) {
    let at = span;
    while (at >= 0 && walk[at] === 0) {
      walk[at] = span + 1;
      at = parent[at] ?? -1;
    }
    if (at >= 0 && walk[at] === span + 1) cutCycle(parent, at);
  }
  return parent;
}

function cutCycle(parent: Int32Array, member: number): void {
  let earliest = member;
  for (let at = parent[member] ?? -1; at !== member; at = parent[at] ?? -1) earliest = Math.min(earliest, at);
  parent[earliest] = -1;
}

/** Depth first from each root, by the links alone: no stack. Roots come by index and traces stand together, so the order is trace by trace. */
function parentsFirst(parent: Int32Array, firstChild: Int32Array, nextSibling: Int32Array): Uint32Array {
  const order = new Uint32Array(parent.length);
  let filled = 0;
  for (let root = 0; root < parent.length; root += 1) {
    if ((parent[root] ?? -1) >= 0) continue;
    let at = root;
    while (at >= 0) {
      order[filled] = at;
      filled += 1;
      at = firstChild[at] ?? -1;
      if (at < 0) at = nextOutside(order[filled - 1] ?? root, root, parent, nextSibling);
    }
  }
  return order;
}

function nextOutside(span: number, root: number, parent: Int32Array, nextSibling: Int32Array): number {
  let at = span;
  while (at !== root) {
    const sibling = nextSibling[at] ?? -1;
    if (sibling >= 0) return sibling;
    at = parent[at] ?? root;
  }
  return -1;
}

function traceOfSpans(set: TraceSet): Uint32Array {
  const trace = new Uint32Array(set.start.length);
  for (let t = 0; t < set.traceIds.length; t += 1) trace.fill(t, set.firstSpan[t], set.firstSpan[t + 1]);
  return trace;
}

function rootsOf(parent: Int32Array, order: Uint32Array, blocking: Uint8Array): Int32Array {
  const root = new Int32Array(parent.length);
  for (const span of order) {
    const above = parent[span] ?? -1;
    root[span] = above < 0 || blocking[span] === 0 ? span : (root[above] ?? span);
  }
  return root;
}

/** A PRODUCER does not wait for its CONSUMER (ANALYSIS.md 1.1); FOLLOWS_FROM alone would not be enough. */
function blockingSpans(set: TraceSet, parent: Int32Array): Uint8Array {
  return new Uint8Array(parent.length).map((_, span) => {
    const above = parent[span] ?? -1;
    return above >= 0 && set.kind[span] === spanKind.consumer && set.kind[above] === spanKind.producer ? 0 : 1;
  });
}
