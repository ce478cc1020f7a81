// Attribution of exported traces alone, without a run: the whole of `faultline analyze`.
import type { Attribution } from '../model/finding.ts';
import type { SaturationSeries } from '../model/observations.ts';
import { spanStatus, type TraceSet } from '../model/trace-set.ts';
import { attribute } from './attribute.ts';
import { joinTraceSets } from './join-trace-sets.ts';
import { entryDurationNs } from './populations.ts';
import { type PreparedTraces, prepareTraces } from './prepared-traces.ts';
import { quantile } from './quantiles.ts';

export interface TracesToAttribute {
  /** What is to be explained. With a baseline all of these traces, without one those that are slow or failed for their cohort. */
  readonly traces: TraceSet;
  /** Traces of normal operation. */
  readonly baseline?: TraceSet;
  readonly saturation?: readonly SaturationSeries[];
  readonly seed?: number;
}

/** Near-linear in the spans of both sets. */
export function attributeTraces(input: TracesToAttribute): Attribution {
  const { traces, baseline, saturation, seed } = input;
  const common = { ...(saturation === undefined ? {} : { saturation }), ...(seed === undefined ? {} : { seed }) };
  if (baseline === undefined) {
    const prepared = prepareTraces(traces);
    return attribute({ prepared, ...splitByOutcome(prepared), ...common });
  }
  const prepared = prepareTraces(joinTraceSets(traces, baseline));
  const count = traces.traceIds.length;
  const violating = Array.from({ length: count }, (_, trace) => trace);
  const healthy = Array.from({ length: baseline.traceIds.length }, (_, trace) => count + trace);
  return attribute({ prepared, violating, complying: [], baseline: healthy, ...common });
}

/** A trace is slow when it takes this many times, and this much longer than, what a good quarter of its cohort takes. */
const slow = { factor: 2, nanos: 20e6 } as const;

/** Failed traces (status of the entry span) and slow ones against all others. */
function splitByOutcome(prepared: PreparedTraces): {
  readonly violating: readonly number[];
  readonly complying: readonly number[];
} {
  const durations = new Map<number, number[]>();
  prepared.entry.forEach((entry, trace) => {
    if (entry < 0) return;
    const cohort = prepared.cohort[trace] ?? 0;
    const known = durations.get(cohort);
    const duration = entryDurationNs(prepared, trace);
    if (known === undefined) durations.set(cohort, [duration]);
    else known.push(duration);
  });
  const limits = new Map([...durations].map(([cohort, values]) => [cohort, limitOf(quantile(values, 0.25))]));
  const violating: number[] = [];
  const complying: number[] = [];
  prepared.entry.forEach((entry, trace) => {
    const isFailed = entry >= 0 && prepared.set.status[entry] === spanStatus.error;
    const isSlow = entryDurationNs(prepared, trace) > (limits.get(prepared.cohort[trace] ?? 0) ?? 0);
    if (entry < 0 || isFailed || isSlow) violating.push(trace);
    else complying.push(trace);
  });
  return { violating, complying };
}

const limitOf = (good: number): number => Math.max(slow.factor * good, good + slow.nanos);
