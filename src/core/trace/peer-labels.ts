// One label for each callee that calls name, so that two callees of one name are told apart and a database is never taken for a service.

import type { TraceSet } from '../model/trace-set.ts';
import { type Peer, peerName } from './peer-name.ts';

export interface PeerLabels {
  /** Index 0 is '', for calls that name nobody. No database and no destination of messages has the name of a recording service. */
  readonly names: readonly string[];
  /** Per span: index into `names`; 0 for spans that are no calls. */
  readonly column: Uint32Array;
}

/**
 * Databases of one name are one where a service dials all their addresses (a cluster), and several where none does. A database or destination that shares
 * its name with a recording service or another database, or whose name is a mere number, is called `address/name` (without an address `system/name`).
 * Linear in the calls.
 */
export function peerLabels(
  set: TraceSet,
  isCall: (span: number) => boolean,
  { services, isRecorded }: { readonly services: Uint32Array; readonly isRecorded: (name: string) => boolean },
): PeerLabels {
  const peerOf = peerName(set);
  const peers = numbered<Peer>();
  const clusters = disjointSets();
  const called = new Map<string, number>();
  const column = new Uint32Array(set.start.length);
  for (let span = 0; span < column.length; span += 1) {
    if (!isCall(span)) continue;
    const peer = peerOf(span);
    if (peer.name === '') continue;
    const at = peers.indexOf(`${peer.store?.kind ?? ''}\n${peer.store?.address ?? ''}\n${peer.name}`, peer);
    column[span] = at + 1;
    if (peer.store === undefined) continue;
    const caller = `${peer.store.kind}\n${services[span] ?? 0}\n${peer.name}`;
    const before = called.get(caller);
    if (before === undefined) called.set(caller, at);
    else clusters.join(before, at);
  }
  const nameOf = storeNames(peers.entries, clusters.rootOf, isRecorded);
  const labels = numbered<string>();
  const labelOf = peers.entries.map((peer, at) => {
    const name = nameOf(at);
    return 1 + labels.indexOf(`${peer.store === undefined ? '' : 'store'}\n${name}`, name);
  });
  return {
    names: ['', ...labels.entries],
    column: column.map((peer) => (peer === 0 ? 0 : (labelOf[peer - 1] ?? 0))),
  };
}

function storeNames(
  peers: readonly Peer[],
  clusterOf: (peer: number) => number,
  isRecorded: (name: string) => boolean,
): (peer: number) => string {
  /** By name, of each cluster that has one: its first address. */
  const addresses = new Map<string, Map<number, string>>();
  peers.forEach(({ name, store }, at) => {
    if (store === undefined || store.address === '') return;
    const known = addresses.get(name) ?? new Map<number, string>();
    addresses.set(name, known);
    const first = known.get(clusterOf(at));
    if (first === undefined || store.address < first) known.set(clusterOf(at), store.address);
  });
  return (at) => {
    const { name = '', store } = peers[at] ?? {};
    if (store === undefined) return name;
    const clusters = addresses.get(name);
    if ((clusters?.size ?? 0) <= 1 && !isRecorded(name) && !/^\d+$/.test(name)) return name;
    return `${clusters?.get(clusterOf(at)) ?? (store.system || store.kind)}/${name}`;
  };
}

function numbered<T>(): { readonly entries: readonly T[]; readonly indexOf: (key: string, entry: T) => number } {
  const entries: T[] = [];
  const known = new Map<string, number>();
  return {
    entries,
    indexOf(key, entry) {
      const before = known.get(key);
      if (before !== undefined) return before;
      known.set(key, entries.length);
      entries.push(entry);
      return entries.length - 1;
    },
  };
}

/** Union by the smaller root, with path halving. */
function disjointSets(): { readonly join: (a: number, b: number) => void; readonly rootOf: (a: number) => number } {
  const above: number[] = [];
  const rootOf = (start: number): number => {
    let at = start;
    for (let next = above[at] ?? at; next !== at; next = above[at] ?? at) {
      above[at] = above[next] ?? next;
      at = next;
    }
    return at;
  };
  return {
    rootOf,
    join(a, b) {
      const [first, second] = [rootOf(a), rootOf(b)];
      if (first !== second) above[Math.max(first, second)] = Math.min(first, second);
    },
  };
}
