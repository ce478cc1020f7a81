// The verdict of a whole run from those of its requirements.
import type { Verdict, VerdictName } from '../model/verdict.ts';

/**
 * error on a must > fail on a must > inconclusive on a must > warn (a must that warns, a should that fails or warns) > pass. `info` has no say. A run in which nothing was judged, or that was
 * `stopped` before its end, is no pass. Exit codes: 0 pass and warn, 1 fail, 3 inconclusive, 4 error (DESIGN.md 6).
 */
export function runVerdict(verdicts: readonly Verdict[], stopped: boolean): VerdictName {
  const counting = verdicts.filter((verdict) => verdict.priority !== 'info' && verdict.skipped !== true);
  const musts = counting.filter((verdict) => verdict.priority === 'must').map((verdict) => verdict.verdict);
  const shoulds = counting.filter((verdict) => verdict.priority === 'should').map((verdict) => verdict.verdict);
  for (const grave of ['error', 'fail', 'inconclusive'] as const) if (musts.includes(grave)) return grave;
  const judged = [...musts, ...shoulds].filter((name) => name !== 'inconclusive' && name !== 'error');
  if (judged.length === 0 || stopped) return 'inconclusive';
  return musts.includes('warn') || shoulds.some((name) => name === 'fail' || name === 'warn') ? 'warn' : 'pass';
}
