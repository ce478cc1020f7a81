// A trace search as Tempo's query parameters, in TraceQL.
import type { TraceSearch } from '../../ports/trace-source.ts';

/** `{ resource.service.name = "checkout" && name = "POST /pay" && duration >= 250ms }`: all conditions hold for one span. Tempo takes whole seconds. */
export function searchQuery(search: TraceSearch): URLSearchParams {
  const conditions = [
    search.service === undefined ? undefined : `resource.service.name = ${quoted(search.service)}`,
    search.operation === undefined ? undefined : `name = ${quoted(search.operation)}`,
    search.minDuration === undefined ? undefined : `duration >= ${Math.round(search.minDuration * 1000)}us`,
  ].filter((condition) => condition !== undefined);
  return new URLSearchParams({
    q: conditions.length === 0 ? '{}' : `{ ${conditions.join(' && ')} }`,
    start: String(Math.floor(search.window.start / 1000)),
    end: String(Math.ceil(search.window.end / 1000)),
    limit: String(search.limit),
  });
}

/** TraceQL's strings escape like Go's. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}
