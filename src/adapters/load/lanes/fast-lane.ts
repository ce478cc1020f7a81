// The fast lane: a bounded pool of our own HTTP/1.1 connections to one origin, with a queue that keeps intended times.
import type { FailureKind } from '../../../core/model/load.ts';
import type { Endpoint } from '../requests/endpoint.ts';
import { createExchange } from '../requests/exchange.ts';
import type { Exchange, Journey, PhasedStep } from '../requests/hot-path.ts';
import { type ConnectionOwner, Http1Connection } from './http1-connection.ts';
import { renderHttp1 } from './render-http1.ts';
import { RequestQueue, type Waiting } from './request-queue.ts';
import type { Sender, SenderContext } from './sender.ts';

// Connections being opened at once, a quarter of those there are within these bounds: a backlog must not become a storm of handshakes, nor fill the
// queue of pending connections that servers keep (often 511).
const FEWEST_OPENING = 64;
const MOST_OPENING = 384;
const CONNECT_TIMEOUT_MS = 10_000;
/** An idle connection that would be given up within this is used before all others: it stays open for the next burst, which then need not wait for handshakes. */
const LAST_CHANCE_MS = 1000;

export class FastLane implements Sender, ConnectionOwner {
  readonly #context: SenderContext;
  readonly #endpoint: Endpoint;
  readonly #all = new Set<Http1Connection>();
  /** Free connections, the last used on top: it is the least likely to be closed by the server. The one unused for longest is the first. */
  readonly #idle: Http1Connection[] = [];
  readonly #queue: RequestQueue;
  /** Stands for requests that end without ever having had a connection. */
  readonly #unsent: Exchange;
  readonly #anyStep: PhasedStep;
  readonly now: () => number;
  #opening = 0;
  /** When a connection was last seen open. */
  #lastOpenMs = Number.NEGATIVE_INFINITY;
  #openedCount = 0;
  #waits = 0;
  #inFlight = 0;
  #closed = false;

  constructor(endpoint: Endpoint, context: SenderContext, anyStep: PhasedStep) {
    this.#endpoint = endpoint;
    this.#context = context;
    this.#queue = new RequestQueue(context.maxQueued);
    this.#anyStep = anyStep;
    this.#unsent = createExchange(anyStep);
    this.now = context.now;
  }

  readonly inFlight = (): number => this.#inFlight;
  readonly queued = (): number => this.#queue.length;
  readonly isFull = (): boolean => this.#queue.isFull;
  readonly connectionsOpened = (): number => this.#openedCount;
  readonly connectionWaits = (): number => this.#waits;

  readonly submit = (phased: PhasedStep, dueMs: number, journey: Journey | undefined, nowMs: number): void => {
    const connection = this.#queue.length === 0 ? this.#takeIdle(nowMs) : undefined;
    if (connection !== undefined) {
      this.#send(connection, phased, dueMs, journey, nowMs);
      return;
    }
    if (this.#all.size - this.#opening >= this.#context.maxConnections && phased.recorder !== undefined)
      this.#waits += 1;
    this.#queue.push(phased, dueMs, journey);
    this.#openMore();
  };

  readonly prepare = (count: number): void => {
    const wanted = Math.min(count, this.#context.maxConnections);
    while (this.#all.size < wanted && this.#opening < this.#mayOpen()) this.#openOne();
  };

  #takeIdle(nowMs: number): Http1Connection | undefined {
    for (;;) {
      const oldest = this.#idle[0];
      const isDue = oldest !== undefined && oldest.usableUntilMs - nowMs < LAST_CHANCE_MS;
      const connection = isDue ? this.#idle.shift() : this.#idle.pop();
      if (connection === undefined || connection.usableUntilMs >= nowMs) return connection;
      this.#all.delete(connection);
      connection.close();
    }
  }

  #send(
    connection: Http1Connection,
    phased: PhasedStep,
    dueMs: number,
    journey: Journey | undefined,
    nowMs: number,
  ): void {
    const { exchange } = connection;
    exchange.phased = phased;
    exchange.dueMs = dueMs;
    exchange.journey = journey;
    exchange.hasIds = true;
    exchange.sampled = this.#context.sampler.next(nowMs);
    const request = renderHttp1(phased, journey, dueMs, this.#context);
    this.#context.ids.patch(request.bytes, request.traceparentAt, exchange.ids, exchange.sampled);
    this.#inFlight += 1;
    connection.send(request, nowMs);
  }

  #openMore(): void {
    const room = this.#context.maxConnections - this.#all.size;
    const wanted = Math.min(this.#queue.length - this.#opening, this.#mayOpen() - this.#opening, room);
    for (let i = 0; i < wanted; i += 1) this.#openOne();
  }

  /** How many may be in the making now. */
  #mayOpen(): number {
    return Math.min(MOST_OPENING, Math.max(FEWEST_OPENING, this.#all.size >> 2));
  }

  #openOne(): void {
    this.#opening += 1;
    this.#all.add(new Http1Connection(this.#endpoint, this, this.#anyStep));
  }

  readonly opened = (connection: Http1Connection): void => {
    this.#opening -= 1;
    this.#openedCount += 1;
    this.#lastOpenMs = this.now();
    this.#release(connection);
    // Its place among those being opened is free: requests that still wait need not wait for a reply to take it.
    if (!this.#closed) this.#openMore();
  };

  /** Each attempt was made for one waiting request, which fails with it: as many attempts as requests, never more. */
  readonly refused = (connection: Http1Connection, failure: FailureKind, message: string): void => {
    this.#opening -= 1;
    this.#all.delete(connection);
    if (this.#queue.length > 0) {
      const { headPhased: phased, headDueMs: dueMs, headJourney: journey } = this.#queue;
      this.#queue.shift();
      this.#failUnsent({ phased, dueMs, journey }, failure, message, this.now());
    }
    this.#openMore();
  };

  readonly ended = (connection: Http1Connection, reusable: boolean): void => {
    this.#inFlight -= 1;
    if (!reusable) this.#all.delete(connection);
    const { exchange } = connection;
    const { journey, endedMs } = exchange;
    this.#context.handler.completed(exchange);
    if (reusable) this.#release(connection);
    else this.#openMore();
    if (journey !== undefined) this.#context.handler.proceed(journey, endedMs);
  };

  readonly lost = (connection: Http1Connection): void => {
    this.#all.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
  };

  /** Gives a free connection to the longest waiting request, or to the idle ones. */
  #release(connection: Http1Connection): void {
    if (this.#closed) {
      connection.close();
      return;
    }
    if (this.#queue.length === 0) {
      this.#idle.push(connection);
      return;
    }
    const { headPhased, headJourney, headDueMs } = this.#queue;
    this.#queue.shift();
    this.#send(connection, headPhased, headDueMs, headJourney, this.now());
  }

  #failUnsent({ phased, dueMs, journey }: Waiting, failure: FailureKind, message: string, nowMs: number): void {
    const exchange = this.#unsent;
    exchange.phased = phased;
    exchange.journey = journey;
    exchange.dueMs = dueMs;
    exchange.sentMs = nowMs;
    exchange.endedMs = nowMs;
    exchange.failure = failure;
    exchange.message = message;
    this.#context.handler.completed(exchange);
    if (journey !== undefined) this.#context.handler.proceed(journey, nowMs);
  }

  readonly sweep = (nowMs: number): void => {
    if (this.#all.size > this.#opening) this.#lastOpenMs = nowMs;
    for (const connection of this.#all) {
      if (connection.state === 'busy') {
        const { timeout } = connection.exchange.phased.step.source;
        if (nowMs - connection.exchange.sentMs > timeout)
          connection.fail('timeout', `no complete reply within ${timeout} ms`, nowMs);
      } else if (connection.state === 'connecting' && nowMs - connection.startedMs > CONNECT_TIMEOUT_MS) {
        connection.close();
        this.refused(connection, 'connect', `no connection within ${CONNECT_TIMEOUT_MS} ms`);
      }
    }
    for (const waiting of this.#queue.takeExpired(nowMs)) {
      const { timeout } = waiting.phased.step.source;
      const { size } = this.#all;
      if (this.#lastOpenMs >= waiting.dueMs)
        this.#failUnsent(waiting, 'timeout', `waited ${timeout} ms for a connection: all ${size} were busy`, nowMs);
      else {
        const message = `no connection within ${timeout} ms: ${this.#opening} were being opened`;
        this.#failUnsent(waiting, 'connect', message, nowMs);
      }
    }
  };

  readonly dropQueued = (onLost?: (journey: Journey) => void): number => {
    return this.#queue.drop(onLost);
  };

  readonly close = (nowMs: number, failure: 'cancelled' | 'timeout'): void => {
    this.#closed = true;
    for (const connection of [...this.#all]) {
      if (connection.state === 'busy') connection.fail(failure, 'the run ended before the reply', nowMs);
      else connection.close();
    }
    this.#all.clear();
    this.#idle.length = 0;
  };

  readonly olderThan = (dueMs: number): number => {
    let count = 0;
    for (const connection of this.#all)
      if (connection.state === 'busy' && connection.exchange.dueMs < dueMs) count += 1;
    return count + (this.#queue.length > 0 && this.#queue.headDueMs < dueMs ? 1 : 0);
  };
}
