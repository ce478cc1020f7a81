// Takes back a verdict that the run was not fit to give.
import type { ClauseVerdict, Verdict } from '../model/verdict.ts';
import type { ValidityIssue } from './validity.ts';

/** A pass never survives an issue; a failure survives those that can only have hidden more of it. Other verdicts get the issues as notes. */
export function gateVerdict(verdict: Verdict, issues: readonly ValidityIssue[]): Verdict {
  const isPassed = verdict.verdict === 'pass' || verdict.verdict === 'warn';
  const isFailed = verdict.verdict === 'fail';
  const issue = issues.find((each) => isPassed || (isFailed && !each.keepsFail));
  const notes = [...verdict.notes, ...issues.filter((each) => each !== issue).map((each) => each.message)];
  if (issue === undefined) return issues.length === 0 ? verdict : { ...verdict, notes };
  return {
    ...verdict,
    verdict: 'inconclusive',
    reason: issue.reason,
    need: issue.message,
    explanation: `${issue.message}; as far as was seen: ${verdict.explanation}`,
    clauses: verdict.clauses.map((clause) => gateClause(clause, issue)),
    notes,
  };
}

function gateClause(clause: ClauseVerdict, issue: ValidityIssue): ClauseVerdict {
  const isTaken =
    clause.verdict === 'pass' || clause.verdict === 'warn' || (clause.verdict === 'fail' && !issue.keepsFail);
  return isTaken ? { ...clause, verdict: 'inconclusive', reason: issue.reason, need: issue.message } : clause;
}
