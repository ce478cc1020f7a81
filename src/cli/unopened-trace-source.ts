// Stands for a trace source that could not be opened: the run goes on, what needs traces is told why there are none.
import { err } from '../core/model/result.ts';
import type { SourceError, TraceSource } from '../ports/trace-source.ts';

/** Answers every call with the error of the opening, as a back end that is down would. */
export function unopenedTraceSource(name: string, error: SourceError): TraceSource {
  return {
    name,
    capabilities: { byId: true, search: true },
    byIds: async () => err(error),
    search: async () => err(error),
    close: async () => undefined,
  };
}
