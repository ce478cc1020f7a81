// Judges the clauses that every measured quantity shares: percentiles, max, min, mean.
import type { Clause, Requirement, Rule } from '../../model/requirement.ts';
import type { ClauseVerdict } from '../../model/verdict.ts';
import { type Evidence, isEvidence, type NoEvidence } from '../evidence/evidence.ts';
import type { Judgement } from '../requirement-type.ts';
import { noDataVerdict, unsupportedVerdict } from './clause-verdict.ts';
import { judgeMean } from './mean-clause.ts';
import { judgeQuantile } from './quantile-clause.ts';

/** Clause by clause on one body of evidence. */
export function judgeQuantiles(requirement: Requirement, rule: Rule, found: Evidence | NoEvidence): Judgement {
  return {
    clauses: rule.clauses.map((clause) =>
      isEvidence(found) ? judgeClause(clause, found, requirement) : noDataVerdict(clause, found),
    ),
    notes: isEvidence(found) ? found.notes : [],
  };
}

/** `max` is the 100th percentile, `min` the 0th: not one request beyond the limit. */
export function judgeClause(clause: Clause, evidence: Evidence, requirement: Requirement): ClauseVerdict {
  const { stat } = clause;
  if (stat.kind === 'quantile') return judgeQuantile(clause, stat.q, evidence, requirement);
  switch (stat.name) {
    case 'max':
      return judgeQuantile(clause, 1, evidence, requirement);
    case 'min':
      return judgeQuantile(clause, 0, evidence, requirement);
    case 'mean':
      return judgeMeanClause(clause, evidence, requirement);
    default:
      return unsupportedVerdict(clause, `unknown statistic ${stat.name}`);
  }
}

function judgeMeanClause(clause: Clause, evidence: Evidence, requirement: Requirement): ClauseVerdict {
  const values = evidence.means();
  if (values === undefined) return unsupportedVerdict(clause, 'no mean is known of this measure, only percentiles');
  return judgeMean(clause, { values, sliceMs: evidence.sliceMs, unit: evidence.unit, name: 'mean' }, requirement);
}
