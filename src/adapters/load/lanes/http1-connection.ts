// One HTTP/1.1 connection of the fast lane: carries one exchange at a time.
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { FailureKind } from '../../../core/model/load.ts';
import { type BodyTaker, BodyTakers } from '../replies/body-taker.ts';
import { messageOf } from '../replies/failure-of.ts';
import { ResponseParser } from '../replies/response-parser.ts';
import type { Endpoint } from '../requests/endpoint.ts';
import { createExchange } from '../requests/exchange.ts';
import type { Exchange, PhasedStep } from '../requests/hot-path.ts';
import type { Http1Request } from '../requests/http1-request.ts';

/** What a connection tells its lane. */
export interface ConnectionOwner {
  readonly opened: (connection: Http1Connection) => void;
  /** Could not be opened. */
  readonly refused: (connection: Http1Connection, failure: FailureKind, message: string) => void;
  /** The exchange has ended; `reusable`: the connection may carry another. */
  readonly ended: (connection: Http1Connection, reusable: boolean) => void;
  /** Closed while it carried nothing. */
  readonly lost: (connection: Http1Connection) => void;
  readonly now: () => number;
}

// Without a hint from the server an idle connection is trusted this long, with a hint until shortly before the server closes it.
const IDLE_MS = 4000;
const HINT_MARGIN_MS = 1000;
// The server's time-out and our request may pass each other on the way, which is no outage.
const CLOSED_BETWEEN_REQUESTS =
  'the server closed a reused connection before any reply: its keep-alive time-out may be shorter than the gap between requests';
const NO_HEADERS: readonly string[] = [];

/** One for all connections of the thread: a piece is read before the next arrives. */
const sharedBuffer = Buffer.allocUnsafeSlow(64 * 1024);

type State = 'connecting' | 'idle' | 'busy' | 'closed';

export class Http1Connection {
  readonly exchange: Exchange;
  readonly startedMs: number;
  state: State = 'connecting';
  /** An idle connection is not used after this. */
  usableUntilMs: number = Number.POSITIVE_INFINITY;
  /** What opening took, until a request has reported it. */
  connectMs = -1;
  readonly #owner: ConnectionOwner;
  readonly #socket: Socket;
  readonly #parser = new ResponseParser();
  readonly #takers: BodyTakers;
  #taker: BodyTaker | undefined;
  /** When TCP was there; -1 before. */
  #reachedPeerMs = -1;
  /** Whether it has carried a whole exchange. */
  #wasUsed = false;

  constructor(endpoint: Endpoint, owner: ConnectionOwner, phased: PhasedStep) {
    this.#owner = owner;
    this.exchange = createExchange(phased);
    this.startedMs = owner.now();
    this.#takers = new BodyTakers(owner.now);
    this.#socket = this.#open(endpoint);
  }

  #open({ origin, address, ca, transport: { verifyCertificate } }: Endpoint): Socket {
    const onread = {
      buffer: sharedBuffer,
      callback: (length: number): boolean => this.#received(sharedBuffer, length),
    };
    const options = { host: address, port: origin.port, noDelay: true, onread };
    const socket = origin.secure
      ? connectTls({
          ...options,
          ALPNProtocols: ['http/1.1'],
          rejectUnauthorized: verifyCertificate ?? true,
          ...(isIP(origin.host) === 0 ? { servername: origin.host } : {}),
          ...(ca === undefined ? {} : { ca }),
        })
      : connectTcp(options);
    socket.on('connect', () => {
      this.#reachedPeerMs = this.#owner.now();
      if (!origin.secure) this.#opened();
    });
    if (origin.secure)
      socket.on('secureConnect', () => {
        this.exchange.tlsMs = this.#owner.now() - this.#reachedPeerMs;
        this.#opened();
      });
    socket.on('end', () => this.#closed('the server closed the connection'));
    socket.on('error', (error: NodeJS.ErrnoException) => this.#closed(messageOf(error), error.code));
    socket.on('close', () => this.#closed('the connection was closed'));
    return socket;
  }

  #opened(): void {
    if (this.state !== 'connecting') return;
    this.state = 'idle';
    this.connectMs = this.#owner.now() - this.startedMs;
    this.#owner.opened(this);
  }

  /** Sends a request; its trace ids are already in place. The exchange's `phased`, `journey`, `dueMs` and ids are set by the lane. */
  send(request: Http1Request, nowMs: number): void {
    const { exchange } = this;
    const { step } = exchange.phased;
    exchange.sentMs = nowMs;
    exchange.firstByteMs = -1;
    exchange.status = 0;
    exchange.failure = undefined;
    // What the reply before held must never pass for this one's.
    exchange.body = '';
    exchange.headers = NO_HEADERS;
    exchange.path = request.path;
    exchange.bytesReceived = 0;
    exchange.connectMs = this.connectMs;
    this.connectMs = -1;
    this.state = 'busy';
    exchange.stream = undefined;
    this.#taker = step.bodyUse === 'count' ? undefined : this.#takers.for(step.bodyUse);
    this.#parser.begin(step.isHead, step.keepsHeaders, this.#taker, step.knownHead);
    const socket = this.#socket;
    // The template's bytes are patched again for the next request: whatever the kernel did not take at once must be a copy of its own.
    if (socket.writableLength > 0) {
      socket.write(Buffer.from(request.bytes));
      return;
    }
    socket.write(request.bytes);
    if (socket.writableLength > 0) request.bytes = Buffer.from(request.bytes);
  }

  #received(bytes: Uint8Array, length: number): boolean {
    if (this.state !== 'busy') {
      // Nobody asked: typically the server's own time-out (408) on an idle connection.
      this.#closed('the server spoke unasked');
      return true;
    }
    const { exchange } = this;
    const parser = this.#parser;
    const nowMs = this.#owner.now();
    if (exchange.firstByteMs < 0) exchange.firstByteMs = nowMs;
    exchange.bytesReceived += length;
    const at = parser.execute(bytes, 0, length);
    // What an interim reply brought was not the reply's first byte.
    if (parser.tookInterim()) exchange.firstByteMs = parser.betweenReplies ? -1 : nowMs;
    if (parser.done) this.#finish(nowMs, at === length);
    else if (parser.failed) this.fail(parser.tooLarge ? 'too-large' : 'protocol', parser.problem, nowMs);
    return true;
  }

  #finish(nowMs: number, isClean: boolean): void {
    const { exchange } = this;
    const parser = this.#parser;
    const { step } = exchange.phased;
    exchange.status = parser.status;
    exchange.endedMs = nowMs;
    if (step.keepsHeaders) exchange.headers = parser.headers;
    this.#taker?.settle(exchange);
    const reusable = isClean && parser.keepAlive;
    if (reusable) {
      const hint = parser.keepAliveSeconds * 1000;
      this.usableUntilMs = nowMs + (hint < 0 ? IDLE_MS : Math.max(hint / 2, hint - HINT_MARGIN_MS));
      this.state = 'idle';
      this.#wasUsed = true;
    } else this.#destroy();
    this.#owner.ended(this, reusable);
  }

  /** Ends the exchange under way without a complete reply and closes the connection. */
  fail(failure: FailureKind, message: string, nowMs: number): void {
    const { exchange } = this;
    exchange.failure = failure;
    exchange.message = message;
    exchange.endedMs = nowMs;
    this.#destroy();
    this.#owner.ended(this, false);
  }

  /** Closes a connection that carries nothing. */
  close(): void {
    this.#destroy();
  }

  #closed(message: string, code?: string): void {
    switch (this.state) {
      case 'closed':
        return;
      case 'connecting': {
        const failure = this.#connectFailure(code);
        this.#destroy();
        this.#owner.refused(this, failure, message);
        return;
      }
      case 'idle':
        this.#destroy();
        this.#owner.lost(this);
        return;
      case 'busy': {
        const nowMs = this.#owner.now();
        const cut = this.#resetMessage(message);
        // A body that runs until the connection closes is complete only when the peer closed in order.
        if (code === undefined) this.#parser.finish();
        if (code === undefined && this.#parser.done) this.#finish(nowMs, false);
        else this.fail('reset', cut, nowMs);
      }
    }
  }

  #resetMessage(message: string): string {
    if (this.#parser.started) return `${message} in the middle of the reply`;
    return this.#wasUsed ? CLOSED_BETWEEN_REQUESTS : `${message} before any reply`;
  }

  #connectFailure(code: string | undefined): FailureKind {
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'dns';
    return this.#reachedPeerMs >= 0 ? 'tls' : 'connect';
  }

  #destroy(): void {
    this.state = 'closed';
    this.#socket.destroy();
  }
}
