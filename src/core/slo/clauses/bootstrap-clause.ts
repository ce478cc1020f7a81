// Judges a mean over traces, whose values are far from normal, by resampling.
import type { CanonicalUnit, Clause, Requirement } from '../../model/requirement.ts';
import type { ClauseVerdict } from '../../model/verdict.ts';
import { limitValues } from '../evidence/watch.ts';
import { blockBootstrap } from '../statistics/block-bootstrap.ts';
import { meanOf } from '../statistics/mean-interval.ts';
import { sayCount, sayInterval, sayQuantity } from '../wording.ts';
import { inconclusiveVerdict, unsupportedVerdict } from './clause-verdict.ts';
import { compareInterval, isLower } from './mean-clause.ts';

export interface BootstrapEvidence {
  /** In time order. */
  readonly values: readonly number[];
  readonly unit: CanonicalUnit;
  readonly name: string;
  readonly noun: string;
}

/** Needs 30 values; the seed is fixed, so the same observations always give the same verdict. */
export function judgeBootstrapMean(
  clause: Clause,
  evidence: BootstrapEvidence,
  requirement: Requirement,
): ClauseVerdict {
  const { values, unit, name, noun } = evidence;
  const limits = limitValues(clause);
  const limit = isLower(clause.op) ? limits[0] : limits.at(-1);
  if (limit === undefined) return unsupportedVerdict(clause, 'a mean is compared with a fixed limit only');
  const least = Math.max(30, requirement.minSamples);
  const interval = blockBootstrap(values, meanOf, { confidence: requirement.confidence });
  if (interval === undefined || values.length < least) {
    const reason = values.length === 0 ? 'no-data' : 'too-few-samples';
    return inconclusiveVerdict(clause, reason, `need ${sayCount(least)} ${noun}, have ${sayCount(values.length)}`);
  }
  const value = meanOf(values);
  const observed = { value, unit, interval, confidence: requirement.confidence };
  const explanation = `${name} ${sayInterval(value, interval, unit)}, limit ${sayQuantity(limit, unit)}: mean of ${sayCount(values.length)} ${noun}`;
  const verdict = compareInterval(clause.op, interval, limits);
  if (verdict !== 'open') return { clause: clause.text, verdict, observed, limit, explanation };
  const need = `the interval holds the limit: more ${noun} would narrow it`;
  return inconclusiveVerdict(clause, 'straddles', need, { observed, limit, explanation: `${explanation}; ${need}` });
}
