// What went wrong below HTTP, in words.
import type { SourceError } from '../../../ports/trace-source.ts';

const causes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ENOTFOUND: 'no such host name',
  EAI_AGAIN: 'the host name cannot be looked up now',
  ECONNRESET: 'the connection was reset',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'the network is unreachable',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_SOCKET: 'the connection was closed before the answer',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  CERT_HAS_EXPIRED: 'its certificate has expired',
};

/** The error for what `fetch` threw: a timeout when our own time was up, else unreachable. */
export function failureOf(name: string, thrown: unknown, timeoutMs: number): SourceError {
  const { name: kind, cause } = thrown as { name?: string; cause?: { code?: string; message?: string } };
  if (kind === 'TimeoutError') {
    return { kind: 'timeout', message: `${name}: no answer within ${timeoutMs / 1000} s`, cause: thrown };
  }
  if (kind === 'AbortError') return { kind: 'timeout', message: `${name}: stopped before it answered`, cause: thrown };
  // The Fetch standard's list of blocked ports: https://fetch.spec.whatwg.org/#port-blocking
  const isBlockedPort = cause?.message === 'bad port';
  const why =
    (isBlockedPort
      ? 'HTTP clients do not connect to this port (the Fetch standard blocks it); use another'
      : undefined) ??
    causes[cause?.code ?? ''] ??
    cause?.code ??
    cause?.message ??
    (thrown instanceof Error ? thrown.message : 'no reason given');
  return { kind: 'unreachable', message: `${name}: ${why}`, cause: thrown };
}
