// M+N+1 queries: not one query but a short sequence of calls is repeated for each row.

import { callShapesOf } from '../../../calls/call-shapes.ts';
import type { PreparedTraces } from '../../../prepare/prepared-traces.ts';
import type { AntiPattern } from './anti-pattern.ts';
import { callsBelow, isQuery, totalMs } from './siblings.ts';

export interface RepeatedSequenceLimits {
  readonly longestSequence: number;
  readonly minRepeats: number;
  readonly totalMs: number;
  /** Part of the sequence's time that databases must have, 0..1. */
  readonly databaseShare: number;
}

/** Sentry's defaults. */
export const repeatedSequenceLimits: RepeatedSequenceLimits = {
  longestSequence: 8,
  minRepeats: 3,
  totalMs: 50,
  databaseShare: 0.05,
};

/** Longest repetition of 2 to 8 calls below `parent`; a single repeated query is `repeatedQueries`' business. Cost: children x longest sequence. */
export function repeatedSequences(
  prepared: PreparedTraces,
  parent: number,
  limits: RepeatedSequenceLimits = repeatedSequenceLimits,
): readonly AntiPattern[] {
  const { shape } = callShapesOf(prepared);
  const calls = callsBelow(prepared, parent);
  const found: AntiPattern[] = [];
  let from = 0;
  while (from < calls.length) {
    const spans = longestRepetition(calls, shape, from, limits);
    if (spans.length === 0) {
      from += 1;
      continue;
    }
    if (isCostly(prepared, spans, limits)) found.push({ parent, spans, totalMs: totalMs(prepared, spans), savedMs: 0 });
    from += spans.length;
  }
  return found;
}

/** Calls from `from` on that repeat their first 2..8 at least three times; of several lengths the one that covers most. */
function longestRepetition(
  calls: readonly number[],
  shape: Int32Array,
  from: number,
  limits: RepeatedSequenceLimits,
): readonly number[] {
  let best = 0;
  for (let length = 2; length <= limits.longestSequence; length += 1) {
    // Calls of one shape are no sequence, however many: asked first, so that a long row of them is not walked again from each.
    if (calls.slice(from, from + length).every((call) => shape[call] === shape[calls[from] ?? -1])) continue;
    let to = from + length;
    while (to < calls.length && shape[calls[to] ?? -1] === shape[calls[to - length] ?? -1]) to += 1;
    const repeats = Math.floor((to - from) / length);
    if (repeats >= limits.minRepeats) best = Math.max(best, repeats * length);
  }
  return calls.slice(from, from + best);
}

function isCostly(prepared: PreparedTraces, spans: readonly number[], limits: RepeatedSequenceLimits): boolean {
  const total = totalMs(prepared, spans);
  const inDatabases = totalMs(
    prepared,
    spans.filter((span) => isQuery(prepared, span)),
  );
  return total >= limits.totalMs && inDatabases > 0 && inDatabases >= limits.databaseShare * total;
}
