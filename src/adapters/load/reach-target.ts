// Finds the address of an origin once and checks that something listens there, before any load is sent.
import { lookup } from 'node:dns/promises';
import { connect, isIP } from 'node:net';
import { err, ok, type Result } from '../../core/model/result.ts';
import type { Origin } from './origin.ts';

export interface Unreachable {
  readonly message: string;
  readonly cause?: unknown;
}

/** The first address that accepts a TCP connection within `timeoutMs` in all; the error says what was tried. */
export async function reachTarget(
  origin: Origin,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Result<string, Unreachable>> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const found = await addressesOf(origin.host, deadline);
  if (!found.ok) return found;
  const failures: string[] = [];
  let cause: unknown;
  for (const address of found.value) {
    const attempt = await tryConnect(address, origin.port, deadline);
    if (attempt.ok) return ok(address);
    cause = attempt.error;
    failures.push(`${address} port ${origin.port}: ${attempt.error.message}`);
  }
  return err({ message: `nothing answers: ${failures.join('; ')}`, cause });
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

function tryConnect(host: string, port: number, deadline: AbortSignal): Promise<Result<undefined, Error>> {
  return new Promise((resolve) => {
    if (deadline.aborted) {
      resolve(err(new Error('timed out')));
      return;
    }
    const socket = connect({ host, port });
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
