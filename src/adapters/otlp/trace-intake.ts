// The one way into the store, whatever the transport; counts what came and what became of it.
import { ok, type Result } from '../../core/model/result.ts';
import type { DecodeError } from '../shared/otlp/read-result.ts';
import type { Encoding } from './answers.ts';
import { type Ingested, ingestJson, ingestProtobuf } from './ingest.ts';
import type { SpanStore } from './span-store.ts';

export interface IntakeCounts {
  /** Export requests for traces, malformed ones included. */
  readonly requests: number;
  readonly malformedRequests: number;
  readonly takenSpans: number;
  /** Spans without valid ids or times, and spans for which there was no memory. */
  readonly refusedSpans: number;
  /** Requests with metrics or logs, which are not looked at. */
  readonly droppedRequests: number;
}

export interface TraceIntake {
  readonly take: (encoding: Encoding, body: Buffer) => Result<Ingested, DecodeError>;
  /** Counts a request with metrics or logs. */
  readonly drop: () => void;
  readonly counts: () => IntakeCounts;
}

export function traceIntake(store: SpanStore): TraceIntake {
  const counts = { requests: 0, malformedRequests: 0, takenSpans: 0, refusedSpans: 0, droppedRequests: 0 };
  return {
    take(encoding, body) {
      counts.requests += 1;
      const ingested = encoding === 'json' ? ingestJson(store, body.toString('utf8')) : ingestProtobuf(store, body);
      if (!ingested.ok) {
        counts.malformedRequests += 1;
        return ingested;
      }
      counts.takenSpans += ingested.value.taken;
      counts.refusedSpans += ingested.value.refused;
      return ok(ingested.value);
    },
    drop() {
      counts.droppedRequests += 1;
    },
    counts: () => ({ ...counts }),
  };
}
