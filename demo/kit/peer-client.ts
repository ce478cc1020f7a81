// Calls one peer over HTTP: a bounded pool, a real timeout, retries as the call's policy says.
import type { CallPolicy } from '../shop-settings.ts';
import { type ConnectionPool, connectionPool } from './connection-pool.ts';
import { PeerError } from './peer-error.ts';
import { withRetries } from './with-retries.ts';

export interface PeerRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly policy: CallPolicy;
}

export interface PeerClient {
  readonly pool: ConnectionPool;
  /** The reply's JSON. Throws PeerError when the last attempt is late, refused or answered with 4xx or 5xx. */
  call<T>(request: PeerRequest): Promise<T>;
}

export interface PeerClientOptions {
  readonly peer: string;
  readonly origin: string;
  readonly connections: number;
  readonly onRetry: () => void;
}

export function peerClient({ peer, origin, connections, onRetry }: PeerClientOptions): PeerClient {
  const pool = connectionPool(origin, connections);
  return {
    pool,
    call: <T>(request: PeerRequest) => withRetries(request.policy, () => attempt<T>(pool, peer, request), onRetry),
  };
}

async function attempt<T>(pool: ConnectionPool, peer: string, request: PeerRequest): Promise<T> {
  const client = pool.pick();
  if (client === undefined) throw new PeerError(peer, 'full', 'too many requests are waiting for a connection');
  const { timeoutMs } = request.policy;
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(timeoutError(timeoutMs)), timeoutMs);
  try {
    const reply = await client.request({
      method: request.method,
      path: request.path,
      headers: { 'content-type': 'application/json' },
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal: giveUp.signal,
    });
    if (reply.statusCode >= 400) {
      await reply.body.dump();
      throw new PeerError(peer, 'status', `answered ${reply.statusCode}`, reply.statusCode);
    }
    return (await reply.body.json()) as T;
  } catch (error) {
    throw asPeerError(peer, error);
  } finally {
    clearTimeout(timer);
  }
}

/** Carries a `code`, because that is what OpenTelemetry's undici instrumentation reports as `error.type`. */
function timeoutError(timeoutMs: number): Error {
  const error = new Error(`no answer within ${timeoutMs} ms`);
  return Object.assign(error, { name: 'TimeoutError', code: 'ETIMEDOUT' });
}

function asPeerError(peer: string, error: unknown): PeerError {
  if (error instanceof PeerError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const isTimeout = error instanceof Error && error.name === 'TimeoutError';
  return new PeerError(peer, isTimeout ? 'timeout' : 'unreachable', message, undefined, error);
}
