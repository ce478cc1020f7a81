// Whether a requirement was met as measured, without an interval: for stretches too short to be sure of.
import type { Clause, Requirement } from '../model/requirement.ts';
import type { ClauseVerdict, Verdict } from '../model/verdict.ts';
import { compareInterval } from './clauses/mean-clause.ts';
import { limitValues } from './evidence/watch.ts';

/** Every clause's value keeps its limit. Undefined when nothing was seen, or a clause has no value in so short a time and no other is broken. */
export function meetsAsMeasured(verdict: Verdict, requirement: Requirement): boolean | undefined {
  if (verdict.verdict === 'error' || verdict.reason === 'no-data' || verdict.clauses.length === 0) return undefined;
  const kept = requirement.require.clauses.map((clause) => {
    const judged = verdict.clauses.find((each) => each.clause === clause.text);
    return judged === undefined ? undefined : isKept(clause, judged);
  });
  if (kept.includes(false)) return false;
  return kept.includes(undefined) ? undefined : true;
}

function isKept(clause: Clause, { decision, observed, verdict }: ClauseVerdict): boolean | undefined {
  if (decision !== undefined) return decision.samples > 0 ? decision.badShare <= decision.allowed : undefined;
  // Among failed events there is no value: it lies beyond every limit.
  if (observed?.failedShare !== undefined) return false;
  if (observed?.value !== undefined && limitValues(clause).length > 0)
    return compareInterval(clause.op, [observed.value, observed.value], limitValues(clause)) === 'pass';
  return verdict === 'inconclusive' || verdict === 'error' ? undefined : verdict !== 'fail';
}
