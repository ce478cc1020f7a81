// The chain of work that decided when a root span ended: last-finishing-child walk, exact to the nanosecond.

/** The tree and times the walk needs; a PreparedTraces and a SpanTree with corrected times both are one. */
export interface PathInput {
  readonly parent: Int32Array;
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  readonly order: Uint32Array;
  readonly blocking: Uint8Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
}

export interface PathOptions {
  /**
   * Share of the parent's duration by which two siblings may overlap and still count as one after the other (clocks are not exact; CRISP's
   * `happensBefore`). 0 is the exact walk; attribution uses 0.01.
   */
  readonly overlapTolerance: number;
}

/** Times cut to the parents' and each parent's usable children by end: what a walk over the path needs. */
export interface PathLists {
  /** Per span; NaN for spans that no path may use: wholly outside their parent, or below such a span. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Per parent its usable child with the latest end (of those the longest), -1 without one; then from child to child. */
  readonly latestChild: Int32Array;
  readonly nextEarlier: Int32Array;
}

/** Called for each section, latest first; never with an empty one. Nanoseconds from the trace's start. */
export type SectionSink = (span: number, from: number, to: number) => void;

export interface CriticalPaths {
  /** Emits the critical path of the tree below `root`. Cost: linear in the spans below it, each at most once for the life of this object. */
  readonly walk: (root: number, emit: SectionSink) => void;
}

/**
 *     cp(span, until):  c = the child with the greatest end <= until (at first: of all children)
 *                       c exists: emit (span, c.end .. until); cp(c); go on at span until c.start
 *                       none:     emit (span, span.start .. until)
 *
 * Children are first clipped to their parents, parents first; a child wholly outside is left out with all below it, and so is a CONSUMER below its
 * PRODUCER. The sections partition the root's duration. Of children that end together the longest wins. A child that ends exactly where the next
 * begins is on the path. Sources: jaeger-ui and CRISP (ANALYSIS.md 1.2).
 */
export function criticalPaths(input: PathInput, options: PathOptions): CriticalPaths {
  const { start, end, latestChild, nextEarlier } = pathLists(input);
  const { parent } = input;

  const isAlmostBefore = (child: number, later: number, above: number, until: number): boolean => {
    const overlap = (end[child] ?? 0) - until;
    const duration = (input.end[above] ?? 0) - (input.start[above] ?? 0);
    if ((start[child] ?? 0) >= until || (end[child] ?? 0) >= (end[later] ?? 0)) return false;
    if (overlap >= options.overlapTolerance * duration) return false;
    return !hasSiblingInside(child, later, until);
  };
  // Siblings that begin in the overlap follow `later` in order of start; those that end in it follow `child` in order of end.
  const hasSiblingInside = (child: number, later: number, until: number): boolean => {
    const next = input.nextSibling[later] ?? -1;
    if (next >= 0 && (start[next] ?? 0) < (end[child] ?? 0)) return true;
    const earlier = nextEarlier[child] ?? -1;
    return earlier >= 0 && (end[earlier] ?? 0) > until;
  };

  return {
    walk(root, emit) {
      let span = root;
      let until = end[root] ?? 0;
      // The child of `span` that the walk has just come back from; -1 on the way down.
      let later = -1;
      while (true) {
        let child = later < 0 ? (latestChild[span] ?? -1) : (nextEarlier[later] ?? -1);
        while (child >= 0 && !isNext(child, later, span, until)) child = nextEarlier[child] ?? -1;
        if (child >= 0) {
          const childEnd = Math.min(end[child] ?? 0, until);
          if (childEnd < until) emit(span, childEnd, until);
          span = child;
          until = childEnd;
          later = -1;
          continue;
        }
        const from = start[span] ?? 0;
        if (from < until) emit(span, from, until);
        if (span === root) return;
        until = Math.min(from, until);
        later = span;
        span = parent[span] ?? root;
      }
    },
  };

  function isNext(child: number, later: number, above: number, until: number): boolean {
    if (later < 0) return (start[child] ?? 0) < until || (end[child] ?? 0) <= until;
    if ((end[child] ?? 0) <= until) return true;
    return options.overlapTolerance > 0 && isAlmostBefore(child, later, above, until);
  }
}

/** Near-linear: children are sorted by end where they are not in that order already. */
export function pathLists(input: PathInput): PathLists {
  const { start, end } = clipToParents(input);
  return { start, end, ...childrenByEnd(input, start, end) };
}

function clipToParents(input: PathInput): { readonly start: Float64Array; readonly end: Float64Array } {
  const start = Float64Array.from(input.start);
  const end = Float64Array.from(input.end);
  for (const span of input.order) {
    const above = input.parent[span] ?? -1;
    if (above < 0 || input.blocking[span] === 0) continue;
    const from = Math.max(start[span] ?? 0, start[above] ?? 0);
    const to = Math.min(end[span] ?? 0, end[above] ?? 0);
    const isInside = from <= to;
    start[span] = isInside ? from : Number.NaN;
    end[span] = isInside ? to : Number.NaN;
  }
  return { start, end };
}

/** Per parent a list of its usable children: latest end first, of those that end together the longest first. */
function childrenByEnd(
  input: PathInput,
  start: Float64Array,
  end: Float64Array,
): { readonly latestChild: Int32Array; readonly nextEarlier: Int32Array } {
  const latestChild = new Int32Array(start.length).fill(-1);
  const nextEarlier = new Int32Array(start.length).fill(-1);
  const byEnd = (a: number, b: number): number =>
    (end[a] ?? 0) - (end[b] ?? 0) || (start[b] ?? 0) - (start[a] ?? 0) || a - b;
  const children: number[] = [];
  for (const span of input.order) {
    children.length = 0;
    let isSorted = true;
    for (let child = input.firstChild[span] ?? -1; child >= 0; child = input.nextSibling[child] ?? -1) {
      if (input.blocking[child] === 0 || Number.isNaN(start[child])) continue;
      const last = children[children.length - 1];
      if (last !== undefined && byEnd(last, child) > 0) isSorted = false;
      children.push(child);
    }
    if (!isSorted) children.sort(byEnd);
    for (const child of children) {
      nextEarlier[child] = latestChild[span] ?? -1;
      latestChild[span] = child;
    }
  }
  return { latestChild, nextEarlier };
}
