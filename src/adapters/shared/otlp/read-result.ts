// What the readers of OTLP bodies give back, whatever the encoding.
import type { SpanRecord } from '../../../core/model/trace-set.ts';

/** The spans of one body. A span without valid ids or start time is refused by itself; the others stand. */
export interface ReadSpans {
  readonly spans: readonly SpanRecord[];
  readonly refused: number;
  /** Why the first refused span was refused. */
  readonly firstRefusal?: string | undefined;
}

/** The body as a whole is not what it should be; `message` says what was wanted and found. */
export interface DecodeError {
  readonly kind: 'malformed';
  readonly message: string;
}

/** Deepest nesting of arrays and key-value lists that is followed inside one attribute value; what lies deeper becomes null. */
export const maxValueDepth = 32;

/** Largest start or end that fits the trace set's signed 64-bit column (the year 2262). */
export const maxUnixNanos: bigint = 2n ** 63n - 1n;
