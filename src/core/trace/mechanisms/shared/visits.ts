// When requests were inside a service, on one clock for all traces.
import { spanKind } from '../../../model/trace-set.ts';
import type { MechanismContext } from '../../mechanism.ts';
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
  /** In order of end. */
  readonly visits: readonly Visit[];
}

/** SERVER and CONSUMER spans of `service` (index into PreparedTraces.services) in both populations, by instance and operation. */
export function visitsTo(context: MechanismContext, service: number): ReadonlyMap<string, Visits> {
  const { prepared } = context;
  const { set } = prepared;
  const sides = sidesOf(context);
  const origin = earliestStart(set);
  const groups = new Map<string, { operation: string; visits: Visit[] }>();
  for (const trace of sides.traces) {
    const offset = Number((set.startUnixNanos[trace] ?? origin) - origin);
    for (let span = set.firstSpan[trace] ?? 0; span < (set.firstSpan[trace + 1] ?? 0); span += 1) {
      const isVisit = set.kind[span] === spanKind.server || set.kind[span] === spanKind.consumer;
      if (!isVisit || prepared.service[span] !== service) continue;
      const operation = set.strings[set.name[span] ?? 0] ?? '';
      const key = `${set.resource[span] ?? 0} ${operation}`;
      const group = groups.get(key) ?? { operation, visits: [] };
      groups.set(key, group);
      group.visits.push({
        start: (offset + (prepared.start[span] ?? 0)) / 1e6,
        end: (offset + (prepared.end[span] ?? 0)) / 1e6,
        trace,
        isViolating: sides.side[trace] === side.violating,
      });
    }
  }
  for (const group of groups.values()) group.visits.sort((a, b) => a.end - b.end || a.start - b.start);
  return groups;
}
