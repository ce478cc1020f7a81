// Exported traces from files: OTLP-JSON lines, OTLP-JSON, OTLP Protobuf and Jaeger JSON, plain, gzip or zstd; what a file holds is seen from its content.
import { err, ok, type Result } from '../../core/model/result.ts';
import type { SpanRecord, TraceSet } from '../../core/model/trace-set.ts';
import { traceSet } from '../../core/model/trace-set-builder.ts';
import type { DecodeError, ReadSpans } from '../shared/otlp/read-result.ts';
import { type FileError, fileErrorOf, fileFault } from './file-error.ts';
import { jsonDocuments } from './json-documents.ts';
import { openContent } from './open-content.ts';
import { readDocument } from './read-document.ts';
import { readProtobufFile } from './read-protobuf-file.ts';

export interface TraceFileLimits {
  /** Spans of all files together. A span takes about 1 kB while it is read. */
  readonly maxSpans: number;
  /** One JSON document, or one Protobuf file, after inflation. V8 holds no text above 512 MB. */
  readonly maxDocumentBytes: number;
}

export const defaultTraceFileLimits: TraceFileLimits = { maxSpans: 5_000_000, maxDocumentBytes: 400 * 2 ** 20 };

/** `refused` spans had no valid ids or start time; `firstRefusal` names the first, with its place. */
interface Refusals {
  readonly refused: number;
  readonly firstRefusal?: string | undefined;
}

export interface FileTraces extends TraceSet, Refusals {}

export interface FileSpans extends Refusals {
  readonly spans: readonly SpanRecord[];
}

/** One set of all spans in all files; a trace may be spread over several. The first file that cannot be read ends it. */
export async function readTraceFiles(
  paths: readonly string[],
  limits: TraceFileLimits = defaultTraceFileLimits,
): Promise<Result<FileTraces, FileError>> {
  const read = await readSpanFiles(paths, limits);
  if (!read.ok) return read;
  const { spans, ...refusals } = read.value;
  return ok({ ...traceSet(spans), ...refusals });
}

/** The same as records, in the order of the files. */
export async function readSpanFiles(
  paths: readonly string[],
  limits: TraceFileLimits = defaultTraceFileLimits,
): Promise<Result<FileSpans, FileError>> {
  const reading: Reading = { spans: [], limits, refused: 0, firstRefusal: undefined };
  for (const path of paths) {
    try {
      await readInto(reading, path);
    } catch (thrown) {
      return err(fileErrorOf(thrown, path));
    }
  }
  const { spans, refused, firstRefusal } = reading;
  return ok({ spans, refused, firstRefusal });
}

interface Reading {
  readonly spans: SpanRecord[];
  readonly limits: TraceFileLimits;
  refused: number;
  firstRefusal: string | undefined;
}

async function readInto(reading: Reading, path: string): Promise<void> {
  const pieces = openContent(path);
  const first = await pieces.next();
  if (first.done) return;
  const whole = prepend(first.value, pieces);
  const { maxDocumentBytes } = reading.limits;
  if (!isJson(first.value)) return take(reading, path, await readProtobufFile(path, whole, maxDocumentBytes));
  for await (const { line, value } of jsonDocuments(path, whole, maxDocumentBytes)) {
    take(reading, path, readDocument(value), line);
  }
}

async function* prepend(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

/** JSON starts with a brace or bracket after blanks (blanks alone are JSON without documents); Protobuf with a line feed (the tag of field 1), then a length that is no brace but by chance, then another tag. */
function isJson(piece: Buffer): boolean {
  const text = piece.toString('latin1', 0, 256).replace(/^\u00ef\u00bb\u00bf/, '');
  return /^\s*([{[]\s*(["{[\]}]|$)|$)/.test(text);
}

function take(reading: Reading, path: string, read: Result<ReadSpans, DecodeError>, line?: number): void {
  if (!read.ok) throw fileFault('malformed', path, read.error.message, line);
  const { spans, refused, firstRefusal } = read.value;
  for (const span of spans) reading.spans.push(span);
  reading.refused += refused;
  if (firstRefusal !== undefined)
    reading.firstRefusal ??= `${line === undefined ? path : `${path}:${line}`}: ${firstRefusal}`;
  if (reading.spans.length > reading.limits.maxSpans) {
    throw fileFault(
      'too-large',
      path,
      `more than ${reading.limits.maxSpans} spans; give fewer files or a shorter window`,
      line,
    );
  }
}
