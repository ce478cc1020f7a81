// Groups of sibling calls: how many, how long, how much side by side, on both sides of the comparison.

import type { PreparedTraces } from '../../prepare/prepared-traces.ts';
import { remember } from '../../spans/remember.ts';
import type { MechanismContext } from '../mechanism.ts';
import { callsByParent, type FanOutGroups, fanOutGroupsOf, fanOutParent, type SiblingCalls } from './fan-out-groups.ts';
import { type Add, type Tally, tally } from './tally.ts';

/** Per parent span that makes such calls; milliseconds. */
export interface FanOutShape {
  readonly calls: number;
  /** The same, of those parents that make more than one; 0 when none does. */
  readonly fan: number;
  /** Mean duration of a call. */
  readonly callMs: number;
  /** Total of the calls over the time they occupy (from one's start to the next one's end, short gaps included). */
  readonly parallelism: number;
  /** Total minus the longest: what running them side by side would save at most. */
  readonly savedMs: number;
}

export interface FanOut {
  readonly violating: FanOutShape;
  readonly reference: FanOutShape;
  /** Growth of the occupied time per violating request. */
  readonly growthMs: number;
  /** How sure it is that the calls take longer or are more (Tally.certainty). */
  readonly certainty: number;
  /** The part of the growth that is due to more calls or less overlap. */
  readonly effectMs: number;
  /** effectMs per request that makes such calls at all. */
  readonly perRequestMs: number;
  /** Whether it is the calls on one edge alone, or all calls of the parent. */
  readonly isOneEdge: boolean;
  /** The edge that takes most of the time, and a violating request's call. */
  readonly edge: number;
  readonly example: number;
  readonly strength: (trace: number) => number;
}

/**
 * All service calls of one kind of parent together (parallel calls that became sequential), and each of its edges alone (one call that became many).
 * Database calls, failed and repeated attempts, and page-by-page loops are left out. Linear.
 */
export const fanOutsOf: (context: MechanismContext) => readonly FanOut[] = remember((context) => {
  const groups = fanOutGroupsOf(context.prepared);
  const sums = tally(context, groups.count * columns, (trace, add) => {
    for (const calls of callsByParent(context.prepared, groups, trace)) addCalls(context.prepared, calls, add);
  });
  const examples = findExamples(context, groups);
  const found = Array.from({ length: groups.count }, (_, group) => describe(context, groups, sums, group, examples))
    .filter((fanOut) => fanOut !== undefined)
    .sort((a, b) => b.effectMs - a.effectMs || a.example - b.example);
  return found.filter((all) => !found.some((one) => isMainPart(context.prepared, one, all)));
});

/** Whether a parent's calls on one edge make up most of what is wrong with all its calls: then the edge says it better. */
function isMainPart(prepared: PreparedTraces, one: FanOut, all: FanOut): boolean {
  const { service, set } = prepared;
  const [a, b] = [fanOutParent(prepared, one.example), fanOutParent(prepared, all.example)];
  const isSameCaller = service[a] === service[b] && set.name[a] === set.name[b];
  return one.isOneEdge && !all.isOneEdge && isSameCaller && one.effectMs >= 0.5 * all.effectMs;
}

const column = { parents: 0, calls: 1, total: 2, occupied: 3, saved: 4, fanning: 5, fanned: 6 } as const;
const columns = 7;
/** ANALYSIS.md 3: a gap this long, or this part of the parent, ends a run. */
const gap = { ms: 5, partOfParent: 0.2 };

function addCalls(prepared: PreparedTraces, { group, parent, spans }: SiblingCalls, add: Add): void {
  const { start, end } = prepared;
  const parentNs = (end[parent] ?? 0) - (start[parent] ?? 0);
  const gapNs = Math.max(gap.ms * 1e6, gap.partOfParent * parentNs);
  let total = 0;
  let longest = 0;
  let occupied = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const span of spans) {
    const from = start[span] ?? 0;
    const to = end[span] ?? 0;
    total += to - from;
    longest = Math.max(longest, to - from);
    const begin = from - until <= gapNs ? until : from;
    if (to > begin) occupied += to - begin;
    until = Math.max(until, to);
  }
  const key = group * columns;
  add(key + column.parents, 1);
  add(key + column.calls, spans.length);
  if (spans.length > 1) {
    add(key + column.fanning, 1);
    add(key + column.fanned, spans.length);
  }
  add(key + column.total, total / 1e6);
  add(key + column.occupied, occupied / 1e6);
  add(key + column.saved, (total - longest) / 1e6);
}

/** Per group: a call of the violating parent that makes most of them; -1 when none makes two. */
function findExamples(context: MechanismContext, groups: FanOutGroups): Int32Array {
  const examples = new Int32Array(groups.count).fill(-1);
  const most = new Uint32Array(groups.count).fill(1);
  for (const trace of context.violating.traces) {
    for (const { group, spans } of callsByParent(context.prepared, groups, trace)) {
      if (spans.length <= (most[group] ?? 0)) continue;
      most[group] = spans.length;
      examples[group] = longestOf(context.prepared, spans);
    }
  }
  return examples;
}

function longestOf(prepared: PreparedTraces, spans: readonly number[]): number {
  const duration = (span: number): number => (prepared.end[span] ?? 0) - (prepared.start[span] ?? 0);
  return spans.reduce((best, span) => (duration(span) > duration(best) ? span : best));
}

function describe(
  context: MechanismContext,
  groups: FanOutGroups,
  sums: Tally,
  group: number,
  examples: Int32Array,
): FanOut | undefined {
  const example = examples[group] ?? -1;
  if (example < 0) return undefined;
  const violating = shapeOf(sums.violating, group);
  const reference = shapeOf(sums.reference, group);
  const parents = sums.violating[group * columns + column.parents] ?? 0;
  const occupied = group * columns + column.occupied;
  const growthMs = (sums.violating[occupied] ?? 0) - (sums.reference[occupied] ?? 0);
  // What the calls would occupy if each took as long as it did in the reference.
  const usualMs = reference.calls > 0 ? reference.callMs : violating.callMs;
  const rearranged = (violating.calls * usualMs) / Math.max(violating.parallelism, 1e-9);
  const before = reference.calls > 0 ? (reference.calls * usualMs) / Math.max(reference.parallelism, 1e-9) : 0;
  const effectMs = Math.min(growthMs, (rearranged - before) * parents);
  const makers =
    (sums.violatingTraces[group * columns + column.parents] ?? 0) / Math.max(1, context.violating.traces.length);
  return {
    violating,
    reference,
    growthMs,
    certainty: Math.max(sums.certainty[occupied] ?? 0, sums.certainty[group * columns + column.calls] ?? 0),
    effectMs,
    perRequestMs: makers > 0 ? effectMs / makers : 0,
    isOneEdge: groups.ofEdge[example] === group,
    edge: context.prepared.edge[example] ?? -1,
    example,
    strength: (trace) => savedIn(context.prepared, groups, group, trace) - reference.savedMs,
  };
}

function shapeOf(side: Float64Array, group: number): FanOutShape {
  const at = (what: number): number => side[group * columns + what] ?? 0;
  const parents = at(column.parents);
  if (parents === 0) return { calls: 0, fan: 0, callMs: 0, parallelism: 1, savedMs: 0 };
  return {
    calls: at(column.calls) / parents,
    fan: at(column.fanning) > 0 ? at(column.fanned) / at(column.fanning) : 0,
    callMs: at(column.total) / at(column.calls),
    parallelism: at(column.occupied) > 0 ? at(column.total) / at(column.occupied) : 1,
    savedMs: at(column.saved) / parents,
  };
}

function savedIn(prepared: PreparedTraces, groups: FanOutGroups, group: number, trace: number): number {
  let saved = 0;
  for (const calls of callsByParent(prepared, groups, trace)) {
    if (calls.group !== group) continue;
    addCalls(prepared, calls, (key, value) => {
      if (key % columns === column.saved) saved += value;
    });
  }
  return saved;
}
