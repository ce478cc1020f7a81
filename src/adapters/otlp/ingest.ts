// One export request into the store: all of it or, when it is malformed, nothing.
import { ok, type Result } from '../../core/model/result.ts';
import { checkWireSpan } from '../shared/otlp/check-wire-span.ts';
import { readOtlpJson } from '../shared/otlp/read-json.ts';
import { readResource, walkProtobuf } from '../shared/otlp/read-protobuf.ts';
import type { DecodeError } from '../shared/otlp/read-result.ts';
import { writeOtlpProtobuf } from '../shared/otlp/write-protobuf.ts';
import type { SpanStore, StoreRefusal } from './span-store.ts';

/** What became of a request's spans. `message` says why the first refused one was refused; empty when none was. */
export interface Ingested {
  readonly taken: number;
  readonly refused: number;
  readonly message: string;
}

const refusalMessages: Readonly<Record<StoreRefusal, string>> = {
  memory: 'the receiver is full of traces of its own run',
  'trace-too-large': 'the trace has more spans than the receiver keeps of one',
};

/** OTLP/JSON. The store keeps one form only, so the spans are written as Protobuf first. */
export function ingestJson(store: SpanStore, text: string): Result<Ingested, DecodeError> {
  const read = readOtlpJson(text);
  if (!read.ok) return read;
  const { spans, refused, firstRefusal } = read.value;
  const ingested = ingestProtobuf(store, writeOtlpProtobuf(spans));
  if (!ingested.ok) return ingested;
  return ok({
    taken: ingested.value.taken,
    refused: ingested.value.refused + refused,
    message: firstRefusal ?? ingested.value.message,
  });
}

/** OTLP/Protobuf. */
export function ingestProtobuf(store: SpanStore, body: Buffer): Result<Ingested, DecodeError> {
  const checked = checkRequest(body);
  if (!checked.ok) return checked;
  let { refused, message } = checked.value;
  let taken = 0;
  for (const batch of checked.value.batches) {
    if (batch.spans.length === 0) continue;
    const resource = store.openResource(body, batch.from, batch.to);
    for (const span of batch.spans) {
      const refusal = store.add(span.traceId, body, span.from, span.to, resource);
      if (refusal === undefined) taken += 1;
      else {
        refused += 1;
        message ||= refusalMessages[refusal];
      }
    }
    store.closeResource(resource);
  }
  return ok({ taken, refused, message });
}

interface CheckedSpan {
  readonly traceId: string;
  readonly from: number;
  readonly to: number;
}

/** `from` to `to`: the batch's Resource message. */
interface Batch {
  readonly from: number;
  readonly to: number;
  readonly spans: CheckedSpan[];
}

interface CheckedRequest {
  readonly batches: readonly Batch[];
  readonly refused: number;
  readonly message: string;
}

function checkRequest(body: Buffer): Result<CheckedRequest, DecodeError> {
  const batches: Batch[] = [];
  let refused = 0;
  let message = '';
  const walked = walkProtobuf(body, {
    resource(wire, to) {
      const from = wire.at;
      readResource(wire, to);
      batches.push({ from, to, spans: [] });
    },
    span(wire, to) {
      const from = wire.at;
      const checked = checkWireSpan(wire, to);
      if (typeof checked !== 'string') batches.at(-1)?.spans.push({ traceId: checked.traceId, from, to });
      else {
        refused += 1;
        message ||= checked;
      }
    },
  });
  return walked.ok ? ok({ batches, refused, message }) : walked;
}
