// The general lane: undici for HTTP/2, HTTP proxies and unix sockets, behind the same sender interface as the fast lane.
import type { Dispatcher } from 'undici';
import type { FailureKind } from '../../../core/model/load.ts';
import { BodyTakers } from '../replies/body-taker.ts';
import { failureOf, messageOf } from '../replies/failure-of.ts';
import { createExchange } from '../requests/exchange.ts';
import type { Exchange, Journey, PhasedStep } from '../requests/hot-path.ts';
import { headerOf, requestHeaders } from '../requests/http1-request.ts';
import { traceparentPlaceholder } from '../requests/trace-ids.ts';
import { cookieFor, renderStep } from './render-http1.ts';
import { RequestQueue, type Waiting } from './request-queue.ts';
import type { Sender, SenderContext } from './sender.ts';

export interface GeneralLaneOptions {
  readonly dispatcher: Dispatcher;
  readonly origin: string;
  /** Host name of the target; TLS is for it, whatever Host header a step sends. */
  readonly host: string;
  /** Requests under way at once: connections, times the streams of each. */
  readonly maxConcurrent: number;
}

/** Ends an exchange on our own account. */
class Ended extends Error {
  readonly failure: FailureKind;
  constructor(failure: FailureKind, message: string) {
    super(message);
    this.failure = failure;
  }
}

interface Carrier {
  readonly exchange: Exchange;
  readonly takers: BodyTakers;
  /** Absent until undici has a connection, and a stream on it, for the request. */
  controller: Dispatcher.DispatchController | undefined;
  /** Set when the exchange ended before that. */
  expired: Ended | undefined;
}

export class GeneralLane implements Sender {
  readonly #context: SenderContext;
  readonly #options: GeneralLaneOptions;
  readonly #queue: RequestQueue;
  readonly #anyStep: PhasedStep;
  readonly #busy = new Set<Carrier>();
  readonly #free: Carrier[] = [];
  readonly #traceparent: Buffer;
  #opened = 0;
  #waits = 0;
  /** Requests that ended while they waited inside undici, which has no way to take them back. */
  #abandoned = 0;
  #closed = false;
  /** Ended requests whose journeys have not heard of it yet. */
  #pausing = 0;

  constructor(options: GeneralLaneOptions, context: SenderContext, anyStep: PhasedStep) {
    this.#options = options;
    this.#context = context;
    this.#anyStep = anyStep;
    this.#queue = new RequestQueue(context.maxQueued);
    this.#traceparent = Buffer.from(traceparentPlaceholder(context.traceIdPrefix), 'latin1');
    options.dispatcher.on('connect', () => {
      this.#opened += 1;
    });
  }

  readonly inFlight = (): number => this.#busy.size + this.#pausing;
  readonly queued = (): number => this.#queue.length;
  readonly isFull = (): boolean => this.#queue.isFull;
  readonly connectionsOpened = (): number => this.#opened;
  readonly connectionWaits = (): number => this.#waits;
  /** undici opens connections as it needs them; the warm-up's requests do that. */
  readonly prepare = (): void => undefined;

  readonly submit = (phased: PhasedStep, dueMs: number, journey: Journey | undefined, nowMs: number): void => {
    if (this.#hasRoom() && this.#queue.length === 0) {
      this.#send(phased, dueMs, journey, nowMs);
      return;
    }
    if (phased.recorder !== undefined) this.#waits += 1;
    this.#queue.push(phased, dueMs, journey);
  };

  #hasRoom(): boolean {
    return this.#busy.size + this.#abandoned < this.#options.maxConcurrent;
  }

  #send(phased: PhasedStep, dueMs: number, journey: Journey | undefined, nowMs: number): void {
    const carrier = this.#carrierFor(phased, dueMs, journey, nowMs);
    const { step, baggage } = phased;
    const rendered = phased.rendered ?? renderStep(phased, journey as Journey, dueMs, this.#context.startUnixMs);
    carrier.exchange.path = rendered.path;
    const headers = ['traceparent', this.#traceparent.toString('latin1')];
    for (const [name, value] of requestHeaders(rendered, {
      baggage,
      cookie: cookieFor(phased, journey, rendered.path, this.#context.startUnixMs + dueMs),
    })) {
      headers.push(name, value);
    }
    const ownHost = headerOf(rendered, 'host');
    if (ownHost !== undefined) headers.push('host', ownHost);
    const servername = this.#options.host;
    this.#options.dispatcher.dispatch(
      {
        // Undici knows it, its types do not.
        ...({ servername } as object),
        origin: this.#options.origin,
        path: rendered.path,
        method: step.source.method as Dispatcher.HttpMethod,
        headers,
        body: rendered.body ?? null,
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      this.#handlerOf(carrier),
    );
  }

  #carrierFor(phased: PhasedStep, dueMs: number, journey: Journey | undefined, nowMs: number): Carrier {
    const carrier = this.#free.pop() ?? {
      exchange: createExchange(this.#anyStep),
      takers: new BodyTakers(this.#context.now),
      controller: undefined,
      expired: undefined,
    };
    const { exchange } = carrier;
    carrier.controller = undefined;
    carrier.expired = undefined;
    exchange.phased = phased;
    exchange.journey = journey;
    exchange.dueMs = dueMs;
    exchange.sentMs = nowMs;
    exchange.firstByteMs = -1;
    exchange.status = 0;
    exchange.failure = undefined;
    exchange.bytesReceived = 0;
    exchange.headers = [];
    exchange.body = '';
    exchange.stream = undefined;
    exchange.sampled = this.#context.sampler.next(nowMs);
    exchange.hasIds = false;
    this.#context.ids.patch(this.#traceparent, 0, exchange.ids, exchange.sampled);
    this.#busy.add(carrier);
    return carrier;
  }

  #handlerOf(carrier: Carrier): Dispatcher.DispatchHandler {
    const { exchange } = carrier;
    const { step } = exchange.phased;
    const taker = carrier.takers.for(step.bodyUse);
    return {
      onRequestStart: (controller) => {
        if (carrier.expired !== undefined) {
          controller.abort(carrier.expired);
          return;
        }
        // Until now it waited for a connection or a free stream.
        if (carrier.controller === undefined) exchange.sentMs = this.#context.now();
        carrier.controller = controller;
        exchange.hasIds = true;
      },
      onResponseStart: (_, status, headers) => {
        // An interim reply; the real one follows.
        if (status < 200) return;
        exchange.status = status;
        if (exchange.firstByteMs < 0) exchange.firstByteMs = this.#context.now();
        if (step.keepsHeaders) exchange.headers = flatHeaders(headers);
      },
      onResponseData: (_, piece) => {
        exchange.bytesReceived += piece.length;
        taker?.write(piece, 0, piece.length);
      },
      onResponseEnd: () => {
        taker?.settle(exchange);
        this.#end(carrier);
      },
      onResponseError: (_, error) => {
        if (carrier.expired === undefined) {
          this.#failed(carrier, error);
          return;
        }
        this.#abandoned -= 1;
        this.#sendQueued(this.#context.now());
      },
    };
  }

  #failed(carrier: Carrier, error: Error): void {
    if (!this.#busy.has(carrier)) return;
    const { exchange } = carrier;
    exchange.status = 0;
    exchange.failure = error instanceof Ended ? error.failure : failureOf(error);
    exchange.message = messageOf(error);
    this.#end(carrier);
  }

  #end(carrier: Carrier): void {
    if (!this.#busy.delete(carrier)) return;
    const { exchange } = carrier;
    const { journey } = exchange;
    const endedMs = this.#context.now();
    exchange.endedMs = endedMs;
    const failed = exchange.failure !== undefined;
    this.#context.handler.completed(exchange);
    if (carrier.expired === undefined) this.#free.push(carrier);
    // A request may fail before the event loop turns once. The next is not sent on its stack: a target that fails everything must not stop the loop.
    if (!failed || this.#closed) {
      this.#goOn(journey, endedMs);
      return;
    }
    this.#pausing += 1;
    setImmediate(() => {
      this.#pausing -= 1;
      this.#goOn(journey, this.#context.now());
    });
  }

  #goOn(journey: Journey | undefined, nowMs: number): void {
    this.#sendQueued(nowMs);
    if (journey !== undefined) this.#context.handler.proceed(journey, nowMs);
  }

  #sendQueued(nowMs: number): void {
    if (this.#queue.length === 0 || !this.#hasRoom()) return;
    const { headPhased, headDueMs, headJourney } = this.#queue;
    this.#queue.shift();
    this.#send(headPhased, headDueMs, headJourney, nowMs);
  }

  readonly sweep = (nowMs: number): void => {
    for (const carrier of this.#busy) {
      const { dueMs, sentMs, phased } = carrier.exchange;
      const { timeout } = phased.step.source;
      if (carrier.controller === undefined) {
        if (nowMs - dueMs > timeout) this.#abort(carrier, 'timeout', `waited ${timeout} ms for a connection`);
      } else if (nowMs - sentMs > timeout) this.#abort(carrier, 'timeout', `no complete reply within ${timeout} ms`);
    }
    for (const waiting of this.#queue.takeExpired(nowMs)) this.#failUnsent(waiting, nowMs);
  };

  #abort(carrier: Carrier, failure: FailureKind, message: string): void {
    const reason = new Ended(failure, message);
    if (carrier.controller !== undefined) {
      carrier.controller.abort(reason);
      return;
    }
    carrier.expired = reason;
    carrier.exchange.failure = failure;
    carrier.exchange.message = message;
    this.#abandoned += 1;
    this.#end(carrier);
  }

  #failUnsent({ phased, dueMs, journey }: Waiting, nowMs: number): void {
    const exchange: Exchange = { ...createExchange(phased), dueMs, sentMs: nowMs, endedMs: nowMs, journey };
    exchange.failure = 'timeout';
    exchange.message = `waited ${phased.step.source.timeout} ms: ${this.#busy.size} requests were under way`;
    this.#context.handler.completed(exchange);
    if (journey !== undefined) this.#context.handler.proceed(journey, nowMs);
  }

  readonly dropQueued = (onLost?: (journey: Journey) => void): number => {
    return this.#queue.drop(onLost);
  };

  readonly close = (_nowMs: number, failure: 'cancelled' | 'timeout'): void => {
    this.#closed = true;
    for (const carrier of [...this.#busy]) {
      const reason = 'the run ended before the reply';
      this.#abort(carrier, failure, reason);
      // undici may tell later, or never.
      this.#failed(carrier, new Ended(failure, reason));
    }
    // Resolves later; the thread ends without it.
    void this.#options.dispatcher.destroy().catch(() => undefined);
  };

  readonly olderThan = (dueMs: number): number => {
    let count = 0;
    for (const { exchange } of this.#busy) if (exchange.dueMs < dueMs) count += 1;
    return count + (this.#queue.length > 0 && this.#queue.headDueMs < dueMs ? 1 : 0);
  };
}

function flatHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): readonly string[] {
  const flat: string[] = [];
  for (const [name, values] of Object.entries(headers)) {
    for (const value of Array.isArray(values) ? values : [values ?? '']) flat.push(name.toLowerCase(), value);
  }
  return flat;
}
