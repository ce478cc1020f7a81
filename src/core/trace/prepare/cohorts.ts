// Which requests may be compared: cohorts by what the request asked of the system.
import { spanKind, type TraceSet } from '../../model/trace-set.ts';
import { normaliseUrl } from '../spans/normalise-url.ts';

export interface Cohorts {
  /** Per trace: index into `names`; 0 for traces without entry. */
  readonly cohort: Uint32Array;
  readonly names: readonly string[];
}

interface CohortInput {
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  readonly entry: Int32Array;
}

/**
 * A request's cohort is its entry span; while the name is a catch-all (`/*`, `GET`, `Recv.`: it says nothing of what was asked), the first SERVER span
 * below is added. A gateway's own name would put logins and purchases into one group and blame the mix.
 */
export function cohorts(set: TraceSet, tree: CohortInput): Cohorts {
  const names = [''];
  const label = labels(set);
  const indexOf = new Map<string, number>();
  const cohort = new Uint32Array(set.traceIds.length);
  for (let trace = 0; trace < cohort.length; trace += 1) {
    const name = cohortName(set, tree, label, tree.entry[trace] ?? -1);
    if (name === '') continue;
    let at = indexOf.get(name);
    if (at === undefined) {
      at = names.length;
      indexOf.set(name, at);
      names.push(name);
    }
    cohort[trace] = at;
  }
  return { cohort, names };
}

/** Deepest catch-alls that are looked through: a load generator's client, an edge proxy, a gateway. */
const mostLayers = 3;

function cohortName(set: TraceSet, tree: CohortInput, label: Label, entry: number): string {
  if (entry < 0) return '';
  const names = [label(entry)];
  for (let at = entry; names.length <= mostLayers && isCatchAll(set.strings[set.name[at] ?? 0] ?? ''); ) {
    at = firstServerBelow(set, tree, at);
    if (at < 0) break;
    names.push(label(at));
  }
  return names.join(' > ');
}

type Label = (span: number) => string;

/** Service and name; an id in a name (`GET /orders/17`) asks for one thing of many and makes no request a kind of its own. */
function labels(set: TraceSet): Label {
  const known = new Map<number, string>();
  return (span) => {
    const at = set.name[span] ?? 0;
    const name = known.get(at) ?? normaliseUrl(set.strings[at] ?? '');
    known.set(at, name);
    return `${set.strings[set.service[span] ?? 0] ?? ''} ${name}`;
  };
}

/** No letter but a method's or a receiver's: `/`, `/*`, `/**`, `GET`, `HTTP POST`, `GET /*`, `grpc.Server/Recv.`. */
function isCatchAll(name: string): boolean {
  return (
    /^(HTTP )?([A-Z]+ ?)?(\/?\**|\{\*\w*\})$/.test(name) ||
    /(^|[/.])Recv\.?$/.test(name) ||
    /^(handle|request|proxy|http|https?[ .-]request)$/i.test(name)
  );
}

/** Depth first in order of start, from the entry's children on; -1 when there is none. */
function firstServerBelow(set: TraceSet, tree: CohortInput, top: number): number {
  const stack = [tree.firstChild[top] ?? -1];
  for (let span = stack.pop() ?? -1; span >= 0; span = stack.pop() ?? -1) {
    if (set.kind[span] === spanKind.server) return span;
    const sibling = tree.nextSibling[span] ?? -1;
    if (sibling >= 0) stack.push(sibling);
    const child = tree.firstChild[span] ?? -1;
    if (child >= 0) stack.push(child);
  }
  return -1;
}
