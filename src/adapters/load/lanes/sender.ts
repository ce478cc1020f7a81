// What both lanes look like to the generator: they send requests over a bounded number of connections to one origin.
import type { Exchange, Journey, PhasedStep } from '../requests/hot-path.ts';
import type { Sampler } from '../requests/sampler.ts';
import type { TraceIds } from '../requests/trace-ids.ts';

export interface Sender {
  /** Sends now, or when a connection is free; the intended time stays. Never refuses: the caller asks `isFull` first where it may drop. */
  readonly submit: (phased: PhasedStep, dueMs: number, journey: Journey | undefined, nowMs: number) => void;
  /** Opens connections ahead of need, up to `count` in all. */
  readonly prepare: (count: number) => void;
  /** Ends what exceeded its time-out. To be called every few tens of milliseconds. */
  readonly sweep: (nowMs: number) => void;
  /** Empties the queue without sending; returns how many requests that were to be counted (not warm-up) are lost with it, later steps of journeys included. `onLost` is told of each journey. */
  readonly dropQueued: (onLost?: (journey: Journey) => void) => number;
  /** Ends every exchange under way with this failure and closes all connections. */
  readonly close: (nowMs: number, failure: 'cancelled' | 'timeout') => void;
  readonly inFlight: () => number;
  readonly queued: () => number;
  readonly isFull: () => boolean;
  readonly connectionsOpened: () => number;
  /** Counted requests that had to wait because every connection (or stream) that may be open was in use. */
  readonly connectionWaits: () => number;
  /** Requests under way or waiting whose intended start is earlier than `dueMs`. */
  readonly olderThan: (dueMs: number) => number;
}

/** Called by a sender for each ended exchange: `completed` first (the exchange is only valid during the call), then, with its connection free again, `proceed`. */
export interface ExchangeHandler {
  readonly completed: (exchange: Exchange) => void;
  readonly proceed: (journey: Journey, nowMs: number) => void;
}

export interface SenderContext {
  readonly handler: ExchangeHandler;
  readonly ids: TraceIds;
  readonly sampler: Sampler;
  readonly traceIdPrefix: string;
  /** Milliseconds on the run's clock. */
  readonly now: () => number;
  /** Wall clock of the run's start, for `${now}` and cookies. */
  readonly startUnixMs: number;
  readonly maxConnections: number;
  readonly maxQueued: number;
}
