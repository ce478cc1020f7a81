// Who calls whom: pairs CLIENT spans with their SERVER spans, names callees that recorded nothing, and measures the gaps between the two.
import type { Edge } from '../../model/finding.ts';
import { spanKind, type TraceSet } from '../../model/trace-set.ts';
import { peerLabels } from './peer-labels.ts';

/** The columns of PreparedTraces that concern calls; see there. */
export interface CallEdges {
  readonly services: readonly string[];
  readonly instrumented: Uint8Array;
  readonly service: Uint32Array;
  readonly payer: Uint32Array;
  readonly serverChild: Int32Array;
  readonly edge: Int32Array;
  readonly edges: readonly Edge[];
  readonly preNs: Float64Array;
  readonly postNs: Float64Array;
}

/**
 * Pairs calls. A CLIENT span without SERVER child belongs to the callee that matched calls with the same peer label reached (its SERVER span was lost
 * or not sampled), else to the peer its attributes name, else to the callee of equally named calls of the same caller, else to nobody: then its time
 * stays with the caller. Linear.
 */
export function callEdges(set: TraceSet, tree: CallTree): CallEdges {
  const answer = answers(set, tree);
  const services = serviceColumn(set);
  const callee = calleesOf(set, answer, services);
  const { edge, edges } = edgeColumn(set, answer, services, callee);
  // A message waits for its consumer, and nobody waits for the message.
  const serverChild = answer.map((child, span) => (set.kind[span] === spanKind.client ? child : -1));
  return {
    services: services.names,
    instrumented: Uint8Array.from(services.names, (_, index) => (index < services.recorded ? 1 : 0)),
    service: services.column,
    payer: services.column.map((own, span) =>
      set.kind[span] === spanKind.client && (callee[span] ?? -1) >= 0 ? (callee[span] ?? own) : own,
    ),
    serverChild,
    edge,
    edges,
    ...gaps(serverChild, tree.start, tree.end),
  };
}

interface CallTree {
  readonly order: Uint32Array;
  readonly parent: Int32Array;
  readonly adopted: Uint8Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
}

/** Per CLIENT span its first SERVER child, per PRODUCER span its first CONSUMER child; else -1. */
function answers(set: TraceSet, tree: CallTree): Int32Array {
  const column = new Int32Array(set.start.length).fill(-1);
  // Backwards, so that of several the first one stays.
  for (let at = tree.order.length - 1; at >= 0; at -= 1) {
    const span = tree.order[at] ?? 0;
    const above = tree.parent[span] ?? -1;
    if (above >= 0 && tree.adopted[span] === 0 && isAnswer(set.kind[above] ?? 0, set.kind[span] ?? 0))
      column[above] = span;
  }
  return column;
}

const isAnswer = (caller: number, callee: number): boolean =>
  (caller === spanKind.client && callee === spanKind.server) ||
  (caller === spanKind.producer && callee === spanKind.consumer);

interface ServiceColumn {
  /** '' first, then services that recorded spans, then named peers (appended while callees are resolved). */
  readonly names: string[];
  readonly recorded: number;
  readonly indexOf: Map<string, number>;
  readonly column: Uint32Array;
}

function serviceColumn(set: TraceSet): ServiceColumn {
  const names = [''];
  const indexOf = new Map([['', 0]]);
  const byText = new Int32Array(set.strings.length).fill(-1);
  byText[0] = 0;
  const column = set.service.map((text) => {
    if ((byText[text] ?? -1) < 0) byText[text] = indexFor(names, indexOf, set.strings[text] ?? '');
    return byText[text] ?? 0;
  });
  return { names, recorded: names.length, indexOf, column };
}

function indexFor(names: string[], indexOf: Map<string, number>, name: string): number {
  const known = indexOf.get(name);
  if (known !== undefined) return known;
  indexOf.set(name, names.length);
  names.push(name);
  return names.length - 1;
}

/** Per span: service index of the callee of a CLIENT or PRODUCER span; -1 when nobody can be named, and for other spans. */
function calleesOf(set: TraceSet, answer: Int32Array, services: ServiceColumn): Int32Array {
  const callee = new Int32Array(set.start.length).fill(-1);
  const labels = peerLabels(set, (span) => isCall(set.kind[span] ?? 0), {
    services: services.column,
    isRecorded: (name) => services.indexOf.has(name),
  });
  const byLabel = tally();
  const byName = tally();
  for (let span = 0; span < callee.length; span += 1) {
    const server = answer[span] ?? -1;
    if (server < 0) continue;
    const service = services.column[server] ?? 0;
    callee[span] = service;
    byLabel.add(labels.column[span] ?? 0, service);
    byName.add(callName(set, services, span), service);
  }
  for (let span = 0; span < callee.length; span += 1) {
    if (!isCall(set.kind[span] ?? 0) || (callee[span] ?? -1) >= 0) continue;
    const label = labels.column[span] ?? 0;
    const known = label === 0 ? byName.dominant(callName(set, services, span)) : byLabel.dominant(label);
    callee[span] = known ?? (label === 0 ? -1 : indexFor(services.names, services.indexOf, labels.names[label] ?? ''));
  }
  return callee;
}

const isCall = (kind: number): boolean => kind === spanKind.client || kind === spanKind.producer;

/** One number for the caller and the name of its call. */
const callName = (set: TraceSet, services: ServiceColumn, span: number): number =>
  (services.column[span] ?? 0) * set.strings.length + (set.name[span] ?? 0);

interface Tally {
  readonly add: (key: number, value: number) => void;
  /** The value that at least nine of ten additions under `key` had. */
  readonly dominant: (key: number) => number | undefined;
}

function tally(): Tally {
  const counts = new Map<number, Map<number, number>>();
  return {
    add(key, value) {
      const known = counts.get(key);
      if (known === undefined) counts.set(key, new Map([[value, 1]]));
      else known.set(value, (known.get(value) ?? 0) + 1);
    },
    dominant(key) {
      const known = counts.get(key);
      if (known === undefined) return undefined;
      let sum = 0;
      for (const count of known.values()) sum += count;
      for (const [value, count] of known) if (count >= 0.9 * sum) return value;
      return undefined;
    },
  };
}

/** Edges by caller, callee and the callee's operation: its SERVER span's name, or what calls of that name otherwise reach, or the call's own name. */
function edgeColumn(
  set: TraceSet,
  answer: Int32Array,
  services: ServiceColumn,
  callee: Int32Array,
): { readonly edge: Int32Array; readonly edges: readonly Edge[] } {
  const operationOf = tally();
  const call = (span: number): number => callName(set, services, span) * services.names.length + (callee[span] ?? 0);
  for (let span = 0; span < callee.length; span += 1) {
    const server = answer[span] ?? -1;
    if (server >= 0) operationOf.add(call(span), set.name[server] ?? 0);
  }
  const edge = new Int32Array(callee.length).fill(-1);
  const edges: Edge[] = [];
  const indexOf = new Map<number, number>();
  for (let span = 0; span < callee.length; span += 1) {
    const to = callee[span] ?? -1;
    if (to < 0) continue;
    const from = services.column[span] ?? 0;
    const server = answer[span] ?? -1;
    const operation = (server >= 0 ? set.name[server] : operationOf.dominant(call(span))) ?? set.name[span] ?? 0;
    const key = (from * services.names.length + to) * set.strings.length + operation;
    let at = indexOf.get(key);
    if (at === undefined) {
      at = edges.length;
      indexOf.set(key, at);
      edges.push({
        caller: services.names[from] ?? '',
        callee: services.names[to] ?? '',
        operation: set.strings[operation] ?? '',
      });
    }
    edge[span] = at;
  }
  return { edge, edges };
}

/** A gap is never negative: where clocks still disagree, it is unknowable and taken as none. */
function gaps(
  serverChild: Int32Array,
  start: Float64Array,
  end: Float64Array,
): { readonly preNs: Float64Array; readonly postNs: Float64Array } {
  const preNs = new Float64Array(start.length).fill(Number.NaN);
  const postNs = new Float64Array(start.length).fill(Number.NaN);
  for (let span = 0; span < start.length; span += 1) {
    const server = serverChild[span] ?? -1;
    if (server < 0) continue;
    preNs[span] = Math.max(0, (start[server] ?? 0) - (start[span] ?? 0));
    postNs[span] = Math.max(0, (end[span] ?? 0) - (end[server] ?? 0));
  }
  return { preNs, postNs };
}
