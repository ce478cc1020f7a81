// Calls of one shape below one parent: how often a request repeats them and what that costs.

import { callFactsOf } from '../../calls/call-facts.ts';
import { callShapesOf } from '../../calls/call-shapes.ts';
import { logicalCallsOf } from '../../calls/logical-calls.ts';
import type { PreparedTraces } from '../../prepare/prepared-traces.ts';
import { isPaging } from '../../spans/normalise-url.ts';
import { remember } from '../../spans/remember.ts';
import type { MechanismContext } from '../mechanism.ts';
import { isQuery } from './anti-patterns/siblings.ts';

/** All queries, or all requests, of one shape below one span. Times in milliseconds. */
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

/**
 * Queries and requests of one trace that are made at least twice below one parent; a retried one counts once. Requests must ask for different things:
 * the very same URL over and over is polling or a missing cache, and of calls without a URL nobody knows. Linear.
 */
export function repetitionsIn({ prepared }: MechanismContext, trace: number): readonly Repetition[] {
  const { start, end, parent, set } = prepared;
  const { target } = callFactsOf(prepared);
  const kinds = repeatableKinds(prepared);
  const open = new Map<number, Counted>();
  for (let span = set.firstSpan[trace] ?? 0; span < (set.firstSpan[trace + 1] ?? 0); span += 1) {
    const kind = kinds[span] ?? -1;
    if (kind < 0) continue;
    const above = parent[span] ?? -1;
    const duration = ((end[span] ?? 0) - (start[span] ?? 0)) / 1e6;
    const known = open.get(kind * parent.length + above);
    if (known === undefined) {
      const isVaried = isQuery(prepared, span);
      const first = { kind, parent: above, calls: 1, totalMs: duration, costMs: duration, example: span, isVaried };
      open.set(kind * parent.length + above, first);
      continue;
    }
    const gap = ((start[span] ?? 0) - (end[known.example] ?? 0)) / 1e6;
    known.calls += 1;
    known.totalMs += duration;
    known.costMs += gap < 0 ? Math.max(0, duration + gap) : duration + (gap <= Math.max(betweenMs, duration) ? gap : 0);
    known.isVaried ||= target[span] !== target[known.example];
    known.example = span;
  }
  return [...open.values()].filter(({ calls, isVaried }) => calls > 1 && isVaried);
}

/** A repetition that is still being counted. Queries hide their values, and count as asking for different things. */
type Counted = { -readonly [Key in keyof Repetition]: Repetition[Key] } & { isVaried: boolean };

/** Per span: the kind of repetition that it would be part of, -1 for spans that are neither queries nor requests, repeat a failed one, or ask for many rows. */
const repeatableKinds: (prepared: PreparedTraces) => Int32Array = remember((prepared) => {
  const { set, parent, service } = prepared;
  const { shape, texts } = callShapesOf(prepared);
  const { first } = logicalCallsOf(prepared);
  const { isBatch } = callFactsOf(prepared);
  const isRequest = requestsOf(prepared);
  const kinds = new Int32Array(shape.length).fill(-1);
  const ids = new Map<number, number>();
  for (let span = 0; span < kinds.length; span += 1) {
    const above = parent[span] ?? -1;
    if (first[span] !== span || above < 0 || isBatch[span] === 1) continue;
    if (!(isQuery(prepared, span) || isRequest(span))) continue;
    const caller = (service[above] ?? 0) * set.strings.length + (set.name[above] ?? 0);
    const key = caller * Math.max(1, texts.length) + (shape[span] ?? 0);
    const known = ids.get(key);
    kinds[span] = known ?? ids.size;
    if (known === undefined) ids.set(key, ids.size);
  }
  return kinds;
});

/** Requests for a URL, but not for the next page: that needs the one before. */
function requestsOf(prepared: PreparedTraces): (span: number) => boolean {
  const { target, database, asksAgain } = callFactsOf(prepared);
  const paging = prepared.set.values.map((value) => typeof value === 'string' && isPaging(value));
  return (span) => {
    const url = target[span] ?? -1;
    const isToService = url >= 0 && (database[span] ?? -1) < 0 && (prepared.edge[span] ?? -1) >= 0;
    return isToService && asksAgain[span] === 0 && paging[url] !== true;
  };
}

/** Mean number of calls below one parent, by kind, over `traces`; parents that call once count too. */
export function usualCalls({ prepared }: MechanismContext, traces: Uint32Array): ReadonlyMap<number, number> {
  const kinds = repeatableKinds(prepared);
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
