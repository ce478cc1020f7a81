// A file of OTLP Protobuf: one request, or many behind their lengths.
import { err, type Result } from '../../core/model/result.ts';
import { readOtlpProtobuf } from '../shared/otlp/read-protobuf.ts';
import type { DecodeError, ReadSpans } from '../shared/otlp/read-result.ts';
import { fileFault } from './file-error.ts';
import { joinReads } from './read-document.ts';

/** Every writer of OTLP Protobuf begins a request with field 1, resource_spans. */
const firstTag = 0x0a;

/** Reads all of it at once; throws a fault when it is larger than `maxBytes`. */
export async function readProtobufFile(
  path: string,
  pieces: AsyncIterable<Buffer>,
  maxBytes: number,
): Promise<Result<ReadSpans, DecodeError>> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const piece of pieces) {
    parts.push(piece);
    length += piece.length;
    if (length > maxBytes) {
      throw fileFault('too-large', path, `a Protobuf file above ${Math.floor(maxBytes / 2 ** 20)} MiB; split it`);
    }
  }
  const bytes = Buffer.concat(parts);
  const messages = lengthPrefixed(bytes) ?? (bytes[0] === firstTag ? [bytes] : []);
  const read = joinReads(messages.map(readOtlpProtobuf));
  if (read.ok && messages.length > 0) return read;
  const why = read.ok ? 'it does not begin with resource_spans' : read.error.message;
  return err({ kind: 'malformed', message: `neither JSON nor OTLP Protobuf: ${why}` });
}

/** The Collector's file exporter writes each request behind its length in 4 bytes, big-endian; undefined when the lengths do not fit the file. */
function lengthPrefixed(bytes: Buffer): readonly Buffer[] | undefined {
  const messages: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) return undefined;
    const length = bytes.readUInt32BE(at);
    if (length > bytes.length - at - 4) return undefined;
    messages.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return messages;
}
