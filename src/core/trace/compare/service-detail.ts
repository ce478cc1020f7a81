// Where a blamed service is called, by whom, and in which traces one sees it best.

import type { Population } from '../prepare/population.ts';
import type { PreparedTraces } from '../prepare/prepared-traces.ts';
import type { CostEffect } from './cost-effects.ts';
import { servicePaths } from './service-paths.ts';

export interface ServiceDetail {
  readonly operation: string;
  readonly caller: string;
  readonly path: readonly string[];
  readonly traces: readonly number[];
}

/** Traces looked into: those in which the service cost most above what was expected. */
const lookedInto = 100;
const shown = 10;

/** Operation, caller and path that take most of the service's path time in the traces that it slowed most. */
export function serviceDetail(prepared: PreparedTraces, violating: Population, effect: CostEffect): ServiceDetail {
  const rows = Array.from(violating.traces, (_, row) => ({ row, excess: effect.excessOf(row) }));
  rows.sort((a, b) => b.excess - a.excess || a.row - b.row);
  const traces = rows
    .slice(0, lookedInto)
    .filter(({ excess }) => excess > 0)
    .map(({ row }) => violating.traces[row] ?? 0);
  const time = {
    operation: new Map<string, number>(),
    caller: new Map<string, number>(),
    path: new Map<number, number>(),
  };
  const paths = servicePaths(prepared);
  for (const trace of traces) {
    const { firstSpan } = prepared.set;
    for (let span = firstSpan[trace] ?? 0; span < (firstSpan[trace + 1] ?? 0); span += 1) {
      if (prepared.payer[span] !== effect.service || prepared.root[span] !== prepared.entry[trace]) continue;
      const spent = prepared.pathNs[span] ?? 0;
      if (spent === 0) continue;
      const path = paths.of(span);
      add(time.operation, operationBilled(prepared, span), spent);
      add(time.caller, paths.caller(path), spent);
      add(time.path, path, spent);
    }
  }
  return {
    operation: greatest(time.operation) ?? '',
    caller: greatest(time.caller) ?? '',
    path: paths.names(greatest(time.path) ?? -1),
    traces: traces.slice(0, shown),
  };
}

/** The operation that a span's time belongs to: of its handler, or for a CLIENT span of the edge. */
function operationBilled(prepared: PreparedTraces, span: number): string {
  const { set, edge, edges, payer, service, handler } = prepared;
  const call = edge[span] ?? -1;
  if (call >= 0 && payer[span] !== service[span]) return edges[call]?.operation ?? '';
  return set.strings[set.name[handler[span] ?? span] ?? 0] ?? '';
}

function add<Key>(sums: Map<Key, number>, key: Key, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value);
}

function greatest<Key>(sums: ReadonlyMap<Key, number>): Key | undefined {
  let best: Key | undefined;
  for (const [key, value] of sums) if (best === undefined || value > (sums.get(best) ?? 0)) best = key;
  return best;
}
