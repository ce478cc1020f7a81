// The undici dispatcher for what the fast lane declines.
import { isIP, type LookupFunction } from 'node:net';
import { type Dispatcher, Pool, ProxyAgent } from 'undici';
import type { Endpoint } from './endpoint.ts';
import type { GeneralLaneOptions } from './general-lane.ts';
import { MAX_HEAD_BYTES } from './response-parser.ts';

/** Streams that one HTTP/2 connection carries at once; servers usually allow as many. */
const STREAMS = 100;

/** A dispatcher with at most `maxConnections` connections to the endpoint. */
export function undiciDispatcher(endpoint: Endpoint, maxConnections: number): GeneralLaneOptions {
  const { origin, transport } = endpoint;
  const url = `${origin.secure ? 'https' : 'http'}://${origin.authority}`;
  const isHttp2 = transport.httpVersion === '2';
  const maxConcurrent = isHttp2 ? maxConnections * STREAMS : maxConnections;
  return { dispatcher: dispatcherOf(endpoint, url, isHttp2, maxConnections), origin: url, maxConcurrent };
}

function dispatcherOf(
  { origin, address, transport }: Endpoint,
  url: string,
  isHttp2: boolean,
  connections: number,
): Dispatcher {
  const connect = {
    ...(transport.ca === undefined ? {} : { ca: transport.ca }),
    rejectUnauthorized: transport.verifyCertificate ?? true,
  };
  const shared = { headersTimeout: 0, bodyTimeout: 0, maxHeaderSize: MAX_HEAD_BYTES, connections, allowH2: isHttp2 };
  if (transport.proxy !== undefined) {
    return proxyAgent({ ...shared, uri: transport.proxy, requestTls: connect, proxyTls: connect, pipelining: 1 });
  }
  const options: Pool.Options = {
    ...shared,
    connect: { ...connect, lookup: fixedLookup(address) },
    ...(transport.socketPath === undefined ? {} : { socketPath: transport.socketPath }),
    pipelining: isHttp2 ? STREAMS : 1,
    // Without TLS there is no ALPN: HTTP/2 is spoken from the first byte.
    ...(isHttp2 && !origin.secure ? { useH2c: true } : {}),
  };
  return new Pool(url, options);
}

/** A ProxyAgent keeps to itself when its pools connect; the lane counts connections. */
function proxyAgent(options: ProxyAgent.Options): ProxyAgent {
  const agent: ProxyAgent = new ProxyAgent({
    ...options,
    factory: (origin, poolOptions) =>
      new Pool(origin, poolOptions).on('connect', (...details) => agent.emit('connect', ...details)),
  });
  return agent;
}

/** DNS was asked once, before the run. */
function fixedLookup(address: string): LookupFunction {
  const family = isIP(address);
  return (_, { all }, callback) =>
    all === true ? callback(null, [{ address, family }]) : callback(null, address, family);
}
