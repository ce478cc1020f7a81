// Consecutive queries: SELECTs one after another although some of them wait for nothing.
import type { PreparedTraces } from '../../../prepare/prepared-traces.ts';
import { hasParameter, isCompleteSelect } from '../../../spans/normalise-statement.ts';
import type { AntiPattern } from './anti-pattern.ts';
import { callsBelow, durationMs, isQuery, longestMs, runsInTurn, statementOf, totalMs } from './siblings.ts';

export interface ConsecutiveQueryLimits {
  readonly minSpans: number;
  readonly minSpanMs: number;
  readonly minTimeSavedMs: number;
  /** Of the run's duration, 0..1. */
  readonly minTimeSavedRatio: number;
}

/** Sentry's defaults. */
const consecutiveQueryLimits: ConsecutiveQueryLimits = {
  minSpans: 2,
  minSpanMs: 30,
  minTimeSavedMs: 100,
  minTimeSavedRatio: 0.1,
};

/** The offending spans are the independent ones: those after the first whose statement needs no value. */
export function consecutiveQueries(
  prepared: PreparedTraces,
  parent: number,
  limits: ConsecutiveQueryLimits = consecutiveQueryLimits,
): readonly AntiPattern[] {
  const selects = callsBelow(prepared, parent).filter(
    (span) => isQuery(prepared, span) && isCompleteSelect(statementOf(prepared, span)),
  );
  return runsInTurn(prepared, selects, Number.POSITIVE_INFINITY).flatMap((run) => {
    const independent = run.slice(1).filter((span) => !hasParameter(statementOf(prepared, span)));
    const total = totalMs(prepared, run);
    // At best the independent ones run side by side, next to what must stay in turn.
    const savedMs = total - Math.max(longestMs(prepared, independent), total - totalMs(prepared, independent));
    const isPattern =
      run.length >= limits.minSpans &&
      independent.length > 0 &&
      independent.every((span) => durationMs(prepared, span) > limits.minSpanMs) &&
      savedMs >= limits.minTimeSavedMs &&
      savedMs >= limits.minTimeSavedRatio * total;
    return isPattern ? [{ parent, spans: independent, totalMs: total, savedMs }] : [];
  });
}
