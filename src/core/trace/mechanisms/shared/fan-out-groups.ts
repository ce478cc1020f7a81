// Which sibling calls are looked at together as a fan-out.

import { callFactsOf } from '../../calls/call-facts.ts';
import { logicalCallsOf } from '../../calls/logical-calls.ts';
import { serviceVisitsOf } from '../../calls/service-visits.ts';
import type { PreparedTraces } from '../../prepare/prepared-traces.ts';
import { isPaging } from '../../spans/normalise-url.ts';
import { remember } from '../../spans/remember.ts';

export interface FanOutGroups {
  readonly count: number;
  /** Per span: group of its parent's calls, and of its own edge's; -1 for spans that do not count. */
  readonly ofParent: Int32Array;
  readonly ofEdge: Int32Array;
}

/** Groups by kind of caller (service and name of its stay), all calls together and edge by edge. Linear. */
export const fanOutGroupsOf: (prepared: PreparedTraces) => FanOutGroups = remember((prepared) => {
  const { set, service, edge } = prepared;
  const { first, attempts } = logicalCallsOf(prepared);
  const { failed, database, target, asksAgain } = callFactsOf(prepared);
  const paging = set.values.map((value) => typeof value === 'string' && isPaging(value));
  const ofParent = new Int32Array(edge.length).fill(-1);
  const ofEdge = new Int32Array(edge.length).fill(-1);
  const ids = new Map<number, number>();
  const idOf = (key: number): number => {
    const known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, ids.size);
    return ids.size - 1;
  };
  for (let span = 0; span < edge.length; span += 1) {
    const above = fanOutParent(prepared, span);
    if (first[span] !== span || above < 0 || (edge[span] ?? -1) < 0) continue;
    if (failed[span] === 1 || (attempts[span] ?? 1) > 1 || asksAgain[span] === 1) continue;
    if ((database[span] ?? -1) >= 0 || paging[target[span] ?? -1] === true) continue;
    const caller = (service[above] ?? 0) * set.strings.length + (set.name[above] ?? 0);
    ofParent[span] = idOf(caller * (prepared.edges.length + 1));
    ofEdge[span] = idOf(caller * (prepared.edges.length + 1) + 1 + (edge[span] ?? 0));
  }
  return { count: ids.size, ofParent, ofEdge };
});

/** Who makes a call: its service's whole stay in the request, so that layers of INTERNAL spans, and the loss of one, do not tear a fan-out apart. */
export function fanOutParent(prepared: PreparedTraces, span: number): number {
  const visit = serviceVisitsOf(prepared)[span] ?? -1;
  return visit === span ? (prepared.parent[span] ?? -1) : visit;
}

export interface SiblingCalls {
  readonly group: number;
  readonly parent: number;
  readonly spans: readonly number[];
}

/** Calls in order of start, by group and parent. */
export function callsByParent(prepared: PreparedTraces, groups: FanOutGroups, trace: number): readonly SiblingCalls[] {
  const found: { group: number; parent: number; spans: number[] }[] = [];
  const open = new Map<number, { group: number; parent: number; spans: number[] }>();
  const put = (group: number, span: number): void => {
    const parent = fanOutParent(prepared, span);
    const key = group * prepared.parent.length + parent;
    const known = open.get(key);
    if (known !== undefined) {
      known.spans.push(span);
      return;
    }
    const started = { group, parent, spans: [span] };
    open.set(key, started);
    found.push(started);
  };
  for (let span = prepared.set.firstSpan[trace] ?? 0; span < (prepared.set.firstSpan[trace + 1] ?? 0); span += 1) {
    if ((groups.ofParent[span] ?? -1) < 0) continue;
    put(groups.ofParent[span] ?? 0, span);
    put(groups.ofEdge[span] ?? 0, span);
  }
  return found;
}
