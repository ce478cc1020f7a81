// One label for each callee that calls name, so that two callees of one name are told apart and a database is never taken for a service.
import type { TraceSet } from '../../model/trace-set.ts';
import { type Peer, peerName, peerSystem } from './peer-name.ts';

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
  const systemOf = peerSystem(set);
  const peers: FoundPeer[] = [];
  const found = { service: keyedTwice(), database: keyedTwice(), messaging: keyedTwice() };
  const clusters = disjointSets();
  const column = new Uint32Array(set.start.length);
  for (let span = 0; span < column.length; span += 1) {
    if (!isCall(span)) continue;
    const peer = peerOf(span);
    if (peer.name === '') continue;
    const at = found[peer.kind].at(peer.name, peer.address, peers.length);
    if (at === peers.length) peers.push({ ...peer, system: systemOf(span), dialledBy: new Set() });
    column[span] = at + 1;
    peers[at]?.dialledBy.add(services[span] ?? 0);
  }
  joinClusters(peers, clusters);
  const nameOf = storeNames(peers, clusters.rootOf, isRecorded);
  const labels = keyedTwice();
  const names = [''];
  const labelOf = peers.map((peer, at) => {
    const label = labels.at(peer.kind === 'service' ? '' : 'store', nameOf(at), names.length);
    if (label === names.length) names.push(nameOf(at));
    return label;
  });
  return { names, column: column.map((peer) => (peer === 0 ? 0 : (labelOf[peer - 1] ?? 0))) };
}

interface FoundPeer extends Peer {
  readonly system: string;
  /** Services that call it. */
  readonly dialledBy: Set<number>;
}

function joinClusters(peers: readonly FoundPeer[], clusters: DisjointSets): void {
  const known = keyedTwice();
  peers.forEach(({ kind, name, dialledBy }, at) => {
    if (kind === 'service') return;
    for (const caller of dialledBy) clusters.join(known.at(`${kind} ${name}`, String(caller), at), at);
  });
}

function storeNames(
  peers: readonly FoundPeer[],
  clusterOf: (peer: number) => number,
  isRecorded: (name: string) => boolean,
): (peer: number) => string {
  /** By name, of each cluster that has one: its first address. */
  const addresses = new Map<string, Map<number, string>>();
  peers.forEach(({ name, address }, at) => {
    if (address === '') return;
    const known = addresses.get(name) ?? new Map<number, string>();
    addresses.set(name, known);
    const first = known.get(clusterOf(at));
    if (first === undefined || address < first) known.set(clusterOf(at), address);
  });
  return (at) => {
    const { kind = 'service', name = '', system = '' } = peers[at] ?? {};
    if (kind === 'service') return name;
    const clusters = addresses.get(name);
    if ((clusters?.size ?? 0) <= 1 && !isRecorded(name) && !/^\d+$/.test(name)) return name;
    return `${clusters?.get(clusterOf(at)) ?? (system || kind)}/${name}`;
  };
}

/** Numbers by two keys: `next` for a pair that is new. Nested maps, so that no text is made for each call. */
function keyedTwice(): { readonly at: (first: string, second: string, next: number) => number } {
  const known = new Map<string, Map<string, number>>();
  return {
    at(first, second, next) {
      let inner = known.get(first);
      if (inner === undefined) {
        inner = new Map();
        known.set(first, inner);
      }
      const before = inner.get(second);
      if (before === undefined) inner.set(second, next);
      return before ?? next;
    },
  };
}

interface DisjointSets {
  readonly join: (a: number, b: number) => void;
  readonly rootOf: (a: number) => number;
}

/** Union by the smaller root, with path halving. */
function disjointSets(): DisjointSets {
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
