// Attribution of exported traces alone, without a run: the whole of `faultline analyze`.
import type { Attribution, Mechanism } from '../model/finding.ts';
import type { SaturationSeries } from '../model/observations.ts';
import type { TraceSet } from '../model/trace-set.ts';
import { type AttributionInput, attribute } from './attribute.ts';
import { splitAgainst, splitByOutcome } from './compare/split-traces.ts';
import { joinTraceSets } from './prepare/join-trace-sets.ts';
import { prepareTraces } from './prepare/prepared-traces.ts';

export interface TracesToAttribute {
  /** What is to be explained: those that failed or were slow, or all where the run differs from its baseline as a whole (splitAgainst). */
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
    const split = splitByOutcome(prepared);
    return split.violating.length > 0 || split.complying.length === 0
      ? attribute({ prepared, ...split, ...common })
      : patternsOf({ prepared, violating: split.complying, complying: [], ...common });
  }
  const prepared = prepareTraces(joinTraceSets(traces, baseline));
  const count = traces.traceIds.length;
  const run = Array.from({ length: count }, (_, trace) => trace);
  const healthy = Array.from({ length: baseline.traceIds.length }, (_, trace) => count + trace);
  return attribute({ prepared, ...splitAgainst(prepared, run, healthy), baseline: healthy, ...common });
}

/** Faults by themselves, whatever other requests do. A sequence of calls or a slow service is one only beside something better. */
const patterns: ReadonlySet<Mechanism> = new Set(['n-plus-one', 'retry-storm', 'hidden-retries', 'cascading-timeout']);

/** Where no request stands out, all may suffer alike. */
function patternsOf(input: AttributionInput): Attribution {
  const { findings, ...rest } = attribute(input);
  const seen = findings.filter(({ mechanism }) => patterns.has(mechanism));
  if (seen.length > 0) return { ...rest, findings: seen };
  return {
    ...rest,
    findings: [],
    notAttributable:
      'no request failed or was slower than the others of its kind: give traces of normal operation (a baseline) to compare with',
  };
}
