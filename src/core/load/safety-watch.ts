// Decides, second by second, whether a run hurts its target and must end: error rate and p99 above their limits for too long.
import type { HistogramData } from '../model/load.ts';
import type { SafetyLimits } from '../model/workload.ts';
import { countAbove } from './histogram-data.ts';

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

/**
 * A limit is broken when every interval of its time was above it. An interval without any ended or overdue request says nothing: it neither breaks nor
 * clears a limit, so a silent target is not taken for a healthy one.
 */
export function safetyWatch({ errorRate, p99 }: SafetyLimits): SafetyWatch {
  let errorsSince: number | undefined;
  let slowSince: number | undefined;
  return {
    check({ startMs, endMs, requests, failed, response, overdue }) {
      if (requests > 0) errorsSince = failed / requests > errorRate.above ? (errorsSince ?? startMs) : undefined;
      if (requests + overdue > 0) {
        const slow = countAbove(response, p99.above * 1000) + overdue;
        slowSince = slow / (requests + overdue) > 0.01 ? (slowSince ?? startMs) : undefined;
      }
      if (errorsSince !== undefined && endMs - errorsSince >= errorRate.for) {
        return `errorRate > ${Number((errorRate.above * 100).toFixed(3))}% for ${seconds(errorRate.for)}`;
      }
      if (slowSince !== undefined && endMs - slowSince >= p99.for)
        return `p99 > ${seconds(p99.above)} for ${seconds(p99.for)}`;
      return undefined;
    },
  };
}

function seconds(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
