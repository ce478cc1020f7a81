// N+1 API calls: a burst of requests for one URL that differ only in an identifier.

import { callFactsOf } from '../../../calls/call-facts.ts';
import { callShapesOf } from '../../../calls/call-shapes.ts';
import type { PreparedTraces } from '../../../prepare/prepared-traces.ts';
import type { AntiPattern } from './anti-pattern.ts';
import { callsBelow, totalMs } from './siblings.ts';

export interface RepeatedRequestLimits {
  readonly minSpans: number;
  readonly totalMs: number;
  /** Each must start this soon after the one before. */
  readonly startsWithinMs: number;
}

/** Sentry's defaults. */
const repeatedRequestLimits: RepeatedRequestLimits = { minSpans: 5, totalMs: 300, startsWithinMs: 15 };

/** Bursts of GETs (or requests whose method is unknown) with a URL below `parent`. */
export function repeatedRequests(
  prepared: PreparedTraces,
  parent: number,
  limits: RepeatedRequestLimits = repeatedRequestLimits,
): readonly AntiPattern[] {
  const { shape } = callShapesOf(prepared);
  const bursts: number[][] = [];
  for (const call of callsBelow(prepared, parent).filter((span) => isGet(prepared, span))) {
    const burst = bursts[bursts.length - 1];
    const last = burst?.[burst.length - 1] ?? -1;
    const lag = ((prepared.start[call] ?? 0) - (prepared.start[last] ?? 0)) / 1e6;
    if (burst !== undefined && shape[last] === shape[call] && lag <= limits.startsWithinMs) burst.push(call);
    else bursts.push([call]);
  }
  return bursts
    .map((spans) => ({ parent, spans, totalMs: totalMs(prepared, spans), savedMs: 0 }))
    .filter((burst) => burst.spans.length >= limits.minSpans && burst.totalMs >= limits.totalMs)
    .filter((burst) => differ(prepared, burst.spans));
}

function isGet(prepared: PreparedTraces, span: number): boolean {
  const { target, method } = callFactsOf(prepared);
  const how = method[span] ?? -1;
  return (target[span] ?? -1) >= 0 && (how < 0 || /^get$/i.test(String(prepared.set.values[how])));
}

/** The very same URL over and over is polling or a missing cache, not one request per item. */
function differ(prepared: PreparedTraces, spans: readonly number[]): boolean {
  const { target } = callFactsOf(prepared);
  return spans.some((span) => target[span] !== target[spans[0] ?? -1]);
}
