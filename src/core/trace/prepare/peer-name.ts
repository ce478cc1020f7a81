// The callee that a span's own attributes name.
import type { TraceSet } from '../../model/trace-set.ts';
import { attributeReader } from './attribute-reader.ts';

/** Whom CLIENT or PRODUCER span `index` says it calls. */
export type PeerName = (index: number) => Peer;

export interface Peer {
  /** What the name is of; only a service's may be that of one that recorded spans. */
  readonly kind: 'service' | 'database' | 'messaging';
  /** '' when no attribute tells. */
  readonly name: string;
  /** Of a database, as it was dialled; '' when it is not told, and for others: any broker leads to a topic. */
  readonly address: string;
}

/**
 * Reader of peer names: the declared service, then (Tempo's order, ANALYSIS.md 1.10) the database by name or system, the messaging destination, then
 * host and port as they were dialled. Current names first, legacy ones accepted (ANALYSIS.md 2).
 */
export function peerName(set: TraceSet): PeerName {
  const declared = attributeReader(set, 'service.peer.name', 'peer.service');
  const database = attributeReader(set, 'db.namespace', 'db.name', 'db.system', 'db.system.name');
  const messaging = attributeReader(set, 'messaging.destination.name', 'messaging.system');
  const address = dialledAddress(set);
  const url = attributeReader(set, 'url.full', 'http.url');
  const rpc = attributeReader(set, 'rpc.service');
  return (index) => {
    const service = textOf(declared(index));
    if (service !== '') return { kind: 'service', name: service, address: '' };
    const namespace = textOf(database(index));
    if (namespace !== '') return { kind: 'database', name: namespace, address: withoutUsualPort(address(index)) };
    const destination = textOf(messaging(index));
    if (destination !== '') return { kind: 'messaging', name: destination, address: '' };
    const host = address(index);
    if (host !== '') return { kind: 'service', name: host, address: '' };
    const target = url(index);
    const name = target === undefined ? textOf(rpc(index)) : hostOfUrl(String(target));
    return { kind: 'service', name, address: '' };
  };
}

/** Reader of the product behind a database or a destination of messages, as `postgresql` or `kafka`; '' when it is not told. */
export function peerSystem(set: TraceSet): (index: number) => string {
  const system = attributeReader(set, 'db.system.name', 'db.system', 'messaging.system');
  return (index) => textOf(system(index));
}

const textOf = (value: unknown): string => String(value ?? '');

function dialledAddress(set: TraceSet): (index: number) => string {
  const address = attributeReader(
    set,
    'server.address',
    'net.peer.name',
    'http.host',
    'network.peer.address',
    'net.peer.ip',
  );
  const port = attributeReader(set, 'server.port', 'net.peer.port', 'network.peer.port');
  return (index) => {
    const host = textOf(address(index));
    return host === '' ? '' : withPort(host, port(index));
  };
}

const withPort = (host: string, port: unknown): string =>
  port === undefined || /:\d+$/.test(host) ? host : `${host}:${String(port)}`;

/** A database's own port may be told or not (it is the default of the conventions to leave it out): it tells none from another. */
const withoutUsualPort = (address: string): string =>
  address.replace(/:(1433|1521|3306|5432|6379|9042|9200|11211|27017)$/, '');

/** `http://shop:80/a?b` -> `shop:80`; '' when the text is no absolute URL. */
function hostOfUrl(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]+)/i.exec(url)?.[1] ?? '';
}
