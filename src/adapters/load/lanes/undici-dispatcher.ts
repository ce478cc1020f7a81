// The undici dispatcher for what the fast lane declines.
import { isIP, type LookupFunction } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { buildConnector, type Dispatcher, Pool, ProxyAgent } from 'undici';
import { MAX_HEAD_BYTES } from '../replies/response-parser.ts';
import type { Endpoint } from '../requests/endpoint.ts';
import type { GeneralLaneOptions } from './general-lane.ts';

/** Streams that one HTTP/2 connection carries at once; servers usually allow as many. */
const STREAMS = 100;

/** A dispatcher with at most `maxConnections` connections to the endpoint. */
export function undiciDispatcher(endpoint: Endpoint, maxConnections: number): GeneralLaneOptions {
  const { origin, transport } = endpoint;
  const url = `${origin.secure ? 'https' : 'http'}://${origin.authority}`;
  const isHttp2 = transport.httpVersion === '2';
  const maxConcurrent = isHttp2 ? maxConnections * STREAMS : maxConnections;
  return {
    dispatcher: dispatcherOf(endpoint, url, isHttp2, maxConnections),
    origin: url,
    host: origin.host,
    maxConcurrent,
  };
}

function dispatcherOf(
  { origin, address, transport, ca }: Endpoint,
  url: string,
  isHttp2: boolean,
  connections: number,
): Dispatcher {
  const tls = {
    ...(ca === undefined ? {} : { ca }),
    rejectUnauthorized: transport.verifyCertificate ?? true,
  };
  const shared = { headersTimeout: 0, bodyTimeout: 0, maxHeaderSize: MAX_HEAD_BYTES, connections, allowH2: isHttp2 };
  if (transport.proxy !== undefined) {
    const requestTls = isHttp2 ? { ...tls, preferH2: true } : tls;
    return proxyAgent({ ...shared, uri: transport.proxy, requestTls, proxyTls: tls, pipelining: 1 }, isHttp2);
  }
  // Without TLS there is no ALPN: HTTP/2 is spoken from the first byte.
  const useH2c = isHttp2 && !origin.secure;
  const connect = buildConnector({
    ...tls,
    lookup: fixedLookup(address),
    allowH2: isHttp2,
    preferH2: isHttp2,
    ...(transport.unixSocket === undefined ? {} : { socketPath: transport.unixSocket }),
    ...({ useH2c } as object),
  });
  return new Pool(url, {
    ...shared,
    connect: forHost(origin.host, isHttp2 && origin.secure ? http2Only(connect) : connect),
    pipelining: isHttp2 ? STREAMS : 1,
    ...(useH2c ? { useH2c } : {}),
  });
}

/** TLS is for the target's host, as in the fast lane, whatever Host header a step sends. */
function forHost(host: string, connect: buildConnector.connector): buildConnector.connector {
  const servername = isIP(host) === 0 ? host : '';
  return (options, callback) => connect({ ...options, servername }, callback);
}

/** Whoever asks for HTTP/2 must not measure HTTP/1.1. */
function http2Only(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error !== null) return callback(error, null);
      const { alpnProtocol } = socket as TLSSocket;
      if (alpnProtocol === 'h2') return callback(null, socket);
      socket.on('error', () => undefined).destroy();
      callback(new Error(`HTTP/2 was asked for, but the server chose ${alpnProtocol || 'no protocol'} (ALPN)`), null);
    });
}

/** A ProxyAgent keeps to itself when its pools connect; the lane counts connections. */
function proxyAgent(options: ProxyAgent.Options, isHttp2: boolean): ProxyAgent {
  const agent: ProxyAgent = new ProxyAgent({
    ...options,
    factory: (origin, poolOptions: Pool.Options) => {
      const { connect } = poolOptions;
      const own = isHttp2 && typeof connect === 'function' ? { connect: http2Only(connect) } : {};
      const pool = new Pool(origin, { ...poolOptions, ...own });
      return pool.on('connect', (...details) => agent.emit('connect', ...details));
    },
  });
  return agent;
}

/** DNS was asked once, before the run. */
function fixedLookup(address: string): LookupFunction {
  const family = isIP(address);
  return (_, { all }, callback) =>
    all === true ? callback(null, [{ address, family }]) : callback(null, address, family);
}
