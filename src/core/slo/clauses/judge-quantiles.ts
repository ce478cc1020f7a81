// Judges the clauses that every measured quantity shares: percentiles, max, min, mean.
import type { Clause, Requirement, Rule } from '../../model/requirement.ts';
import { ratio } from '../../model/units.ts';
import type { ClauseVerdict } from '../../model/verdict.ts';
import { type Evidence, fewFailures, isEvidence, type NoEvidence } from '../evidence/evidence.ts';
import { limitValues } from '../evidence/watch.ts';
import type { Judgement } from '../requirement-type.ts';
import { sayCount, sayQuantity } from '../wording.ts';
import { inconclusiveVerdict, noDataVerdict, unsupportedVerdict } from './clause-verdict.ts';
import { isLower, judgeMean } from './mean-clause.ts';
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
  const means = evidence.means();
  if (means === undefined) return unsupportedVerdict(clause, 'no mean is known of this measure, only percentiles');
  const answered = judgeMean(
    clause,
    { ...means, unit: evidence.unit, name: 'mean', samples: evidence.samples },
    requirement,
  );
  return evidence.failed === 0 ? answered : withFailures(clause, answered, evidence, requirement);
}

/**
 * Failed events have no value, so a mean over all of them has none either. An upper limit is broken when more failed than chance explains, or when what was answered breaks it alone; nothing is kept.
 */
function withFailures(
  clause: Clause,
  answered: ClauseVerdict,
  { failed, samples, noun, unit }: Evidence,
  requirement: Requirement,
): ClauseVerdict {
  const hasUpper = !isLower(clause.op);
  if (hasUpper && failed <= fewFailures && answered.verdict === 'fail') return answered;
  const limits = limitValues(clause);
  const limit = hasUpper ? limits.at(-1) : limits[0];
  const observed = { unit, failedShare: ratio(failed / samples), confidence: requirement.confidence };
  const need = `failed ${noun} have no value to average: bound a percentile, or leave them out (failuresCountAs: excluded)`;
  const bound = limit === undefined ? '' : `, limit ${sayQuantity(limit, unit)}`;
  const explanation = `mean has no value (${sayCount(failed)} of ${sayCount(samples)} ${noun} failed)${bound}: ${need}`;
  const rest = { observed, explanation, ...(limit === undefined ? {} : { limit }) };
  return hasUpper && failed > fewFailures
    ? { clause: clause.text, verdict: 'fail', ...rest }
    : inconclusiveVerdict(clause, 'straddles', need, rest);
}
