// The client's side of each selected request as spans, so that a trace has its root whatever the back end kept.
import type { Sample } from '../core/model/load.ts';
import { spanKind, spanStatus, type TraceSet } from '../core/model/trace-set.ts';
import { traceSet } from '../core/model/trace-set-builder.ts';
import type { UnixMillis } from '../core/model/units.ts';

/** The service that the product's own spans belong to. */
export const clientService = 'faultline';

const resource = { 'service.name': clientService };

/** One CLIENT span a sample, from send to end, under the ids that were sent. */
export function clientSpans(samples: readonly Sample[], startedAt: UnixMillis): TraceSet {
  return traceSet(
    samples.map((sample) => ({
      traceId: sample.traceId,
      spanId: sample.spanId,
      name: sample.step,
      kind: spanKind.client,
      status: sample.outcome.kind === 'reply' && sample.outcome.good ? spanStatus.unset : spanStatus.error,
      startUnixNanos: unixNanos(startedAt, sample.sentAt),
      endUnixNanos: unixNanos(startedAt, sample.endedAt),
      resource,
      attributes:
        sample.outcome.kind === 'reply'
          ? { 'http.response.status_code': sample.outcome.status }
          : { 'error.type': sample.outcome.failure },
    })),
  );
}

function unixNanos(startedAt: UnixMillis, offsetMs: number): bigint {
  return BigInt(Math.floor(startedAt)) * 1_000_000n + BigInt(Math.round((startedAt % 1) * 1e6 + offsetMs * 1e6));
}
