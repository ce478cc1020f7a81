// One JSON document with traces, in any of the shapes in which traces are written.
import { err, ok, type Result } from '../../core/model/result.ts';
import type { SpanRecord } from '../../core/model/trace-set.ts';
import { readOtlpJson } from '../shared/otlp/read-json.ts';
import { isRecord } from '../shared/otlp/read-json-attributes.ts';
import type { DecodeError, ReadSpans } from '../shared/otlp/read-result.ts';
import { isJaegerTrace, readJaegerJson } from './read-jaeger-json.ts';

/** OTLP, a Tempo or Jaeger query answer around OTLP, Jaeger's own, or a list of any of these. */
export function readDocument(value: unknown): Result<ReadSpans, DecodeError> {
  if (Array.isArray(value)) return joinReads(value.map(readDocument));
  if (!isRecord(value)) return unknownShape(`found ${value === null ? 'null' : typeof value}`);
  if (isJaegerTrace(value)) return ok(readJaegerJson([value]));
  if (Array.isArray(value['data'])) return joinReads(value['data'].map(readDocument));
  for (const wrapper of ['result', 'trace']) if (isRecord(value[wrapper])) return readDocument(value[wrapper]);
  if (value['batches'] !== undefined) return readOtlpJson({ resourceSpans: value['batches'] });
  const isOtlp = 'resourceSpans' in value || 'resource_spans' in value || Object.keys(value).length === 0;
  return isOtlp
    ? readOtlpJson(value)
    : unknownShape(`found an object with ${Object.keys(value).slice(0, 5).join(', ')}`);
}

/** All spans of several reads; the first that failed fails them all. */
export function joinReads(reads: readonly Result<ReadSpans, DecodeError>[]): Result<ReadSpans, DecodeError> {
  const spans: SpanRecord[] = [];
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

function unknownShape(found: string): Result<never, DecodeError> {
  return err({
    kind: 'malformed',
    message: `expected OTLP-JSON (resourceSpans) or Jaeger JSON (data, spans, processes), ${found}`,
  });
}
