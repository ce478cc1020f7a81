// The services between the entry of a request and one of its spans.
import type { PreparedTraces } from '../../prepare/prepared-traces.ts';

const longestPath = 64;

/** Service names from the entry down to `span`, each once in a row; a callee that recorded nothing is added at the end. At most 64. */
export function servicePath(prepared: PreparedTraces, span: number): readonly string[] {
  const indexes: number[] = [];
  const push = (service: number): void => {
    if (service !== 0 && indexes[indexes.length - 1] !== service) indexes.push(service);
  };
  push(prepared.payer[span] ?? 0);
  for (let at = span; at >= 0 && indexes.length < longestPath; at = prepared.parent[at] ?? -1)
    push(prepared.service[at] ?? 0);
  return indexes.reverse().map((service) => prepared.services[service] ?? '');
}
