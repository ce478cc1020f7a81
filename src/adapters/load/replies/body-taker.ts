// What a lane does with the body of a reply: nothing, keep it, or time the pieces of a stream.

import type { BodyUse, Exchange } from '../requests/hot-path.ts';
import { BodyCollector } from './body-collector.ts';
import { EventStream } from './event-stream.ts';
import type { BodySink } from './response-parser.ts';

export interface BodyTaker extends BodySink {
  /** Before each reply. */
  readonly reset: () => void;
  /** Puts what it found into the exchange of a complete reply, and any objection. */
  readonly settle: (exchange: Exchange) => void;
}

/** The takers of one connection, made when first needed and used again. */
export class BodyTakers {
  readonly #now: () => number;
  readonly #made = new Map<BodyUse, BodyTaker>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The taker for a use, reset; undefined when the body is only counted. */
  for(use: BodyUse): BodyTaker | undefined {
    if (use === 'count') return undefined;
    let taker = this.#made.get(use);
    if (taker === undefined) {
      taker = use === 'keep' ? new BodyCollector() : new EventStream(use, this.#now);
      this.#made.set(use, taker);
    }
    taker.reset();
    return taker;
  }
}
