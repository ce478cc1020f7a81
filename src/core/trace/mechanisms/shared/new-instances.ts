// Requests to instances of a service that came up while the record ran, by how long the instance had been up.

import type { PreparedTraces } from '../../prepare/prepared-traces.ts';
import { remember } from '../../spans/remember.ts';
import type { MechanismContext } from '../mechanism.ts';
import { sidesOf } from './sides.ts';

/** The first visit of a request to a new instance. */
export interface NewVisit {
  readonly trace: number;
  /** Milliseconds since the instance was first seen. */
  readonly ageMs: number;
}

/** An instance that was up would have had this many requests in the time before it was first seen; the record must show this many that it did not get. */
const expectedBefore = 10;
const fewestBefore = 5;

/**
 * Visits of compared traces to new instances of `service` (index into PreparedTraces.services), youngest first. Whoever is there when the record begins
 * may have been up before:
 *
 *     record    |  x  x  x  x  x  x  x  x  x  x  x  |       requests of the kinds that use the service
 *     old       |  o  o     o     o  o  o     o  o  |
 *     new       |        .  .  .  .  .  n  n  n  n  |       had it been there, it would have been asked
 */
export function visitsToNewInstances(context: MechanismContext, service: number): readonly NewVisit[] {
  const instances = instancesOf(context, service);
  const asked = startsOf(context, new Set([...instances.values()].flatMap((at) => [...at.keys()])));
  return [...instances.values()]
    .flatMap((visits) => {
      const times = [...visits.values()];
      const first = times.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
      const last = times.reduce((most, at) => Math.max(most, at), Number.NEGATIVE_INFINITY);
      const spanMs = (expectedBefore * (last - first)) / times.length;
      const isNew = countBetween(asked, first - spanMs, first) >= fewestBefore;
      return isNew ? [...visits].map(([trace, at]) => ({ trace, ageMs: at - first })) : [];
    })
    .sort((a, b) => a.ageMs - b.ageMs || a.trace - b.trace);
}

/** By instance: when each trace first visited it, in milliseconds of the run's clock. */
function instancesOf(context: MechanismContext, service: number): ReadonlyMap<number, ReadonlyMap<number, number>> {
  const { prepared, atMs } = context;
  const { set } = prepared;
  const instance = instanceOf(prepared);
  const instances = new Map<number, Map<number, number>>();
  for (const trace of sidesOf(context).traces) {
    for (let span = set.firstSpan[trace] ?? 0; span < (set.firstSpan[trace + 1] ?? 0); span += 1) {
      if (prepared.service[span] !== service) continue;
      const at = (atMs[trace] ?? 0) + (prepared.start[span] ?? 0) / 1e6;
      const key = instance[set.resource[span] ?? 0] ?? 0;
      const visits = instances.get(key) ?? new Map<number, number>();
      instances.set(key, visits);
      visits.set(trace, Math.min(visits.get(trace) ?? at, at));
    }
  }
  return instances;
}

/** By resource: one number for all that say the same. A baseline describes the processes it shares with the run once more. */
const instanceOf: (prepared: PreparedTraces) => readonly number[] = remember(({ set }) => {
  const ids = new Map<string, number>();
  return set.resources.map((resource) => {
    const text = JSON.stringify(Object.entries(resource).sort(([a], [b]) => (a < b ? -1 : 1)));
    const id = ids.get(text) ?? ids.size;
    ids.set(text, id);
    return id;
  });
});

/** Starts of all traces of the cohorts that `users` are of, ascending. */
function startsOf({ prepared, atMs }: MechanismContext, users: ReadonlySet<number>): Float64Array {
  const cohorts = new Set(Array.from(users, (trace) => prepared.cohort[trace]));
  return atMs.filter((_, trace) => cohorts.has(prepared.cohort[trace] ?? 0)).sort();
}

const countBetween = (sorted: Float64Array, from: number, to: number): number =>
  rankOf(sorted, to) - rankOf(sorted, from);

/** How many of `sorted` are below `value`. */
function rankOf(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
