// The reading order of requirements: what must be acted on stands first.
import type { Priority } from '../core/model/requirement.ts';
import type { Verdict, VerdictName } from '../core/model/verdict.ts';

const byVerdict: Readonly<Record<VerdictName, number>> = { fail: 0, error: 1, inconclusive: 2, warn: 3, pass: 4 };
const byPriority: Readonly<Record<Priority, number>> = { must: 0, should: 1, info: 2 };

/**
 * Broken `must` first (failed, then not looked at, then undecided), then `should`, then `info`, then what was skipped for want of data, and what passed last; equal ones by the smallest margin, then
 * by id. Unlike the precedence of the run's verdict, `fail` stands before `error`: a known break is what a reader can act on.
 */
export function worstFirst(verdicts: readonly Verdict[]): readonly Verdict[] {
  return [...verdicts].sort(
    (a, b) =>
      rankOf(a) - rankOf(b) ||
      marginOf(a) - marginOf(b) ||
      (a.requirement < b.requirement ? -1 : a.requirement > b.requirement ? 1 : 0),
  );
}

function rankOf(verdict: Verdict): number {
  const passed = verdict.verdict === 'pass';
  if (verdict.skipped === true) return 50;
  return passed ? 100 + byPriority[verdict.priority] : byPriority[verdict.priority] * 10 + byVerdict[verdict.verdict];
}

/** A verdict without a margin stands after those that have one, but what falls among failed requests lies beyond every limit. */
function marginOf({ verdict, margin, clauses }: Verdict): number {
  if (verdict === 'fail' && clauses[0]?.observed?.failedShare !== undefined) return -Number.MAX_VALUE;
  return margin === undefined || !Number.isFinite(margin) ? Number.MAX_VALUE : margin;
}
