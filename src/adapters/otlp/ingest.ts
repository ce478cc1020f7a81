// One export request into the store: all of it or, when it is malformed, nothing.
import { ok, type Result } from '../../core/model/result.ts';
import type { Attributes } from '../../core/model/trace-set.ts';
import { checkWireSpan } from '../shared/otlp/check-wire-span.ts';
import { readOtlpJson } from '../shared/otlp/read-json.ts';
import { readResource, walkProtobuf } from '../shared/otlp/read-protobuf.ts';
import type { DecodeError } from '../shared/otlp/read-result.ts';
import { WireWriter } from '../shared/otlp/wire-writer.ts';
import { writeAttributes, writeSpan } from '../shared/otlp/write-protobuf.ts';
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

/** OTLP/JSON. The store keeps one form only, so each span is written as Protobuf. */
export function ingestJson(store: SpanStore, text: string): Result<Ingested, DecodeError> {
  const read = readOtlpJson(text);
  if (!read.ok) return read;
  const tally = { taken: 0, refused: read.value.refused, message: read.value.firstRefusal ?? '' };
  const writer = new WireWriter(4096);
  // The reader gives all spans of a batch the same resource object.
  for (const [resource, spans] of Map.groupBy(read.value.spans, (span) => span.resource)) {
    const batch = openResource(store, writer, resource);
    for (const span of spans) {
      writer.reset();
      writeSpan(writer, span);
      const bytes = writer.written();
      count(tally, store.add(span.traceId, bytes, 0, bytes.length, batch));
    }
    store.closeResource(batch);
  }
  return ok(tally);
}

function openResource(store: SpanStore, writer: WireWriter, resource: Attributes): number {
  writer.reset();
  writeAttributes(writer, 1, resource);
  const bytes = writer.written();
  return store.openResource(bytes, 0, bytes.length);
}

interface Tally {
  taken: number;
  refused: number;
  message: string;
}

function count(tally: Tally, refusal: StoreRefusal | undefined): void {
  if (refusal === undefined) tally.taken += 1;
  else {
    tally.refused += 1;
    tally.message ||= refusalMessages[refusal];
  }
}

/** OTLP/Protobuf. */
export function ingestProtobuf(store: SpanStore, body: Buffer): Result<Ingested, DecodeError> {
  const checked = checkRequest(body);
  if (!checked.ok) return checked;
  const tally = { taken: 0, refused: checked.value.refused, message: checked.value.message };
  for (const batch of checked.value.batches) {
    if (batch.spans.length === 0) continue;
    const resource = store.openResource(body, batch.from, batch.to);
    for (const { traceId, from, to } of batch.spans) count(tally, store.add(traceId, body, from, to, resource));
    store.closeResource(resource);
  }
  return ok(tally);
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
