// Works out the kind of spans that do not say theirs, as older exporters and Jaeger's clients leave them.
import { rootParent, spanKind, type TraceSet } from '../../model/trace-set.ts';
import { type AttributeReader, attributeReader } from './attribute-reader.ts';

/**
 * The set with a kind for every span that tells by its attributes or its place; the same set when all kinds are recorded. Recorded kinds stay, and so
 * does `unspecified` where nothing tells. Linear.
 *
 *     messaging operation          PRODUCER or CONSUMER
 *     parent in another service    SERVER; CONSUMER below a PRODUCER
 *     root                         SERVER, unless its attributes are a caller's
 *     a caller's attributes        CLIENT
 *     children of one name, all in one other service       CLIENT
 *
 * A span whose parent was lost has no place: only its attributes count, as for a root. A handler that calls another service without a span for the
 * call keeps being a SERVER: its own place is asked for before its children's.
 */
export function inferKinds(set: TraceSet): TraceSet {
  if (!set.kind.includes(spanKind.unspecified)) return set;
  const told = toldKinds(set);
  const callsAgain = withCallsBelow(set, told);
  const callees = onlyCallees(set);
  const kind = set.kind.map((recorded, span) => {
    if (recorded !== spanKind.unspecified) return recorded;
    const above = set.parent[span] ?? rootParent;
    const own = told[span] ?? spanKind.unspecified;
    if (own === spanKind.producer || own === spanKind.consumer) return own;
    if (above >= 0 && isAcross(set, span, above))
      return told[above] === spanKind.producer ? spanKind.consumer : spanKind.server;
    if (own === spanKind.client && callsAgain[span] === 0) return own;
    if (above < 0) return above === rootParent ? spanKind.server : recorded;
    return (callees[span] ?? none) >= 0 ? spanKind.client : recorded;
  });
  return { ...set, kind };
}

const isAcross = (set: TraceSet, span: number, above: number): boolean => set.service[span] !== set.service[above];

/** Recorded kinds, and where none is what the attributes say by themselves; unspecified when they say nothing or could be a server's. */
function toldKinds(set: TraceSet): Uint8Array {
  const messaging = attributeReader(set, 'messaging.operation.type', 'messaging.operation', 'messaging.operation.name');
  const isCaller = callers(set);
  return set.kind.map((recorded, span) => {
    if (recorded !== spanKind.unspecified) return recorded;
    const operation = messagingKinds.get(String(messaging(span) ?? ''));
    return operation ?? (isCaller(span) ? spanKind.client : recorded);
  });
}

/** Per span: 1 when a child in its own service makes calls; then it is the code around them, whatever its attributes repeat. */
function withCallsBelow(set: TraceSet, told: Uint8Array): Uint8Array {
  const below = new Uint8Array(told.length);
  set.parent.forEach((above, span) => {
    const makesCalls = told[span] === spanKind.client || told[span] === spanKind.producer;
    if (above >= 0 && makesCalls && !isAcross(set, span, above)) below[above] = 1;
  });
  return below;
}

const messagingKinds: ReadonlyMap<string, number> = new Map([
  ['create', spanKind.producer],
  ['send', spanKind.producer],
  ['publish', spanKind.producer],
  ['receive', spanKind.consumer],
  ['process', spanKind.consumer],
  ['deliver', spanKind.consumer],
  ['settle', spanKind.client],
]);

/**
 * Whether attributes are those of a caller. A database, a full URL or a named peer is enough; a request or an RPC needs the address it went to. A route, or who
 * the client is, only a server knows: servers too record URLs by their old name and addresses.
 */
function callers(set: TraceSet): (span: number) => boolean {
  const database = attributeReader(set, 'db.system.name', 'db.system');
  const served = attributeReader(set, 'http.route', 'client.address', 'http.client_ip', 'http.server_name');
  const target = attributeReader(set, 'url.full', 'service.peer.name', 'peer.service');
  const url = attributeReader(set, 'http.url');
  const request = attributeReader(
    set,
    'http.request.method',
    'http.method',
    'rpc.system.name',
    'rpc.system',
    'rpc.service',
  );
  const address = attributeReader(set, 'server.address', 'net.peer.name', 'network.peer.address', 'net.peer.ip');
  const has = (reader: AttributeReader, span: number): boolean => reader(span) !== undefined;
  return (span) => {
    if (has(database, span)) return true;
    if (has(served, span)) return false;
    if (has(target, span)) return true;
    const isRoot = (set.parent[span] ?? rootParent) < 0;
    if (has(url, span) && !isRoot) return true;
    return !isRoot && has(request, span) && has(address, span);
  };
}

/** `onlyCallees` of a span without children, and of one whose children are not all alike. */
const none = -1;
const several = -2;

/** Per span: the service of its children when that is another service than its own and all of them have one name, as the answers to one call. */
function onlyCallees(set: TraceSet): Int32Array {
  const callee = new Int32Array(set.parent.length).fill(none);
  const operation = new Int32Array(set.parent.length);
  set.parent.forEach((above, span) => {
    if (above < 0) return;
    const service = set.service[span] ?? 0;
    const name = set.name[span] ?? 0;
    const isFirst = callee[above] === none;
    const isAlike = isFirst || (callee[above] === service && operation[above] === name);
    callee[above] = isAlike && isAcross(set, span, above) ? service : several;
    operation[above] = name;
  });
  return callee;
}
