// Exported traces from files: OTLP-JSON lines, OTLP-JSON, OTLP Protobuf and Jaeger JSON, plain, gzip or zstd; what a file holds is seen from its content.
import { err, ok, type Result } from '../../core/model/result.ts';
import type { TraceSet } from '../../core/model/trace-set.ts';
import { type TraceSetBuilder, traceSetBuilder } from '../../core/model/trace-set-builder.ts';
import { isRecord } from '../shared/otlp/read-json-attributes.ts';
import { readOtlpJson } from '../shared/otlp/read-json.ts';
import { readOtlpProtobuf } from '../shared/otlp/read-protobuf.ts';
import type { DecodeError, ReadSpans } from '../shared/otlp/read-result.ts';
import { type FileError, fileErrorOf, fileFault } from './file-error.ts';
import { jsonDocuments } from './json-documents.ts';
import { openContent } from './open-content.ts';
import { isJaegerTrace, readJaegerJson } from './read-jaeger-json.ts';

export interface TraceFileLimits {
  /** Spans of all files together. A span takes about 1 kB while it is read. */
  readonly maxSpans: number;
  /** One JSON document, or one Protobuf file, after inflation. */
  readonly maxDocumentBytes: number;
}

export const defaultTraceFileLimits: TraceFileLimits = { maxSpans: 5_000_000, maxDocumentBytes: 400 * 2 ** 20 };

/** What the files held. `refused` spans had no valid ids or start time; `firstRefusal` names the first, with its place. */
export interface TraceFileContent {
  readonly set: TraceSet;
  readonly refused: number;
  readonly firstRefusal?: string | undefined;
}

/** One set of all spans in all files; a trace may be spread over several. The first file that cannot be read ends it. */
export async function readTraceFiles(
  paths: readonly string[],
  limits: TraceFileLimits = defaultTraceFileLimits,
): Promise<Result<TraceFileContent, FileError>> {
  const reading: Reading = { builder: traceSetBuilder(), limits, refused: 0 };
  for (const path of paths) {
    try {
      await readInto(reading, path);
    } catch (thrown) {
      return err(fileErrorOf(thrown, path));
    }
  }
  return ok({ set: reading.builder.build(), refused: reading.refused, firstRefusal: reading.firstRefusal });
}

/** The traces of one file. */
export function readTraceFile(path: string, limits?: TraceFileLimits): Promise<Result<TraceFileContent, FileError>> {
  return readTraceFiles([path], limits);
}

interface Reading {
  readonly builder: TraceSetBuilder;
  readonly limits: TraceFileLimits;
  refused: number;
  firstRefusal?: string;
}

async function readInto(reading: Reading, path: string): Promise<void> {
  const pieces = openContent(path);
  const first = await pieces.next();
  if (first.done) return;
  const whole = prepend(first.value, pieces);
  if (!isJson(first.value))
    return take(reading, path, await readProtobufFile(path, whole, reading.limits.maxDocumentBytes));
  for await (const { line, value } of jsonDocuments(path, whole, reading.limits.maxDocumentBytes)) {
    take(reading, path, readDocument(value), line);
  }
}

async function* prepend(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

/** JSON starts with a brace or bracket after blanks; a Protobuf request with the tag of field 1, which is a line feed, then a length and another tag. */
function isJson(piece: Buffer): boolean {
  const text = piece.toString('latin1', 0, 256).replace(/^\u00ef\u00bb\u00bf/, '');
  return /^\s*[{[]\s*["{[\]}]/.test(text) || /^\s*[{[]\s*$/.test(text);
}

function take(reading: Reading, path: string, read: Result<ReadSpans, DecodeError>, line?: number): void {
  if (!read.ok) throw fileFault('malformed', path, read.error.message, line);
  const { spans, refused, firstRefusal } = read.value;
  for (const span of spans) reading.builder.add(span);
  reading.refused += refused;
  if (firstRefusal !== undefined)
    reading.firstRefusal ??= `${path}${line === undefined ? '' : `:${line}`}: ${firstRefusal}`;
  if (reading.builder.size() > reading.limits.maxSpans) {
    throw fileFault(
      'too-large',
      path,
      `more than ${reading.limits.maxSpans} spans; give fewer files or a shorter window`,
      line,
    );
  }
}

/** The shapes in which traces are written: OTLP, a Tempo or Jaeger query answer around OTLP, Jaeger's own, or a list of any of these. */
function readDocument(value: unknown): Result<ReadSpans, DecodeError> {
  if (Array.isArray(value)) return joined(value.map(readDocument));
  if (!isRecord(value)) return unknownShape(`found ${value === null ? 'null' : typeof value}`);
  if (isJaegerTrace(value)) return ok(readJaegerJson([value]));
  if (Array.isArray(value['data'])) return joined(value['data'].map(readDocument));
  for (const wrapper of ['result', 'trace']) if (isRecord(value[wrapper])) return readDocument(value[wrapper]);
  if (value['batches'] !== undefined) return readOtlpJson({ resourceSpans: value['batches'] });
  if ('resourceSpans' in value || 'resource_spans' in value || Object.keys(value).length === 0)
    return readOtlpJson(value);
  return unknownShape(`found an object with ${Object.keys(value).slice(0, 5).join(', ')}`);
}

function unknownShape(found: string): Result<never, DecodeError> {
  return err({
    kind: 'malformed',
    message: `expected OTLP-JSON (resourceSpans) or Jaeger JSON (data, spans, processes), ${found}`,
  });
}

function joined(reads: readonly Result<ReadSpans, DecodeError>[]): Result<ReadSpans, DecodeError> {
  const spans: ReadSpans['spans'][number][] = [];
  let refused = 0;
  let firstRefusal: string | undefined;
  for (const read of reads) {
    if (!read.ok) return read;
    for (const span of read.value.spans) spans.push(span);
    refused += read.value.refused;
    firstRefusal ??= read.value.firstRefusal;
  }
  return ok({ spans, refused, firstRefusal });
}

/** Every writer of OTLP Protobuf begins a request with field 1, resource_spans. */
const firstTag = 0x0a;

async function readProtobufFile(
  path: string,
  pieces: AsyncIterable<Buffer>,
  maxBytes: number,
): Promise<Result<ReadSpans, DecodeError>> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const piece of pieces) {
    parts.push(piece);
    length += piece.length;
    if (length > maxBytes)
      throw fileFault('too-large', path, `a Protobuf file above ${Math.floor(maxBytes / 2 ** 20)} MiB; split it`);
  }
  const bytes = Buffer.concat(parts);
  const messages = lengthPrefixed(bytes) ?? (bytes[0] === firstTag ? [bytes] : []);
  const read = joined(messages.map(readOtlpProtobuf));
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
