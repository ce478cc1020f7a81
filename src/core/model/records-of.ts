// Takes a TraceSet apart into span records again.
import { attributesOf, spanIdOf } from './span-view.ts';
import type { SpanRecord, TraceSet } from './trace-set.ts';

/** A set's spans as records, parents by id. */
export function* recordsOf(set: TraceSet): Iterable<SpanRecord> {
  for (let trace = 0; trace < set.traceIds.length; trace += 1) {
    const origin = set.startUnixNanos[trace] ?? 0n;
    for (let i = set.firstSpan[trace] ?? 0; i < (set.firstSpan[trace + 1] ?? 0); i += 1) {
      yield {
        traceId: set.traceIds[trace] ?? '',
        spanId: spanIdOf(set, i),
        parentSpanId: set.missingParents.get(i) ?? parentId(set, i),
        name: set.strings[set.name[i] ?? 0] ?? '',
        kind: set.kind[i] ?? 0,
        status: set.status[i] ?? 0,
        startUnixNanos: origin + BigInt(set.start[i] ?? 0),
        endUnixNanos: origin + BigInt(set.end[i] ?? 0),
        resource: set.resources[set.resource[i] ?? 0] ?? {},
        attributes: attributesOf(set, i),
        links: set.links.get(i),
      };
    }
  }
}

function parentId(set: TraceSet, index: number): string | undefined {
  const parent = set.parent[index] ?? -1;
  return parent < 0 ? undefined : spanIdOf(set, parent);
}
