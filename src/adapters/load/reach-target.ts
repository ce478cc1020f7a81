// Finds the address of an origin once and checks that something listens there, before any load is sent.
import { lookup } from 'node:dns/promises';
import { connect, isIP } from 'node:net';
import { err, ok, type Result } from '../../core/model/result.ts';
import type { Transport } from '../../core/model/workload.ts';
import { type Origin, parseProxy } from './requests/origin.ts';

export interface Unreachable {
  readonly message: string;
  readonly cause?: unknown;
}

/**
 * The first address of the origin that accepts a TCP connection within `timeoutMs` in all; the error says what was tried. Behind a proxy or a unix
 * socket that one is tried instead, and the origin's host name stands for its address.
 */
export async function reachTarget(
  origin: Origin,
  transport: Transport,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Result<string, Unreachable>> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const { unixSocket, proxy } = transport;
  if (unixSocket !== undefined) {
    const attempt = await tryConnect({ path: unixSocket }, deadline);
    return attempt.ok ? ok(origin.host) : nothingAnswers([`${unixSocket}: ${attempt.error.message}`], attempt.error);
  }
  const place = proxy === undefined ? ok(origin) : parseProxy(proxy);
  if (!place.ok) return err({ message: `proxy: ${place.error}` });
  const { host, port } = place.value;
  const found = await addressesOf(host, deadline);
  if (!found.ok) return found;
  const failures: string[] = [];
  let cause: unknown;
  for (const address of found.value) {
    const attempt = await tryConnect({ host: address, port }, deadline);
    if (attempt.ok) return ok(proxy === undefined ? address : origin.host);
    cause = attempt.error;
    failures.push(`${proxy === undefined ? '' : 'proxy '}${address} port ${port}: ${attempt.error.message}`);
  }
  return nothingAnswers(failures, cause);
}

function nothingAnswers(tried: readonly string[], cause: unknown): Result<never, Unreachable> {
  return err({ message: `nothing answers: ${tried.join('; ')}`, cause });
}

async function addressesOf(host: string, deadline: AbortSignal): Promise<Result<readonly string[], Unreachable>> {
  if (isIP(host) !== 0) return ok([host]);
  try {
    const found = await Promise.race([lookup(host, { all: true, order: 'ipv4first' }), rejectOn(deadline)]);
    return found.length > 0
      ? ok(found.map(({ address }) => address))
      : err({ message: `DNS knows no address of ${host}` });
  } catch (cause) {
    return err({ message: `DNS lookup of ${host} failed: ${(cause as Error).message}`, cause });
  }
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(new Error('timed out'));
    if (signal.aborted) fail();
    signal.addEventListener('abort', fail, { once: true });
  });
}

type Place = { readonly host: string; readonly port: number } | { readonly path: string };

function tryConnect(place: Place, deadline: AbortSignal): Promise<Result<undefined, Error>> {
  return new Promise((resolve) => {
    if (deadline.aborted) {
      resolve(err(new Error('timed out')));
      return;
    }
    const socket = connect(place);
    const finish = (result: Result<undefined, Error>): void => {
      deadline.removeEventListener('abort', expire);
      socket.destroy();
      resolve(result);
    };
    const expire = (): void => finish(err(new Error('no connection in time')));
    deadline.addEventListener('abort', expire, { once: true });
    socket.on('connect', () => finish(ok(undefined)));
    socket.on('error', (error) => finish(err(error)));
  });
}
