// Whether a requirement was met as measured, without an interval: for stretches too short to be sure of.
import type { Requirement } from '../model/requirement.ts';
import type { Verdict } from '../model/verdict.ts';
import { compareInterval } from './clauses/mean-clause.ts';
import { limitValues } from './evidence/watch.ts';

/** Every clause's value keeps its limit. Undefined when nothing was seen. */
export function meetsAsMeasured(verdict: Verdict, requirement: Requirement): boolean | undefined {
  if (verdict.verdict === 'error' || verdict.reason === 'no-data' || verdict.clauses.length === 0) return undefined;
  return requirement.require.clauses.every((clause) => {
    const judged = verdict.clauses.find((each) => each.clause === clause.text);
    if (judged?.decision !== undefined) return judged.decision.badShare <= judged.decision.allowed;
    const value = judged?.observed?.value;
    if (value === undefined) return false;
    return compareInterval(clause.op, [value, value], limitValues(clause)) === 'pass';
  });
}
