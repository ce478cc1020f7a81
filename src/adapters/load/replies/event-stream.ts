// Times the pieces of a streamed answer: server-sent events, or the chunks of an OpenAI-compatible chat.

import type { Exchange } from '../requests/hot-path.ts';
import type { StreamTimes } from '../requests/stream-times.ts';
import { chatChunk } from './chat-chunk.ts';
import { SseDecoder } from './sse-decoder.ts';

const MOST_GAPS = 100_000;

export class EventStream {
  readonly #use: 'chat' | 'events';
  readonly #now: () => number;
  readonly #decoder: SseDecoder;
  #times: StreamTimes = emptyTimes();
  #pieces = 0;
  #isDone = false;
  #problem: string | undefined;
  #pieceMs = 0;

  constructor(use: 'chat' | 'events', now: () => number) {
    this.#use = use;
    this.#now = now;
    this.#decoder = new SseDecoder((data) => this.#event(data));
  }

  readonly reset = (): void => {
    this.#decoder.reset();
    this.#times = emptyTimes();
    this.#pieces = 0;
    this.#isDone = false;
    this.#problem = undefined;
  };

  readonly write = (bytes: Uint8Array, from: number, to: number): void => {
    // Events that arrive in one piece arrived at one time.
    this.#pieceMs = this.#now();
    this.#decoder.write(bytes, from, to);
  };

  #event(data: string): void {
    if (this.#use === 'events') {
      this.#content();
      return;
    }
    const chunk = chatChunk(data);
    if (chunk.kind === 'done') this.#isDone = true;
    else if (chunk.kind === 'error') this.#problem ??= chunk.message;
    else {
      if (chunk.outputTokens !== undefined) this.#times.outputTokens = chunk.outputTokens;
      if (chunk.inputTokens !== undefined) this.#times.inputTokens = chunk.inputTokens;
      if (chunk.hasContent) this.#content();
    }
  }

  #content(): void {
    const times = this.#times;
    if (times.firstTokenMs < 0) times.firstTokenMs = this.#pieceMs;
    else if (times.gapsMs.length < MOST_GAPS) times.gapsMs.push(this.#pieceMs - times.lastTokenMs);
    times.lastTokenMs = this.#pieceMs;
    this.#pieces += 1;
  }

  /** Without a count from the server each piece with content counts as one token. A refusal is no stream: its status is all there is to judge. */
  readonly settle = (exchange: Exchange): void => {
    if (isRefusal(exchange)) return;
    const times = this.#times;
    if (times.outputTokens < 0) times.outputTokens = this.#pieces;
    exchange.stream = times;
    const problem = this.#problem ?? this.#shortcoming();
    if (problem === undefined) return;
    exchange.failure = 'expectation';
    exchange.message = problem;
  };

  #shortcoming(): string | undefined {
    if (this.#pieces === 0) return this.#use === 'chat' ? 'the answer had no token' : 'the stream had no event';
    return this.#use === 'chat' && !this.#isDone ? 'the answer ended without [DONE]' : undefined;
  }
}

/** An error, or what the step says it expects instead of an answer. */
function isRefusal({ status, phased }: Exchange): boolean {
  return status >= 400 || (status >= 300 && phased.step.source.expect.status !== undefined);
}

function emptyTimes(): StreamTimes {
  return { firstTokenMs: -1, lastTokenMs: -1, gapsMs: [], outputTokens: -1, inputTokens: -1 };
}
