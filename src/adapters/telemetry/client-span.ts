// A selected request as a finished CLIENT span.
import type { Sample } from '../../core/model/load.ts';
import type { RunPlan } from '../../core/model/run.ts';
import type { UnixMillis } from '../../core/model/units.ts';

/** What an exporter needs of a span, without the SDK's objects around it. Times are [seconds, nanoseconds] since the epoch. */
export interface ClientSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly startTime: [number, number];
  readonly endTime: [number, number];
  readonly isError: boolean;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** From the send to the end of the reply, under the ids that were sent. What the request waited before it was sent stands in `faultline.send_lag_ms`. */
export function clientSpan(plan: RunPlan, startedAt: UnixMillis, sample: Sample): ClientSpan {
  const { outcome } = sample;
  return {
    name: sample.step,
    traceId: sample.traceId,
    spanId: sample.spanId,
    startTime: hrTime(startedAt, sample.sentAt),
    endTime: hrTime(startedAt, sample.endedAt),
    isError: !(outcome.kind === 'reply' && outcome.good),
    attributes: {
      'faultline.run': plan.runId,
      'faultline.verification': plan.verification,
      'faultline.scenario': sample.scenario,
      'faultline.phase': sample.phase,
      'faultline.send_lag_ms': sample.sentAt - sample.scheduledAt,
      ...(outcome.kind === 'reply'
        ? { 'http.response.status_code': outcome.status }
        : { 'error.type': outcome.failure }),
    },
  };
}

function hrTime(startedAt: UnixMillis, offsetMs: number): [number, number] {
  // Whole milliseconds and the rest apart: their sum as one double would round to a quarter of a microsecond.
  const wholeMs = Math.floor(startedAt) + Math.floor(offsetMs);
  const restNanos = Math.round(((startedAt % 1) + (offsetMs % 1)) * 1e6);
  const nanos = (wholeMs % 1000) * 1e6 + restNanos;
  return [Math.floor(wholeMs / 1000) + Math.floor(nanos / 1e9), nanos % 1e9];
}
