// How much longer services work each time they are asked, whether or not anybody waits for it.
import { spanKind } from '../../../model/trace-set.ts';
import { remember } from '../../spans/remember.ts';
import type { MechanismContext } from '../mechanism.ts';
import type { ComparedEffect } from './service-effects.ts';
import { type Tally, tally } from './tally.ts';

/** Less than this part of the time that requests lose in its spans. */
const leastPart = 0.3;

/**
 * Whether a service is only asked more often, or at other times: requests lose time in its own spans, but each visit to it is as much work as before.
 * Then it is its caller who has added calls or put them one behind the other.
 *
 *     before   |--a--|          now   |--a--|
 *              |--b--|                      |--b--|     twice as long on the critical path, each as long as ever
 */
export function isAsFastAsEver(context: MechanismContext, { index, ownMs, gapMs }: ComparedEffect): boolean {
  return ownMs > gapMs && (workGrowthOf(context)[index] ?? 0) < leastPart * ownMs;
}

/** The same of a service that records nothing, by how long calls to it last. */
export function isAnsweredAsFastAsEver(context: MechanismContext, { index, effectMs }: ComparedEffect): boolean {
  return (callGrowthOf(context)[index] ?? 0) < leastPart * effectMs;
}

const column = { visits: 0, work: 1 } as const;
const columns = 2;

/** By service: duration of calls that nobody answered beyond what as many calls of their edges took in the reference; milliseconds per violating request. */
const callGrowthOf: (context: MechanismContext) => Float64Array = remember((context) => {
  const { prepared } = context;
  const { set, edge, edges, services, serverChild, start, end } = prepared;
  const sums = tally(context, edges.length * columns, (trace, add) => {
    for (let span = set.firstSpan[trace] ?? 0; span < (set.firstSpan[trace + 1] ?? 0); span += 1) {
      const key = (edge[span] ?? -1) * columns;
      if (key < 0 || (serverChild[span] ?? -1) >= 0) continue;
      add(key + column.visits, 1);
      add(key + column.work, ((end[span] ?? 0) - (start[span] ?? 0)) / 1e6);
    }
  });
  const growth = new Float64Array(services.length);
  const indexOf = new Map(services.map((name, index) => [name, index]));
  edges.forEach(({ callee }, at) => {
    const index = indexOf.get(callee) ?? 0;
    growth[index] = (growth[index] ?? 0) + beyondUsual(sums, at * columns);
  });
  return growth;
});

/** Work beyond what as many visits took in the reference; all of it where the reference has none. */
function beyondUsual({ violating, reference }: Tally, key: number): number {
  const before = reference[key + column.visits] ?? 0;
  const usual = before > 0 ? (reference[key + column.work] ?? 0) / before : 0;
  return (violating[key + column.work] ?? 0) - (violating[key + column.visits] ?? 0) * usual;
}

/** By service: self time of its own spans beyond what as many visits to the same operations took in the reference; milliseconds per violating request. */
const workGrowthOf: (context: MechanismContext) => Float64Array = remember((context) => {
  const { prepared } = context;
  const { set, service, selfNs, handler } = prepared;
  const operations = operationsOf(prepared);
  const sums = tally(context, operations.services.length * columns, (trace, add) => {
    for (let span = set.firstSpan[trace] ?? 0; span < (set.firstSpan[trace + 1] ?? 0); span += 1) {
      if (set.kind[span] === spanKind.client) continue;
      const door = handler[span] ?? span;
      const key = (operations.of[door] ?? 0) * columns;
      if (door === span) add(key + column.visits, 1);
      if (service[door] === service[span]) add(key + column.work, (selfNs[span] ?? 0) / 1e6);
    }
  });
  const growth = new Float64Array(prepared.services.length);
  operations.services.forEach((at, operation) => {
    growth[at] = (growth[at] ?? 0) + beyondUsual(sums, operation * columns);
  });
  return growth;
});

/** Numbers for pairs of service and name of the span that takes up its work. */
function operationsOf({ set, service, handler }: MechanismContext['prepared']): {
  readonly of: Uint32Array;
  /** By operation: index of its service. */
  readonly services: readonly number[];
} {
  const services: number[] = [];
  const indexOf = new Map<number, number>();
  const of = new Uint32Array(service.length);
  for (let span = 0; span < of.length; span += 1) {
    if (handler[span] !== span) continue;
    const key = (service[span] ?? 0) * set.strings.length + (set.name[span] ?? 0);
    const known = indexOf.get(key);
    if (known === undefined) {
      indexOf.set(key, services.length);
      services.push(service[span] ?? 0);
    }
    of[span] = known ?? services.length - 1;
  }
  return { of, services };
}
