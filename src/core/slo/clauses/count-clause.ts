// Judges a plain number of this run, which has no interval: how many failed, the value of a query.
import type { CanonicalUnit, Clause, Requirement } from '../../model/requirement.ts';
import type { ClauseVerdict } from '../../model/verdict.ts';
import { limitValues } from '../evidence/watch.ts';
import { sayCount, sayQuantity } from '../wording.ts';
import { inconclusiveVerdict, unsupportedVerdict } from './clause-verdict.ts';
import { fewestForNever } from './decide-beyond.ts';
import { compareInterval, isLower } from './mean-clause.ts';

export interface Count {
  readonly value: number;
  /** What it was counted among. */
  readonly samples: number;
  readonly unit: CanonicalUnit;
  /** Completes "7 ...": `requests failed`. */
  readonly said: string;
}

/** Passes only with enough samples (`minSamples`, at least 30); fails as soon as the limit is broken. */
export function judgeCount(clause: Clause, count: Count, requirement: Requirement): ClauseVerdict {
  const limits = limitValues(clause);
  const limit = isLower(clause.op) ? limits[0] : limits.at(-1);
  if (limit === undefined) return unsupportedVerdict(clause, 'a count is compared with a fixed limit only');
  const { value, samples, unit } = count;
  if (Number.isNaN(value)) return inconclusiveVerdict(clause, 'no-data', 'the value is not a number');
  const observed = { value, unit, confidence: requirement.confidence };
  const explanation = `${sayQuantity(value, unit)} ${count.said} (${sayCount(samples)} in all), limit ${sayQuantity(limit, unit)}`;
  const verdict = compareInterval(clause.op, [value, value], limits);
  const least = Math.max(requirement.minSamples, fewestForNever);
  if (verdict === 'fail' && samples >= requirement.minSamples)
    return { clause: clause.text, verdict, observed, limit, explanation };
  if (verdict === 'pass' && samples >= least) return { clause: clause.text, verdict, observed, limit, explanation };
  const need = `need ${sayCount(least)} samples, have ${sayCount(samples)}`;
  return inconclusiveVerdict(clause, samples === 0 ? 'no-data' : 'too-few-samples', need, {
    observed,
    limit,
    explanation: `${explanation}; ${need}`,
  });
}
