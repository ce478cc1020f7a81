// Whether enough was offered for a lower limit on throughput (or the lower end of a range) to be the system's to keep.
import type { DropReason, LoadResult } from '../../model/load.ts';
import type { Clause, Comparison } from '../../model/requirement.ts';
import type { ClauseVerdict } from '../../model/verdict.ts';
import type { RateSlice } from '../evidence/rate-slices.ts';
import { phaseWindows } from '../evidence/scope.ts';
import { limitValues } from '../evidence/watch.ts';
import { sayQuantity } from '../wording.ts';
import { inconclusiveVerdict } from './clause-verdict.ts';
import { isLower } from './mean-clause.ts';

/**
 * `generator-unhealthy` when less was offered than the limit asks for; undefined when enough was. Offered is what was sent and, in proportion, what could not be sent because the system kept
 * too many requests waiting or ended journeys with a reply that lacks what their next step needs. In a closed model the system itself decides how much is sent, so it always counts as enough.
 */
export function offeredTooLittle(
  clause: Clause,
  slices: readonly RateSlice[],
  load: LoadResult,
  phases: readonly string[],
): ClauseVerdict | undefined {
  const limit = limitValues(clause)[0];
  const offered = offeredRate(slices, load, phases);
  if (limit === undefined || !hasLower(clause.op) || offered >= limit * (1 - 1e-9)) return undefined;
  const said = `only ${sayQuantity(offered, '/s')} were offered, less than the ${sayQuantity(limit, '/s')} asked for`;
  return inconclusiveVerdict(clause, 'generator-unhealthy', said);
}

/** Whether the smaller number of a clause must be reached: a range has one too. */
export const hasLower = (op: Comparison): boolean => isLower(op) || op === 'between' || op === 'eq';

/** Requests a second, sent and held back; infinite in a closed model. */
export function offeredRate(slices: readonly RateSlice[], load: LoadResult, phases: readonly string[]): number {
  if (phaseWindows(load, phases).some((phase) => phase.users !== undefined)) return Number.POSITIVE_INFINITY;
  const ms = slices.reduce((sum, slice) => sum + slice.durationMs, 0);
  const sent = (slices.reduce((sum, slice) => sum + slice.requests, 0) / ms) * 1000;
  return sent * (1 + heldBack(load, phases));
}

/** Arrivals that found no room, by arrivals that were sent, and steps that a reply made impossible, by requests. */
function heldBack(load: LoadResult, phases: readonly string[]): number {
  const dropped = (...reasons: readonly DropReason[]): number =>
    load.dropped
      .filter(({ phase, reason }) => phases.includes(phase) && reasons.includes(reason))
      .reduce((sum, { count }) => sum + count, 0);
  const arrivals = phaseWindows(load, phases).reduce((sum, phase) => sum + phase.sentArrivals, 0);
  const requests = load.groups.reduce((sum, group) => sum + (phases.includes(group.phase) ? group.requests : 0), 0);
  const share = (count: number, of: number): number => (of === 0 ? 0 : count / of);
  return share(dropped('queue-full', 'in-flight-limit'), arrivals) + share(dropped('journey-failed'), requests);
}
