// Fresh trace and span ids, written straight into a pre-rendered request.
import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 32 * 1024;
const ID_BYTES = 16;
const DIGITS = Buffer.from('0123456789abcdef', 'latin1');
const HIGH_DIGIT = Uint8Array.from({ length: 256 }, (_, byte) => DIGITS[byte >> 4] as number);
const LOW_DIGIT = Uint8Array.from({ length: 256 }, (_, byte) => DIGITS[byte & 15] as number);
const FLAG_RANDOM = 0x32;
const FLAG_RANDOM_SAMPLED = 0x33;

/** What a template holds where `traceparent` goes; the ids behind the run's prefix are patched in for each request. */
export function traceparentPlaceholder(traceIdPrefix: string): string {
  return `00-${traceIdPrefix}0000000000000000-0000000000000000-02`;
}

/** Offset of the first patched digit inside the placeholder. */
const TRACE_TAIL = 3 + 16;
const SPAN_ID = 3 + 32 + 1;
const LAST_FLAG = SPAN_ID + 16 + 2;

/** A pool of random bytes: one call to the random source serves 2,048 requests (a call for each would cost more than the request). */
export class TraceIds {
  readonly #pool = Buffer.allocUnsafeSlow(POOL_BYTES);
  #at = POOL_BYTES;

  /**
   * Writes new ids and the flags (version 00, random-trace-id flag set, sampled flag as asked) into the placeholder at `offset` of `request`, and
   * keeps them in `ids`: 8 bytes of trace id behind the run's prefix, 8 bytes of span id.
   */
  patch(request: Uint8Array, offset: number, ids: Uint8Array, sampled: boolean): void {
    if (this.#at === POOL_BYTES) {
      randomFillSync(this.#pool);
      this.#at = 0;
    }
    const pool = this.#pool;
    let from = this.#at;
    let to = offset + TRACE_TAIL;
    for (let i = 0; i < 8; i += 1) {
      const byte = pool[from] as number;
      ids[i] = byte;
      request[to] = HIGH_DIGIT[byte] as number;
      request[to + 1] = LOW_DIGIT[byte] as number;
      from += 1;
      to += 2;
    }
    to = offset + SPAN_ID;
    for (let i = 8; i < ID_BYTES; i += 1) {
      const byte = pool[from] as number;
      ids[i] = byte;
      request[to] = HIGH_DIGIT[byte] as number;
      request[to + 1] = LOW_DIGIT[byte] as number;
      from += 1;
      to += 2;
    }
    request[offset + LAST_FLAG] = sampled ? FLAG_RANDOM_SAMPLED : FLAG_RANDOM;
    this.#at = from;
  }
}

/** The 16 hex digits behind the prefix of the trace id, from the bytes that `patch` kept. */
export function traceTail(ids: Uint8Array): string {
  return Buffer.from(ids.buffer, ids.byteOffset, 8).toString('hex');
}

/** The span id as 16 hex digits. */
export function spanIdOf(ids: Uint8Array): string {
  return Buffer.from(ids.buffer, ids.byteOffset + 8, 8).toString('hex');
}
