// Traces from a Jaeger (v1.5x and v2) by its stable query API, /api/v3: OTLP in JSON.
import { err, ok, type Result } from '../../core/model/result.ts';
import type { SpanRecord } from '../../core/model/trace-set.ts';
import { traceSet } from '../../core/model/trace-set-builder.ts';
import type { SourceError, TraceSearch, TraceSource } from '../../ports/trace-source.ts';
import { excerpt } from '../shared/excerpt.ts';
import { gatherTraces } from '../shared/gather-traces.ts';
import { type Answer, ask } from '../shared/http/ask.ts';
import { type BackEnd, type BackEndOptions, backEnd } from '../shared/http/back-end.ts';
import { within } from '../shared/within.ts';
import { readJaegerAnswer } from './read-jaeger-answer.ts';

/** `url` is the query service's, usually port 16686. Spans are asked for raw: Jaeger would shift clocks by itself. */
export function jaegerTraceSource(options: BackEndOptions): TraceSource {
  const jaeger = backEnd('Jaeger', options);
  return {
    name: jaeger.name,
    capabilities: { byId: true, search: true },
    byIds: (ids, sourceOptions) =>
      within(jaeger.name, sourceOptions, (signal) =>
        gatherTraces(ids, jaeger.policy.concurrency, (id) => fetchTrace(jaeger, id, signal)),
      ),
    search: (search, sourceOptions) =>
      within(jaeger.name, sourceOptions, async (signal) => {
        const found = await find(jaeger, search, signal);
        return found.ok ? ok(traceSet(found.value)) : found;
      }),
    close: async () => undefined,
  };
}

async function fetchTrace(
  jaeger: BackEnd,
  id: string,
  signal: AbortSignal,
): Promise<Result<readonly SpanRecord[], SourceError>> {
  const answer = await ask(
    jaeger,
    { path: `api/v3/traces/${id}`, query: new URLSearchParams({ raw_traces: 'true' }) },
    signal,
  );
  return answer.ok ? spansOf(jaeger, answer.value) : answer;
}

async function find(
  jaeger: BackEnd,
  search: TraceSearch,
  signal: AbortSignal,
): Promise<Result<readonly SpanRecord[], SourceError>> {
  const answer = await ask(jaeger, { path: 'api/v3/traces', query: queryOf(search) }, signal);
  if (!answer.ok) return answer;
  // Some storages (Cassandra, Badger) search within one service only.
  const needsService =
    search.service === undefined && answer.value.status !== 404 && /service/i.test(answer.value.text);
  if (answer.value.status >= 400 && needsService) return findInEveryService(jaeger, search, signal);
  return spansOf(jaeger, answer.value);
}

/** Most services that are searched one by one. */
const maxServices = 50;

async function findInEveryService(
  jaeger: BackEnd,
  search: TraceSearch,
  signal: AbortSignal,
): Promise<Result<readonly SpanRecord[], SourceError>> {
  const answer = await ask(jaeger, { path: 'api/v3/services' }, signal);
  if (!answer.ok) return answer;
  const services = servicesIn(answer.value.text);
  if (services === undefined) return err(badReply(jaeger, answer.value));
  const spans = new Map<string, SpanRecord[]>();
  for (const service of services.slice(0, maxServices)) {
    const found = await find(jaeger, { ...search, service }, signal);
    if (!found.ok) return found;
    for (const [id, trace] of Map.groupBy(found.value, (span) => span.traceId)) spans.set(id, trace);
    if (spans.size >= search.limit) break;
  }
  return ok([...spans.values()].slice(0, search.limit).flat());
}

function servicesIn(text: string): readonly string[] | undefined {
  try {
    const { services } = JSON.parse(text) as { services?: unknown };
    return Array.isArray(services) ? services.map(String) : undefined;
  } catch {
    return undefined;
  }
}

function queryOf(search: TraceSearch): URLSearchParams {
  const query = new URLSearchParams({
    'query.start_time_min': new Date(Math.floor(search.window.start)).toISOString(),
    'query.start_time_max': new Date(Math.ceil(search.window.end)).toISOString(),
    'query.num_traces': String(search.limit),
    'query.raw_traces': 'true',
  });
  if (search.service !== undefined) query.set('query.service_name', search.service);
  if (search.operation !== undefined) query.set('query.operation_name', search.operation);
  if (search.minDuration !== undefined) query.set('query.duration_min', `${search.minDuration}ms`);
  return query;
}

function spansOf(jaeger: BackEnd, answer: Answer): Result<readonly SpanRecord[], SourceError> {
  const read = readJaegerAnswer(answer);
  return read.ok ? read : err(badReply(jaeger, answer, read.error));
}

function badReply(jaeger: BackEnd, answer: Answer, why = 'not an answer of its query API'): SourceError {
  const found = `${answer.status} with ${excerpt(answer.text)}`;
  return {
    kind: 'bad-reply',
    message: `${jaeger.name}: ${why}, found ${found}; is this the address of jaeger-query (port 16686)?`,
  };
}
