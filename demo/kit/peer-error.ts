// Why a call to a peer failed, and what a service answers its own caller then.

/** `full`: the connection pool's queue is full; nothing was sent. */
export type PeerErrorKind = 'timeout' | 'unreachable' | 'status' | 'full';

export class PeerError extends Error {
  readonly kind: PeerErrorKind;
  readonly peer: string;
  /** The peer's answer; only for `status`. */
  readonly status: number | undefined;

  constructor(peer: string, kind: PeerErrorKind, message: string, status?: number, cause?: unknown) {
    super(`${peer}: ${message}`, { cause });
    this.name = 'PeerError';
    this.kind = kind;
    this.peer = peer;
    this.status = status;
  }
}

/** Whether trying again can help: the peer was late, gone or overloaded. An internal error of the peer would only repeat. */
export function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof PeerError)) return false;
  return error.kind === 'timeout' || error.kind === 'unreachable' || error.status === 503 || error.status === 504;
}

/** The status a service passes on when `error` ended its work: 504 for a late peer, 503 for an overload, 502 for a broken peer, else 500. */
export function statusFor(error: unknown): number {
  if (!(error instanceof PeerError)) return 500;
  if (error.kind === 'timeout' || error.status === 504) return 504;
  if (error.kind === 'full' || error.status === 503) return 503;
  return 502;
}
