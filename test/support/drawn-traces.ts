// Traces for tests, written as rows a reader can check by eye.
import {
  type Attributes,
  type SpanRecord,
  spanKind,
  spanStatus,
  type TraceSet,
} from '../../src/core/model/trace-set.ts';
import { traceSet } from '../../src/core/model/trace-set-builder.ts';
import { testEpochNanos } from './span-records.ts';

export interface DrawnSpan {
  /** Unique within its trace; up to 16 hex digits are kept as they are. */
  readonly id: string;
  readonly parent?: string;
  readonly service?: string;
  readonly name?: string;
  readonly kind?: keyof typeof spanKind;
  readonly failed?: boolean;
  /** Milliseconds from the trace's start. */
  readonly at: readonly [number, number];
  readonly attributes?: Attributes;
  /** Process of the service; spans of two are two processes. */
  readonly instance?: string;
}

/** Records of one trace. `number` tells traces apart and starts them a second after one another. */
export function drawnTrace(number: number, spans: readonly DrawnSpan[]): readonly SpanRecord[] {
  return spans.map((span) => ({
    traceId: (number + 1).toString(16).padStart(32, '0'),
    spanId: paddedId(span.id),
    parentSpanId: span.parent === undefined ? undefined : paddedId(span.parent),
    name: span.name ?? span.id,
    kind: spanKind[span.kind ?? 'internal'],
    status: span.failed === true ? spanStatus.error : spanStatus.unset,
    startUnixNanos: testEpochNanos + BigInt(number) * 1_000_000_000n + BigInt(Math.round(span.at[0] * 1e6)),
    endUnixNanos: testEpochNanos + BigInt(number) * 1_000_000_000n + BigInt(Math.round(span.at[1] * 1e6)),
    resource: { 'service.name': span.service ?? 'shop', 'service.instance.id': span.instance ?? 'one' },
    attributes: span.attributes ?? {},
  }));
}

const paddedId = (id: string): string => (/^[0-9a-f]{1,16}$/.test(id) ? id.padStart(16, '0') : id);

/** A set of drawn traces. */
export function drawnSet(...traces: readonly (readonly DrawnSpan[])[]): TraceSet {
  return traceSet(traces.flatMap((spans, number) => drawnTrace(number, spans)));
}

/** Index of the span with this name in a set; the first of several. */
export function spanNamed(set: TraceSet, name: string): number {
  const at = set.name.findIndex((text) => set.strings[text] === name);
  if (at < 0) throw new Error(`no span is named ${name}`);
  return at;
}
