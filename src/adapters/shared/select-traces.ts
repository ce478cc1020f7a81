// Picks traces out of records at hand, as a back end's search would.
import type { SpanRecord } from '../../core/model/trace-set.ts';
import type { TraceSearch } from '../../ports/trace-source.ts';

/** Whether one span of the trace meets all of it at once: service, operation, least duration, start within the window (ends included). */
export function isFound(spans: readonly SpanRecord[], search: TraceSearch): boolean {
  const from = BigInt(Math.floor(search.window.start)) * 1_000_000n;
  const to = BigInt(Math.ceil(search.window.end)) * 1_000_000n;
  return spans.some(
    (span) =>
      (search.service === undefined || span.resource['service.name'] === search.service) &&
      (search.operation === undefined || span.name === search.operation) &&
      (search.minDuration === undefined ||
        Number(span.endUnixNanos - span.startUnixNanos) / 1e6 >= search.minDuration) &&
      span.startUnixNanos >= from &&
      span.startUnixNanos <= to,
  );
}
