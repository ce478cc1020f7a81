// When requests were inside a service, on one clock for all traces.
import { spanKind } from '../../../model/trace-set.ts';
import type { MechanismContext } from '../mechanism.ts';
import { earliestStart } from './earliest-start.ts';
import { side, sidesOf } from './sides.ts';

/** Milliseconds since the earliest trace of the set. */
export interface Visit {
  readonly start: number;
  readonly end: number;
  readonly trace: number;
  readonly isViolating: boolean;
}

export interface Visits {
  readonly operation: string;
  /** By instance, each in order of end. */
  readonly instances: readonly (readonly Visit[])[];
}

/** SERVER and CONSUMER spans of `service` (index into PreparedTraces.services) in both populations, by operation and instance. */
export function visitsTo(context: MechanismContext, service: number): readonly Visits[] {
  const { prepared } = context;
  const { set } = prepared;
  const sides = sidesOf(context);
  const origin = earliestStart(set);
  const operations = new Map<string, Map<number, Visit[]>>();
  for (const trace of sides.traces) {
    const offset = Number((set.startUnixNanos[trace] ?? origin) - origin);
    for (let span = set.firstSpan[trace] ?? 0; span < (set.firstSpan[trace + 1] ?? 0); span += 1) {
      const isVisit = set.kind[span] === spanKind.server || set.kind[span] === spanKind.consumer;
      if (!isVisit || prepared.service[span] !== service) continue;
      const operation = set.strings[set.name[span] ?? 0] ?? '';
      const instances = operations.get(operation) ?? new Map<number, Visit[]>();
      operations.set(operation, instances);
      const visits = instances.get(set.resource[span] ?? 0) ?? [];
      instances.set(set.resource[span] ?? 0, visits);
      visits.push({
        start: (offset + (prepared.start[span] ?? 0)) / 1e6,
        end: (offset + (prepared.end[span] ?? 0)) / 1e6,
        trace,
        isViolating: sides.side[trace] === side.violating,
      });
    }
  }
  return [...operations].map(([operation, instances]) => ({
    operation,
    instances: [...instances.values()].map((visits) => visits.sort((a, b) => a.end - b.end || a.start - b.start)),
  }));
}
