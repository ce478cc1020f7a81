// Traces made ready for analysis: tree, corrected clocks, critical path, self time, edges and cohorts, as columns beside the set.
import type { Completeness, Edge } from '../../model/finding.ts';
import { missingParent, spanKind, type TraceSet } from '../../model/trace-set.ts';
import { adoptOrphans } from './adopt-orphans.ts';
import { awaitedWork } from './awaited-work.ts';
import { callEdges } from './call-edges.ts';
import { correctSkew } from './clock-skew.ts';
import { cohorts } from './cohorts.ts';
import { criticalPaths, type PathInput } from './critical-path.ts';
import { entrySpans } from './entry-span.ts';
import { inferKinds } from './infer-kinds.ts';
import { selfTimes } from './self-time.ts';
import { linkChildren, type SpanTree, spanTree, treeOf } from './span-tree.ts';

/**
 * Columns over the spans and traces of `set`. Times are nanoseconds from the trace's start. Nobody writes to a finished one.
 *
 *     CLIENT c  |---pre---[======= SERVER s =======]--post--|
 */
export interface PreparedTraces {
  /** The given set; kinds that were not recorded are worked out (infer-kinds.ts). */
  readonly set: TraceSet;

  /** Per span: index of the parent, -1 for a root and for an orphan that could not be adopted (adopt-orphans.ts). */
  readonly parent: Int32Array;
  /** Per span: 1 where the parent is not the one it named but a plausible ancestor: it is below, but it is no answer to it. */
  readonly adopted: Uint8Array;
  /** Per span: -1 is none; children stand in order of their (uncorrected) start. */
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  /** All spans, trace by trace, each parent before its children: loop over it forwards (down) or backwards (up) instead of recursing. */
  readonly order: Uint32Array;
  /** Per span: index of its trace. */
  readonly trace: Uint32Array;
  /** Per span: the span at the top of its critical path: a root, or the CONSUMER child of a PRODUCER; `root[i] === entry[t]` is the request itself. */
  readonly root: Int32Array;
  /** Per span: 1 when the parent waits for it, 0 for the CONSUMER child of a PRODUCER (it starts a path of its own). */
  readonly blocking: Uint8Array;

  /** Per span: start and end after clock-skew correction; children may still lie outside their parent (abandoned calls do). */
  readonly start: Float64Array;
  readonly end: Float64Array;

  /** Per trace: the entry span, or -1 when it is missing; traces without one are left out of every population. */
  readonly entry: Int32Array;
  /** Per trace: index into `cohorts`; requests of one cohort may be compared with each other. */
  readonly cohort: Uint32Array;
  /** `service operation`, for a catch-all name also ` > service operation` of the first SERVER span below; '' for traces without entry. */
  readonly cohorts: readonly string[];

  /** Service names: of resources first, then callees that only attributes name (ANALYSIS.md 2). Index 0 is ''. */
  readonly services: readonly string[];
  /** Per service: 1 when at least one span was recorded by it, 0 when it is only named as a peer. */
  readonly instrumented: Uint8Array;
  /** Per span: index into `services` of the service that recorded it. */
  readonly service: Uint32Array;
  /** Per span: index into `services` that its path and self time is billed to: the callee for a CLIENT span, else the span's own service. */
  readonly payer: Uint32Array;

  /** Per span: the span by which its service took up the work: the nearest at or above it that is SERVER, CONSUMER, a root, or below another service. */
  readonly handler: Int32Array;
  /** Per CLIENT span: its first SERVER child (a hidden retry makes more: walk the children), else -1. */
  readonly serverChild: Int32Array;
  /** Per CLIENT and PRODUCER span: index into `edges`, else -1. Calls without a SERVER child are on the edge that their attributes name. */
  readonly edge: Int32Array;
  readonly edges: readonly Edge[];
  /** Per CLIENT span with a SERVER child: start and end gap, never negative; NaN for every other span. */
  readonly preNs: Float64Array;
  readonly postNs: Float64Array;

  /** What the critical path is walked over: work that nobody waits for left out, streamed answers to their end (awaited-work.ts). */
  readonly path: PathInput;
  /** Per span: its exclusive time on the critical path of its root; the sum below a root is the root's duration. */
  readonly pathNs: Float64Array;
  /** Per span: duration without the union of its blocking children. */
  readonly selfNs: Float64Array;

  readonly completeness: Completeness;
}

export interface PrepareOptions {
  /** See PathOptions; 0.01 unless told: attribution is robust against clocks that disagree a little, conformance is exact with 0. */
  readonly overlapTolerance?: number;
  /** Whether spans whose parent was lost are put below a plausible ancestor; `leave` takes all as recorded, also who waits for what. `adopt` unless told. */
  readonly orphans?: 'adopt' | 'leave';
}

/** Prepares a set. Near-linear in its spans (children are sorted where they are out of order); the given set is not touched. */
export function prepareTraces(given: TraceSet, options: PrepareOptions = {}): PreparedTraces {
  const set = inferKinds(given);
  const recorded = spanTree(set);
  const entry = entrySpans(set, recorded.parent);
  const adoption = options.orphans === 'leave' ? undefined : adoptOrphans(set, recorded.parent, entry);
  const complete = adoption === undefined || adoption.count === 0 ? recorded : treeOf(set, adoption.parent);
  const adopted = adoption?.adopted ?? new Uint8Array(recorded.parent.length);
  const { start, end, corrected } = correctSkew(set, complete);
  const tree = corrected === 0 ? complete : { ...complete, ...linkChildren(complete.parent, byStart(set, start)) };
  const input = { ...tree, start, end };
  const { cohort, names } = cohorts(set, { ...tree, entry });
  const calls = callEdges(set, { ...input, adopted });
  const handler = handlers(set, tree);
  const path = options.orphans === 'leave' ? input : awaitedWork(set, { ...input, ...calls, handler });
  return {
    set,
    ...input,
    adopted,
    entry,
    cohort,
    cohorts: names,
    ...calls,
    handler,
    path,
    pathNs: pathTimes(input, path, options.overlapTolerance ?? 0.01),
    selfNs: selfTimes(input),
    completeness: completeness(set, entry, corrected),
  };
}

/** The spans of each trace in order of corrected start. */
function byStart(set: TraceSet, start: Float64Array): Uint32Array {
  const sequence = Uint32Array.from(start, (_, span) => span);
  for (let trace = 0; trace < set.traceIds.length; trace += 1) {
    sequence
      .subarray(set.firstSpan[trace], set.firstSpan[trace + 1])
      .sort((a, b) => (start[a] ?? 0) - (start[b] ?? 0) || a - b);
  }
  return sequence;
}

function handlers(set: TraceSet, { order, parent }: SpanTree): Int32Array {
  const handler = new Int32Array(order.length);
  for (const span of order) {
    const above = parent[span] ?? -1;
    const kind = set.kind[span];
    const takesUp =
      above < 0 || kind === spanKind.server || kind === spanKind.consumer || set.service[span] !== set.service[above];
    handler[span] = takesUp ? span : (handler[above] ?? span);
  }
  return handler;
}

/** Exclusive path time of every span, on the path of the root that it hangs below; consumers of a message are roots here. */
function pathTimes(input: PathInput, path: PathInput, overlapTolerance: number): Float64Array {
  const pathNs = new Float64Array(input.start.length);
  const paths = criticalPaths(path, { overlapTolerance });
  const add = (span: number, from: number, to: number): void => {
    pathNs[span] = (pathNs[span] ?? 0) + to - from;
  };
  for (let span = 0; span < pathNs.length; span += 1) {
    if ((input.parent[span] ?? -1) < 0 || input.blocking[span] === 0) paths.walk(span, add);
  }
  return pathNs;
}

/** An entry span whose parent was not recorded is no gap: that parent is the sender of the request, outside the system. */
function completeness(set: TraceSet, entry: Int32Array, skewCorrected: number): Completeness {
  let orphans = 0;
  for (const parent of set.parent) if (parent === missingParent) orphans += 1;
  let withoutEntry = 0;
  for (const span of entry) {
    if (span < 0) withoutEntry += 1;
    else if (set.parent[span] === missingParent) orphans -= 1;
  }
  const spans = set.parent.length;
  return {
    traces: entry.length,
    spans,
    ratio: spans === 0 ? 1 : (spans - orphans) / spans,
    withoutEntry,
    skewCorrected,
    ...(set.repeated === 0 ? {} : { repeated: set.repeated }),
  };
}
