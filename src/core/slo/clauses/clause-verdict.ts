// Building blocks of clause verdicts that every judgement uses.
import type { Clause, Requirement } from '../../model/requirement.ts';
import type { ClauseVerdict, InconclusiveReason, VerdictName } from '../../model/verdict.ts';
import type { NoEvidence } from '../evidence/evidence.ts';
import { sayCount } from '../wording.ts';

/** Nothing (usable) was seen. */
export function noDataVerdict(clause: Clause, missing: NoEvidence): ClauseVerdict {
  return {
    clause: clause.text,
    verdict: 'inconclusive',
    explanation: `${clause.text}: ${missing.message}`,
    reason: missing.reason,
    need: missing.message,
  };
}

/** Something is missing that has its own reason. */
export function inconclusiveVerdict(
  clause: Clause,
  reason: InconclusiveReason,
  need: string,
  rest: Partial<ClauseVerdict> = {},
): ClauseVerdict {
  return {
    explanation: `${clause.text}: ${need}`,
    ...rest,
    clause: clause.text,
    verdict: 'inconclusive',
    reason,
    need,
  };
}

/** Fewer samples than `minSamples` say nothing, whatever they say; undefined when there are enough. */
export function belowMinimum(
  clause: Clause,
  samples: number,
  { minSamples }: Pick<Requirement, 'minSamples'>,
  rest: Partial<ClauseVerdict> = {},
): ClauseVerdict | undefined {
  if (samples >= minSamples) return undefined;
  const need = `need ${sayCount(minSamples)} samples, have ${sayCount(samples)}`;
  const said = rest.explanation === undefined ? {} : { explanation: `${rest.explanation}; ${need}` };
  return inconclusiveVerdict(clause, 'too-few-samples', need, { ...rest, ...said });
}

/** A rule that the type does not know how to judge: the document's check should have refused it. */
export function unsupportedVerdict(clause: Clause, message: string): ClauseVerdict {
  return { clause: clause.text, verdict: 'error', explanation: `${clause.text}: ${message}` };
}

const severity: Readonly<Record<VerdictName, number>> = { pass: 0, warn: 1, inconclusive: 2, error: 3, fail: 4 };

/** The worse of two: a broken limit outweighs what could not be told, which outweighs a kept one. */
export function isWorse(a: VerdictName, b: VerdictName): boolean {
  return severity[a] > severity[b];
}
