// Calls of one shape below one parent: how often a request repeats them and what that costs.
import type { MechanismContext } from '../../mechanism.ts';
import type { PreparedTraces } from '../../prepared-traces.ts';
import { isQuery } from './anti-patterns/siblings.ts';
import { callShapesOf } from './call-shapes.ts';
import { logicalCallsOf } from './logical-calls.ts';
import { remember } from './remember.ts';

/** All queries of one shape below one span. Times in milliseconds. */
export interface Repetition {
  /** Service and name of the parent, and the shape: what such repetitions have in common. */
  readonly kind: number;
  readonly parent: number;
  readonly calls: number;
  readonly totalMs: number;
  /** Time in the calls and in the moments between one and the next; side by side counts once. */
  readonly costMs: number;
  /** The last of them. */
  readonly example: number;
}

/** What lies between two calls of a loop belongs to the loop, when it is no more than this or than a call itself. */
const betweenMs = 5;

/** Queries of one trace that are made at least twice below one parent; a retried query counts once. Linear. */
export function repetitionsIn({ prepared }: MechanismContext, trace: number): readonly Repetition[] {
  const { start, end, parent, set } = prepared;
  const kinds = queryKinds(prepared);
  const open = new Map<number, { -readonly [Key in keyof Repetition]: Repetition[Key] }>();
  for (let span = set.firstSpan[trace] ?? 0; span < (set.firstSpan[trace + 1] ?? 0); span += 1) {
    const kind = kinds[span] ?? -1;
    if (kind < 0) continue;
    const above = parent[span] ?? -1;
    const duration = ((end[span] ?? 0) - (start[span] ?? 0)) / 1e6;
    const known = open.get(kind * parent.length + above);
    if (known === undefined) {
      const first = { kind, parent: above, calls: 1, totalMs: duration, costMs: duration, example: span };
      open.set(kind * parent.length + above, first);
      continue;
    }
    const gap = ((start[span] ?? 0) - (end[known.example] ?? 0)) / 1e6;
    known.calls += 1;
    known.totalMs += duration;
    known.costMs += gap < 0 ? Math.max(0, duration + gap) : duration + (gap <= Math.max(betweenMs, duration) ? gap : 0);
    known.example = span;
  }
  return [...open.values()].filter(({ calls }) => calls > 1);
}

/** Per span: the kind of repetition that it would be part of, -1 for spans that are no queries or repeat a failed one. */
const queryKinds: (prepared: PreparedTraces) => Int32Array = remember((prepared) => {
  const { set, parent, service } = prepared;
  const { shape, texts } = callShapesOf(prepared);
  const { first } = logicalCallsOf(prepared);
  const kinds = new Int32Array(shape.length).fill(-1);
  const ids = new Map<number, number>();
  for (let span = 0; span < kinds.length; span += 1) {
    const above = parent[span] ?? -1;
    if (first[span] !== span || above < 0 || !isQuery(prepared, span)) continue;
    const caller = (service[above] ?? 0) * set.strings.length + (set.name[above] ?? 0);
    const key = caller * Math.max(1, texts.length) + (shape[span] ?? 0);
    const known = ids.get(key);
    kinds[span] = known ?? ids.size;
    if (known === undefined) ids.set(key, ids.size);
  }
  return kinds;
});

/** Mean number of calls below one parent, by kind, over `traces`; parents that call once count too. */
export function usualCalls({ prepared }: MechanismContext, traces: Uint32Array): ReadonlyMap<number, number> {
  const kinds = queryKinds(prepared);
  const calls = new Map<number, number>();
  const parents = new Map<number, number>();
  const seen = new Set<number>();
  for (const trace of traces) {
    seen.clear();
    for (let span = prepared.set.firstSpan[trace] ?? 0; span < (prepared.set.firstSpan[trace + 1] ?? 0); span += 1) {
      const kind = kinds[span] ?? -1;
      if (kind < 0) continue;
      calls.set(kind, (calls.get(kind) ?? 0) + 1);
      const place = kind * kinds.length + (prepared.parent[span] ?? 0);
      if (!seen.has(place)) parents.set(kind, (parents.get(kind) ?? 0) + 1);
      seen.add(place);
    }
  }
  return new Map([...calls].map(([kind, count]) => [kind, count / (parents.get(kind) ?? 1)]));
}
