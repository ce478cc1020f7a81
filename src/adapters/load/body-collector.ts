// Keeps a reply's body for captures and expectations, up to a bound.
import type { BodySink } from './response-parser.ts';

/** Largest body kept, in bytes; a larger one fails the request as `too-large`. */
export const MAX_BODY_BYTES: number = 4 * 1024 * 1024;

export class BodyCollector implements BodySink {
  overflowed = false;
  #pieces: Buffer[] = [];
  #length = 0;

  reset(): void {
    this.#pieces = [];
    this.#length = 0;
    this.overflowed = false;
  }

  readonly write = (bytes: Uint8Array, from: number, to: number): void => {
    this.#length += to - from;
    if (this.#length > MAX_BODY_BYTES) {
      this.overflowed = true;
      this.#pieces = [];
      return;
    }
    this.#pieces.push(Buffer.from(bytes.subarray(from, to)));
  };

  text(): string {
    return Buffer.concat(this.#pieces).toString('utf8');
  }
}
