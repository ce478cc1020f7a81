// The critical path of each trace in full, for `faultline critical-path`.
import { nameOf, serviceOf, spanIdOf } from '../../model/span-view.ts';
import type { TraceSet } from '../../model/trace-set.ts';
import { type CriticalPaths, criticalPaths } from '../prepare/critical-path.ts';
import { type PreparedTraces, prepareTraces } from '../prepare/prepared-traces.ts';
import { type DragAndSlack, dragAndSlack } from './drag-and-slack.ts';
import { type ErrorPath, errorPaths } from './error-paths.ts';

/** Part of a span on the critical path. Nanoseconds from the trace's first span. */
export interface CriticalPathSection {
  readonly spanId: string;
  readonly service: string;
  readonly operation: string;
  readonly startNs: number;
  readonly endNs: number;
}

export interface TraceCriticalPath {
  readonly traceId: string;
  /** Duration of the entry span; without one, of the longest root. */
  readonly rootDurationNs: number;
  /** Latest first; they partition the root's duration. Empty for a root of no duration. */
  readonly sections: readonly CriticalPathSection[];
  /** `[service] operation` -> time on the path, children excluded. */
  readonly exclusiveNsByOperation: Readonly<Record<string, number>>;
  /** `[service] operation` -> self time over all spans of the trace, on the path or not. */
  readonly selfNsByOperation: Readonly<Record<string, number>>;
  /** `[service] operation` -> the greatest drag of its spans: what the request would win if one of them took no time. Only operations on the path. */
  readonly dragNsByOperation: Readonly<Record<string, number>>;
  /** `[service] operation` -> the least slack of its spans, only for operations that never are on the path. */
  readonly slackNsByOperation: Readonly<Record<string, number>>;
  /** Where errors begin, pass and end; empty when nothing failed. */
  readonly errorPaths: readonly ErrorPath[];
}

/** One entry per trace. `overlapTolerance` as in PathOptions, 1% as in attribution unless told; 0 is exact. Orphans stay roots of their own. */
export function criticalPathReport(set: TraceSet, overlapTolerance = 0.01): readonly TraceCriticalPath[] {
  const prepared = prepareTraces(set, { overlapTolerance, orphans: 'leave' });
  const paths = criticalPaths(prepared, { overlapTolerance });
  const margins = dragAndSlack(prepared);
  const keyOf = operationKeys(set);
  return set.traceIds.map((traceId, trace) => {
    const root = reportedRoot(prepared, trace);
    const sections = sectionsOf(prepared, paths, root);
    return {
      traceId,
      rootDurationNs: root < 0 ? 0 : (prepared.end[root] ?? 0) - (prepared.start[root] ?? 0),
      sections,
      exclusiveNsByOperation: exclusiveTimes(paths, root, keyOf),
      selfNsByOperation: selfTimesOf(prepared, trace, keyOf),
      ...marginsOf(prepared, margins, root, keyOf),
      errorPaths: errorPaths(prepared, trace),
    };
  });
}

type KeyOf = (span: number) => string;

/** `[service] operation` of a span; each text is made once. */
function operationKeys(set: TraceSet): KeyOf {
  const keys = new Map<number, string>();
  return (span) => {
    const id = (set.service[span] ?? 0) * set.strings.length + (set.name[span] ?? 0);
    const known = keys.get(id);
    if (known !== undefined) return known;
    const key = `[${serviceOf(set, span)}] ${nameOf(set, span)}`;
    keys.set(id, key);
    return key;
  };
}

function reportedRoot(prepared: PreparedTraces, trace: number): number {
  const entry = prepared.entry[trace] ?? -1;
  if (entry >= 0) return entry;
  const { set, parent, start, end } = prepared;
  let longest = -1;
  for (let span = set.firstSpan[trace] ?? 0; span < (set.firstSpan[trace + 1] ?? 0); span += 1) {
    if ((parent[span] ?? -1) >= 0) continue;
    if (longest < 0 || (end[span] ?? 0) - (start[span] ?? 0) > (end[longest] ?? 0) - (start[longest] ?? 0))
      longest = span;
  }
  return longest;
}

function sectionsOf(prepared: PreparedTraces, paths: CriticalPaths, root: number): readonly CriticalPathSection[] {
  const sections: CriticalPathSection[] = [];
  if (root < 0) return sections;
  paths.walk(root, (span, startNs, endNs) => {
    const { set } = prepared;
    sections.push({
      spanId: spanIdOf(set, span),
      service: serviceOf(set, span),
      operation: nameOf(set, span),
      startNs,
      endNs,
    });
  });
  return sections;
}

function exclusiveTimes(paths: CriticalPaths, root: number, keyOf: KeyOf): Readonly<Record<string, number>> {
  const total = new Map<string, number>();
  if (root >= 0) paths.walk(root, (span, startNs, endNs) => add(total, keyOf(span), endNs - startNs));
  return Object.fromEntries(total);
}

function selfTimesOf({ set, selfNs }: PreparedTraces, trace: number, keyOf: KeyOf): Readonly<Record<string, number>> {
  const total = new Map<string, number>();
  for (let span = set.firstSpan[trace] ?? 0; span < (set.firstSpan[trace + 1] ?? 0); span += 1) {
    add(total, keyOf(span), selfNs[span] ?? 0);
  }
  return Object.fromEntries(total);
}

/** Of the spans below the reported root. */
function marginsOf(
  { set, root: rootOf, trace }: PreparedTraces,
  { dragNs, slackNs }: DragAndSlack,
  root: number,
  keyOf: KeyOf,
): Pick<TraceCriticalPath, 'dragNsByOperation' | 'slackNsByOperation'> {
  const drag = new Map<string, number>();
  const slack = new Map<string, number>();
  const of = trace[root] ?? -1;
  for (let span = set.firstSpan[of] ?? 0; span < (set.firstSpan[of + 1] ?? 0); span += 1) {
    if (rootOf[span] !== root || Number.isNaN(slackNs[span])) continue;
    const key = keyOf(span);
    drag.set(key, Math.max(drag.get(key) ?? 0, dragNs[span] ?? 0));
    slack.set(key, Math.min(slack.get(key) ?? Number.POSITIVE_INFINITY, slackNs[span] ?? 0));
  }
  return {
    dragNsByOperation: Object.fromEntries([...drag].filter(([, value]) => value > 0)),
    slackNsByOperation: Object.fromEntries([...slack].filter(([, value]) => value > 0)),
  };
}

function add(total: Map<string, number>, key: string, value: number): void {
  total.set(key, (total.get(key) ?? 0) + value);
}
