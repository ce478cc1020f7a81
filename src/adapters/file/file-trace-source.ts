// Traces from files as a source: read once, at the first question.
import { err, ok, type Result } from '../../core/model/result.ts';
import type { SpanRecord, TraceSet } from '../../core/model/trace-set.ts';
import { traceSet } from '../../core/model/trace-set-builder.ts';
import type { SourceError, TraceSource } from '../../ports/trace-source.ts';
import { isFound } from '../shared/select-traces.ts';
import { within } from '../shared/within.ts';
import type { FileError } from './file-error.ts';
import { defaultTraceFileLimits, readSpanFiles, type TraceFileLimits } from './read-trace-files.ts';

export interface FileTraceSourceOptions {
  readonly paths: readonly string[];
  readonly limits?: TraceFileLimits;
}

/** `byIds` and `search` over what the files hold. A file that cannot be read makes every answer `unreachable` (not there) or `bad-reply` (not traces). */
export function fileTraceSource({ paths, limits = defaultTraceFileLimits }: FileTraceSourceOptions): TraceSource {
  const name = paths.length === 1 ? `file ${paths[0]}` : `${paths.length} trace files`;
  let reading: Promise<Result<Held, SourceError>> | undefined;
  const held = (): Promise<Result<Held, SourceError>> => {
    reading ??= hold(paths, limits);
    return reading;
  };
  return {
    name,
    capabilities: { byId: true, search: true },
    byIds: (ids, options) =>
      within(name, options, async () => {
        const all = await held();
        return all.ok ? ok(setOf([...new Set(ids)].map((id) => all.value.get(id.toLowerCase()) ?? []))) : all;
      }),
    search: (search, options) =>
      within(name, options, async () => {
        const all = await held();
        if (!all.ok) return all;
        const found = [...all.value.values()].filter((spans) => isFound(spans, search)).sort(newestFirst);
        return ok(setOf(found.slice(0, search.limit)));
      }),
    close: async () => undefined,
  };
}

type Held = ReadonlyMap<string, readonly SpanRecord[]>;

async function hold(paths: readonly string[], limits: TraceFileLimits): Promise<Result<Held, SourceError>> {
  const read = await readSpanFiles(paths, limits);
  return read.ok ? ok(Map.groupBy(read.value.spans, (span) => span.traceId)) : err(sourceErrorOf(read.error));
}

function sourceErrorOf(error: FileError): SourceError {
  return { kind: error.kind === 'malformed' ? 'bad-reply' : 'unreachable', message: error.message, cause: error };
}

function setOf(traces: readonly (readonly SpanRecord[])[]): TraceSet {
  return traceSet(traces.flat());
}

function newestFirst(a: readonly SpanRecord[], b: readonly SpanRecord[]): number {
  return latestStart(b) - latestStart(a);
}

/** A rounded number is good enough to sort by. */
function latestStart(spans: readonly SpanRecord[]): number {
  return spans.reduce((latest, span) => Math.max(latest, Number(span.startUnixNanos)), 0);
}
