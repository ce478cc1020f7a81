// A trace source without any back end: what tests store is what it knows.
import { err, ok } from '../../../src/core/model/result.ts';
import type { SpanRecord } from '../../../src/core/model/trace-set.ts';
import { traceSet } from '../../../src/core/model/trace-set-builder.ts';
import type { SourceError, TraceSource } from '../../../src/ports/trace-source.ts';

export interface InMemoryTraceSource extends TraceSource {
  readonly store: (spans: readonly SpanRecord[]) => void;
  /** Every call fails so from now on; undefined: they succeed again. */
  readonly failWith: (error: SourceError | undefined) => void;
}

export function inMemoryTraceSource(): InMemoryTraceSource {
  const held: SpanRecord[] = [];
  let failure: SourceError | undefined;
  const stopped: SourceError = { kind: 'timeout', message: 'in-memory traces: stopped before they answered' };
  return {
    name: 'in-memory traces',
    capabilities: { byId: true, search: true },
    async byIds(ids, { signal }) {
      if (signal.aborted || failure !== undefined) return err(failure ?? stopped);
      const wanted = new Set(ids.map((id) => id.toLowerCase()));
      return ok(traceSet(held.filter((span) => wanted.has(span.traceId))));
    },
    async search({ window, service, operation, minDuration = 0, limit }, { signal }) {
      if (signal.aborted || failure !== undefined) return err(failure ?? stopped);
      const startMs = (span: SpanRecord): number => Number(span.startUnixNanos) / 1e6;
      const found = held.filter(
        (span) =>
          (service === undefined || span.resource['service.name'] === service) &&
          (operation === undefined || span.name === operation) &&
          Number(span.endUnixNanos - span.startUnixNanos) / 1e6 >= minDuration &&
          startMs(span) >= window.start &&
          startMs(span) <= window.end,
      );
      const newestFirst = found.toSorted((a, b) => startMs(b) - startMs(a));
      const ids = new Set([...new Set(newestFirst.map((span) => span.traceId))].slice(0, limit));
      return ok(traceSet(held.filter((span) => ids.has(span.traceId))));
    },
    close: async () => undefined,
    store: (spans) => {
      for (const span of spans) held.push(span);
    },
    failWith: (error) => {
      failure = error;
    },
  };
}
