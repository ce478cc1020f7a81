// Paths of services from the entry down to a span, as numbers: spans that share a path share the number, so that many can be counted.
import type { PreparedTraces } from '../prepare/prepared-traces.ts';

/** A path is a number; -1 is the empty one. A service that calls itself appears once in a row. */
export interface ServicePaths {
  /** The path down to the service that `span` is billed to. Each span between it and one that was asked for before is looked at once. */
  readonly of: (span: number) => number;
  /** Name of the last service but one, '' when there is none. */
  readonly caller: (path: number) => string;
  /** Names from the entry down; of a longer path the last 64. */
  readonly names: (path: number) => readonly string[];
}

const longestPath = 64;

/** A tree of paths that grows with the questions: each path is its last service and the path above. */
export function servicePaths(prepared: PreparedTraces): ServicePaths {
  const { handler, parent, service, services, payer } = prepared;
  const above: number[] = [];
  const last: number[] = [];
  const ids = new Map<number, number>();
  const ofHandler = new Map<number, number>();

  const extend = (path: number, next: number): number => {
    if (path >= 0 && last[path] === next) return path;
    const key = (path + 1) * services.length + next;
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = last.length;
    ids.set(key, id);
    above.push(path);
    last.push(next);
    return id;
  };

  const handlerPath = (span: number): number => {
    const unknown: number[] = [];
    let at = span;
    while (at >= 0 && !ofHandler.has(at)) {
      unknown.push(at);
      const caller = parent[at] ?? -1;
      at = caller < 0 ? -1 : (handler[caller] ?? caller);
    }
    let path = ofHandler.get(at) ?? -1;
    for (const each of unknown.reverse()) {
      path = extend(path, service[each] ?? 0);
      ofHandler.set(each, path);
    }
    return path;
  };

  return {
    of: (span) => extend(handlerPath(handler[span] ?? span), payer[span] ?? 0),
    caller: (path) => services[last[above[path] ?? -1] ?? 0] ?? '',
    names(path) {
      const names: string[] = [];
      for (let at = path; at >= 0 && names.length < longestPath; at = above[at] ?? -1) {
        names.push(services[last[at] ?? 0] ?? '');
      }
      return names.reverse();
    },
  };
}
