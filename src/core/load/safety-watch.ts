// Decides, second by second, whether a run hurts its target and must end: error rate and p99 above their limits for too long.

import { countAbove } from '../model/histogram-data.ts';
import type { HistogramData } from '../model/load.ts';
import type { SafetyLimits } from '../model/workload.ts';

/** What happened in one short interval of the run. */
export interface SafetyInterval {
  readonly startMs: number;
  readonly endMs: number;
  readonly requests: number;
  readonly failed: number;
  readonly response: HistogramData;
  /** Requests still without a reply that are older than the p99 limit already. */
  readonly overdue: number;
}

export interface SafetyWatch {
  /** Takes the next interval; returns the limit that is broken, in the words of the document, or undefined. */
  readonly check: (interval: SafetyInterval) => string | undefined;
}

/** With fewer requests nothing is known: one failed request of a slow run must not end it. */
const FEWEST_REQUESTS = 10;

/** Intervals in a row that were above a limit; those without any request are left out. */
interface Streak {
  /** Time of the intervals that said something. */
  readonly ms: number;
  readonly ended: number;
  readonly slow: number;
}

const NONE: Streak = { ms: 0, ended: 0, slow: 0 };

/**
 * A limit is broken when intervals that together last as long as it says were all above it and at least ten requests ended in them. An interval
 * without any ended or overdue request says nothing: it neither counts for a limit nor clears it, so a silent target is not taken for a healthy
 * one, nor silence for failure. A target that answers nothing at all, while requests are overdue, breaks the p99 limit however few these are.
 */
export function safetyWatch({ errorRate, p99 }: SafetyLimits): SafetyWatch {
  let errors = NONE;
  let slowness = NONE;
  let lastEndedMs = 0;
  return {
    check({ startMs, endMs, requests, failed, response, overdue }) {
      const ms = endMs - startMs;
      if (requests > 0) {
        lastEndedMs = endMs;
        errors = failed / requests > errorRate.above ? longer(errors, ms, requests, 0) : NONE;
      }
      if (requests + overdue > 0) {
        const slow = countAbove(response, p99.above * 1000).least;
        slowness = isSlow(slow + overdue, requests + overdue) ? longer(slowness, ms, requests, slow) : NONE;
      }
      if (errors.ms >= errorRate.for && errors.ended >= FEWEST_REQUESTS)
        return `errorRate > ${Number((errorRate.above * 100).toFixed(3))}% for ${seconds(errorRate.for)}`;
      const seen = slowness.ended + overdue;
      const isSilent = overdue > 0 && endMs - lastEndedMs >= p99.above + p99.for;
      if (slowness.ms < p99.for || (seen < FEWEST_REQUESTS && !isSilent)) return undefined;
      // One request that hangs is overdue in each interval, yet it is one of all that ended meanwhile.
      return isSlow(slowness.slow + overdue, seen) ? `p99 > ${seconds(p99.above)} for ${seconds(p99.for)}` : undefined;
    },
  };
}

function longer(streak: Streak, ms: number, ended: number, slow: number): Streak {
  return { ms: streak.ms + ms, ended: streak.ended + ended, slow: streak.slow + slow };
}

function isSlow(slow: number, of: number): boolean {
  return slow / of > 0.01;
}

function seconds(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
