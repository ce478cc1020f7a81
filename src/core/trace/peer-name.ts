// The callee that a span's own attributes name.
import type { TraceSet } from '../model/trace-set.ts';
import { attributeReader } from './attribute-reader.ts';

/** Name of the callee of CLIENT or PRODUCER span `index`, '' when no attribute tells. */
export type PeerName = (index: number) => string;

/**
 * Reader of peer names: the declared service, then (Tempo's order, ANALYSIS.md 1.10) the database by name or system, the messaging destination, then
 * host and port as they were dialled. Current names first, legacy ones accepted (ANALYSIS.md 2).
 */
export function peerName(set: TraceSet): PeerName {
  const declared = attributeReader(set, 'service.peer.name', 'peer.service');
  const database = attributeReader(set, 'db.namespace', 'db.name', 'db.system', 'db.system.name');
  const messaging = attributeReader(set, 'messaging.destination.name', 'messaging.system');
  const address = attributeReader(
    set,
    'server.address',
    'net.peer.name',
    'http.host',
    'network.peer.address',
    'net.peer.ip',
  );
  const port = attributeReader(set, 'server.port', 'net.peer.port', 'network.peer.port');
  const url = attributeReader(set, 'url.full', 'http.url');
  const rpc = attributeReader(set, 'rpc.service');
  return (index) => {
    const named = declared(index) ?? database(index) ?? messaging(index);
    if (named !== undefined && named !== '') return String(named);
    const host = address(index);
    if (host !== undefined && host !== '') return withPort(String(host), port(index));
    const target = url(index);
    if (target !== undefined) return hostOfUrl(String(target));
    return String(rpc(index) ?? '');
  };
}

const withPort = (host: string, port: unknown): string =>
  port === undefined || /:\d+$/.test(host) ? host : `${host}:${String(port)}`;

/** `http://shop:80/a?b` -> `shop:80`; '' when the text is no absolute URL. */
function hostOfUrl(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]+)/i.exec(url)?.[1] ?? '';
}
