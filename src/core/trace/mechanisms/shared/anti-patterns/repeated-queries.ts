// N+1 queries: one query, then the same other query once for each of its rows.

import { callFactsOf } from '../../../calls/call-facts.ts';
import { callShapesOf } from '../../../calls/call-shapes.ts';
import type { PreparedTraces } from '../../../prepare/prepared-traces.ts';
import type { AntiPattern } from './anti-pattern.ts';
import { callsBelow, isQuery, totalMs } from './siblings.ts';

export interface RepeatedQueryLimits {
  readonly minSpans: number;
  readonly totalMs: number;
}

/** Sentry's defaults for production traffic. */
const repeatedQueryLimits: RepeatedQueryLimits = { minSpans: 5, totalMs: 50 };

/**
 * Runs of queries of one shape below `parent`, after a query of another shape. Other calls in between do not break a run, another query does.
 * Caches do not count, nor do queries that ask for many rows already.
 */
export function repeatedQueries(
  prepared: PreparedTraces,
  parent: number,
  limits: RepeatedQueryLimits = repeatedQueryLimits,
): readonly AntiPattern[] {
  const { shape } = callShapesOf(prepared);
  const { isBatch } = callFactsOf(prepared);
  const queries = callsBelow(prepared, parent).filter((span) => isQuery(prepared, span));
  const runs: number[][] = [];
  for (const query of queries) {
    const run = runs[runs.length - 1];
    if (run !== undefined && shape[run[0] ?? -1] === shape[query]) run.push(query);
    else runs.push([query]);
  }
  // The first run has no source query in front of it.
  return runs
    .slice(1)
    .map((run) => run.filter((query) => isBatch[query] === 0))
    .map((spans) => ({ parent, spans, totalMs: totalMs(prepared, spans), savedMs: 0 }))
    .filter((run) => run.spans.length >= limits.minSpans && run.totalMs >= limits.totalMs);
}
