// Many traces as columns: the spans of one trace stand side by side, text is kept once, parents are indexes.
import type { Nanos } from './units.ts';

export type AttributeValue = string | number | boolean;
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** OTLP's numbers: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
export const spanKind = { unspecified: 0, internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;
/** OTLP's numbers. */
export const spanStatus = { unset: 0, ok: 1, error: 2 } as const;

/** `parent[i]` of a span that names no parent. */
export const rootParent = -1;
/** `parent[i]` of a span whose parent was named but is not in the set: an orphan root. */
export const missingParent = -2;

/** A link to another span, by ids in lower-case hex. */
export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
}

/**
 * Columns over all spans of all traces. Spans of trace t are the indexes firstSpan[t] .. firstSpan[t + 1] - 1, ordered by start, ties by span id,
 * so that the order of arrival never shows. Nobody writes to a finished set.
 */
export interface TraceSet {
  /** Dictionary for every text column; index 0 is the empty text. */
  readonly strings: readonly string[];
  /** Per trace: 32 lower-case hex digits. */
  readonly traceIds: readonly string[];
  /** Per trace: epoch nanoseconds of its earliest span start. */
  readonly startUnixNanos: BigInt64Array;
  /** Per trace, one longer than the number of traces. */
  readonly firstSpan: Uint32Array;
  /** Per span: upper and lower half of the span id. */
  readonly spanIdHigh: Uint32Array;
  readonly spanIdLow: Uint32Array;
  /** Per span: index of the parent span in this set, or rootParent, or missingParent. */
  readonly parent: Int32Array;
  /** Per span: nanoseconds from the trace's start (Nanos); end >= start always holds. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Per span: dictionary indexes of service.name (of the resource) and of the span's name. */
  readonly service: Uint32Array;
  readonly name: Uint32Array;
  readonly kind: Uint8Array;
  readonly status: Uint8Array;
  /** Per span: index into `resources`. */
  readonly resource: Uint32Array;
  readonly resources: readonly Attributes[];
  /** Attributes of span i are entries attributeFirst[i] .. attributeFirst[i + 1] - 1; keys and values are dictionary indexes. */
  readonly attributeFirst: Uint32Array;
  readonly attributeKey: Uint32Array;
  readonly attributeValue: Uint32Array;
  /** Dictionary of attribute values, kept with their type. An `exception` event adds exception.type and exception.message to its span. */
  readonly values: readonly AttributeValue[];
  /** Span index -> the id its parent was named by, for the spans whose parent is missing. */
  readonly missingParents: ReadonlyMap<number, string>;
  /** Span index -> links, only for the spans that have some. */
  readonly links: ReadonlyMap<number, readonly SpanLink[]>;
  /** Spans left out because another one of their trace has their id. */
  readonly repeated: number;
}

/** One span on its way into a set, as readers of any wire format deliver it. */
export interface SpanRecord {
  readonly traceId: string;
  readonly spanId: string;
  /** Absent or empty: a root. */
  readonly parentSpanId?: string | undefined;
  readonly name: string;
  readonly kind: number;
  readonly status: number;
  readonly startUnixNanos: bigint;
  readonly endUnixNanos: bigint;
  /** Shared by all spans of one batch; compared by identity. */
  readonly resource: Attributes;
  readonly attributes: Attributes;
  readonly links?: readonly SpanLink[] | undefined;
}

/** One span looked at by itself: for reports, tests and people; not for loops over a million spans. */
export interface Span {
  readonly index: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parent: number;
  readonly service: string;
  readonly name: string;
  readonly kind: number;
  readonly status: number;
  readonly start: Nanos;
  readonly end: Nanos;
  readonly attributes: Attributes;
  readonly resource: Attributes;
}
