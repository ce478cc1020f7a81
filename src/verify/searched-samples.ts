// In observe mode nobody sent the requests: each found trace's entry span stands for one.

import type { Sample } from '../core/model/load.ts';
import type { TimeWindow } from '../core/model/series.ts';
import { spanAt } from '../core/model/span-view.ts';
import { spanKind, type TraceSet } from '../core/model/trace-set.ts';
import { millis } from '../core/model/units.ts';
import { callFactsOf } from '../core/trace/calls/call-facts.ts';
import type { PreparedTraces } from '../core/trace/prepare/prepared-traces.ts';

/** The first SERVER or CONSUMER span of each trace as a sample; times are milliseconds from the window's start. */
export function searchedSamples(prepared: PreparedTraces, window: TimeWindow): readonly Sample[] {
  const { set } = prepared;
  const { failed } = callFactsOf(prepared);
  return set.traceIds.flatMap((traceId, trace) => {
    const entry = entryOf(set, trace);
    if (entry === undefined) return [];
    const span = spanAt(set, trace, entry);
    const origin = Number((set.startUnixNanos[trace] ?? 0n) / 1000n) / 1000 - window.start;
    const startedAt = millis(origin + span.start / 1e6);
    return [
      {
        traceId,
        spanId: span.spanId,
        sampled: true,
        scenario: '',
        step: span.name,
        phase: '',
        scheduledAt: startedAt,
        sentAt: startedAt,
        endedAt: millis(origin + span.end / 1e6),
        outcome: {
          kind: 'reply' as const,
          status: Number(span.attributes['http.response.status_code'] ?? span.attributes['http.status_code'] ?? 0),
          good: failed[entry] !== 1,
        },
      },
    ];
  });
}

function entryOf(set: TraceSet, trace: number): number | undefined {
  for (let i = set.firstSpan[trace] ?? 0; i < (set.firstSpan[trace + 1] ?? 0); i += 1) {
    if (set.kind[i] === spanKind.server || set.kind[i] === spanKind.consumer) return i;
  }
  return undefined;
}
