// Consecutive requests: slow outgoing calls one after another that could run side by side.

import { callFactsOf } from '../../../calls/call-facts.ts';
import type { PreparedTraces } from '../../../prepare/prepared-traces.ts';
import type { AntiPattern } from './anti-pattern.ts';
import { callsBelow, durationMs, longestMs, runsInTurn, totalMs } from './siblings.ts';

export interface ConsecutiveRequestLimits {
  readonly minSpans: number;
  readonly minSpanMs: number;
  readonly minTimeSavedMs: number;
  readonly maxGapMs: number;
}

/** Sentry's defaults. */
export const consecutiveRequestLimits: ConsecutiveRequestLimits = {
  minSpans: 3,
  minSpanMs: 500,
  minTimeSavedMs: 2000,
  maxGapMs: 500,
};

/** Calls to more hosts than this are rarely one piece of work. */
const mostHosts = 2;

/** Runs of calls below `parent`; database calls and quick ones do not count, and do not break a run either. */
export function consecutiveRequests(
  prepared: PreparedTraces,
  parent: number,
  limits: ConsecutiveRequestLimits = consecutiveRequestLimits,
): readonly AntiPattern[] {
  const { database, asksAgain } = callFactsOf(prepared);
  const calls = callsBelow(prepared, parent).filter(
    (span) => (database[span] ?? -1) < 0 && asksAgain[span] === 0 && durationMs(prepared, span) >= limits.minSpanMs,
  );
  return runsInTurn(prepared, calls, limits.maxGapMs)
    .map((spans) => {
      const total = totalMs(prepared, spans);
      return { parent, spans, totalMs: total, savedMs: total - longestMs(prepared, spans) };
    })
    .filter((run) => run.spans.length >= limits.minSpans && run.savedMs >= limits.minTimeSavedMs)
    .filter((run) => new Set(run.spans.map((span) => prepared.payer[span])).size <= mostHosts);
}
