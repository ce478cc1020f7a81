// Puts spans of the same traces from several places together.
import { recordsOf } from '../core/model/records-of.ts';
import type { TraceSet } from '../core/model/trace-set.ts';
import { traceSetBuilder } from '../core/model/trace-set-builder.ts';

/** One set with every span once, in whatever order the sets are. */
export function mergeTraceSets(sets: readonly TraceSet[]): TraceSet {
  const builder = traceSetBuilder();
  for (const set of sets) for (const span of recordsOf(set)) builder.add(span);
  const merged = builder.build();
  return { ...merged, repeated: sets.reduce((sum, { repeated }) => sum + repeated, merged.repeated) };
}
