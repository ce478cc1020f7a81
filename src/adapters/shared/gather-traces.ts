// Asks a back end for many traces by id and lays out what came.
import { ok, type Result } from '../../core/model/result.ts';
import type { SpanRecord, TraceSet } from '../../core/model/trace-set.ts';
import { traceSetBuilder } from '../../core/model/trace-set-builder.ts';
import type { SourceError } from '../../ports/trace-source.ts';
import { mapBounded } from './map-bounded.ts';

/** Fetches each id once, `concurrency` at a time. The first error ends it: a set with holes that nobody knows of would look like missing traces. */
export async function gatherTraces(
  ids: readonly string[],
  concurrency: number,
  fetchTrace: (id: string) => Promise<Result<readonly SpanRecord[], SourceError>>,
): Promise<Result<TraceSet, SourceError>> {
  const builder = traceSetBuilder();
  let failed: SourceError | undefined;
  await mapBounded([...new Set(ids.map((id) => id.toLowerCase()))], concurrency, async (id) => {
    if (failed !== undefined) return;
    const trace = await fetchTrace(id);
    if (!trace.ok) failed ??= trace.error;
    else for (const span of trace.value) builder.add(span);
  });
  return failed === undefined ? ok(builder.build()) : { ok: false, error: failed };
}
