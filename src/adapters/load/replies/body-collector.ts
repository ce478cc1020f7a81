// Keeps a reply's body for captures and expectations, up to a bound.
import type { Exchange } from '../requests/hot-path.ts';

/** Largest body kept, in bytes; a larger one fails the request as `too-large`. */
const MAX_BODY_BYTES: number = 4 * 1024 * 1024;

export class BodyCollector {
  #pieces: Buffer[] = [];
  #length = 0;

  readonly reset = (): void => {
    this.#pieces = [];
    this.#length = 0;
  };

  readonly write = (bytes: Uint8Array, from: number, to: number): void => {
    this.#length += to - from;
    if (this.#length > MAX_BODY_BYTES) this.#pieces = [];
    else this.#pieces.push(Buffer.from(bytes.subarray(from, to)));
  };

  readonly settle = (exchange: Exchange): void => {
    if (this.#length > MAX_BODY_BYTES) {
      exchange.failure = 'too-large';
      exchange.message = `the body has ${this.#length} bytes, more than the ${MAX_BODY_BYTES} kept for captures and expectations`;
    } else exchange.body = Buffer.concat(this.#pieces).toString('utf8');
    this.reset();
  };
}
