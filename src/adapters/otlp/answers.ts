// What OTLP answers to an export: success, partial success, or a google.rpc.Status, in the encoding of the request.
import { WireWriter } from '../shared/otlp/wire-writer.ts';

export type Encoding = 'protobuf' | 'json';

export const contentTypes: Readonly<Record<Encoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/** google.rpc.Code */
export const rpcCode = { ok: 0, invalidArgument: 3, resourceExhausted: 8, unimplemented: 12, unavailable: 14 } as const;

/** ExportTraceServiceResponse: empty when all was taken, else partial_success = 1 { rejected_spans = 1, error_message = 2 }. */
export function exportAnswer(encoding: Encoding, refused: number, message: string): Buffer {
  if (encoding === 'json') {
    // int64 is text in Protobuf's JSON.
    const answer = refused === 0 ? {} : { partialSuccess: { rejectedSpans: String(refused), errorMessage: message } };
    return Buffer.from(JSON.stringify(answer));
  }
  const writer = new WireWriter();
  if (refused > 0) {
    writer.message(1, () => {
      writer.tag(1, 0);
      writer.varint(refused);
      writer.text(2, message);
    });
  }
  return writer.bytes();
}

/** google.rpc.Status { code = 1, message = 2 }. */
export function statusAnswer(encoding: Encoding, code: number, message: string): Buffer {
  if (encoding === 'json') return Buffer.from(JSON.stringify({ code, message }));
  const writer = new WireWriter();
  writer.tag(1, 0);
  writer.varint(code);
  writer.text(2, message);
  return writer.bytes();
}
