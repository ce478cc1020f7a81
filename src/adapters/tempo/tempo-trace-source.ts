// Traces from Grafana Tempo by its HTTP API: /api/v2/traces/{id} and TraceQL on /api/search.
import { err, ok, type Result } from '../../core/model/result.ts';
import type { SpanRecord } from '../../core/model/trace-set.ts';
import type { SourceError, TraceSource } from '../../ports/trace-source.ts';
import { excerpt } from '../shared/excerpt.ts';
import { gatherTraces } from '../shared/gather-traces.ts';
import { type Answer, ask } from '../shared/http/ask.ts';
import { type BackEnd, type BackEndOptions, backEnd } from '../shared/http/back-end.ts';
import { parseJsonExactly, readOtlpJson } from '../shared/otlp/read-json.ts';
import { isRecord } from '../shared/otlp/read-json-attributes.ts';
import { traceIdFrom, withLeadingZeros } from '../shared/otlp/span-ids.ts';
import { isFound } from '../shared/select-traces.ts';
import { within } from '../shared/within.ts';
import { searchQuery } from './search-query.ts';

/** `url` is Tempo's (usually port 3200), or a gateway's with its path prefix; multi-tenant installations want an X-Scope-OrgID header. */
export function tempoTraceSource(options: BackEndOptions): TraceSource {
  const tempo = backEnd('Tempo', options);
  return {
    name: tempo.name,
    capabilities: { byId: true, search: true },
    byIds: (ids, sourceOptions) =>
      within(tempo.name, sourceOptions, (signal) =>
        gatherTraces(ids, tempo.policy.concurrency, (id) => fetchTrace(tempo, id, signal)),
      ),
    search: (search, sourceOptions) =>
      within(tempo.name, sourceOptions, async (signal) => {
        const answer = await ask(tempo, { path: 'api/search', query: searchQuery(search) }, signal);
        if (!answer.ok) return answer;
        const ids = foundIds(answer.value);
        if (ids === undefined) return err(badReply(tempo, answer.value));
        return gatherTraces(ids.slice(0, search.limit), tempo.policy.concurrency, async (id) => {
          const trace = await fetchTrace(tempo, id, signal);
          // Tempo searches by whole seconds.
          return trace.ok && !isFound(trace.value, search) ? ok([]) : trace;
        });
      }),
    close: async () => undefined,
  };
}

async function fetchTrace(
  tempo: BackEnd,
  id: string,
  signal: AbortSignal,
): Promise<Result<readonly SpanRecord[], SourceError>> {
  const answer = await ask(tempo, { path: `api/v2/traces/${id}` }, signal);
  if (!answer.ok) return answer;
  const { status, text } = answer.value;
  // Tempo says "not found" with an empty or plain text body; a web page with 404 is somebody else.
  if (status === 404) return excerpt(text) === 'a web page' ? err(badReply(tempo, answer.value)) : ok([]);
  const body = status === 200 ? parseJsonExactly(text) : undefined;
  if (!body?.ok || !isRecord(body.value)) return err(badReply(tempo, answer.value));
  // { trace: { resourceSpans } }; before 2.x the list was called batches and stood at the top.
  const trace = isRecord(body.value['trace']) ? body.value['trace'] : body.value;
  const resourceSpans = trace['resourceSpans'] ?? trace['batches'] ?? (trace === body.value ? undefined : []);
  if (resourceSpans === undefined) return err(badReply(tempo, answer.value));
  const read = readOtlpJson({ resourceSpans });
  return read.ok ? ok(read.value.spans) : err(badReply(tempo, answer.value));
}

/** Ids come without their leading zeros. */
function foundIds({ status, text }: Answer): readonly string[] | undefined {
  const body = status === 200 ? parseJsonExactly(text) : undefined;
  if (!body?.ok || !isRecord(body.value)) return undefined;
  const traces = body.value['traces'] ?? [];
  if (!Array.isArray(traces)) return undefined;
  return traces.flatMap((trace) =>
    isRecord(trace) ? (traceIdFrom(withLeadingZeros(trace['traceID'], 32)) ?? []) : [],
  );
}

function badReply(tempo: BackEnd, answer: Answer): SourceError {
  const found = `${answer.status} with ${excerpt(answer.text)}`;
  return {
    kind: 'bad-reply',
    message: `${tempo.name}: not an answer of its API, found ${found}; is this the address of Tempo (port 3200)?`,
  };
}
