// One sentence for the on-call engineer.

import type { CandidateFinding } from '../mechanisms/mechanism.ts';
import type { Cause } from './explain-causes.ts';
import { happening } from './explain-happening.ts';
import { evidenceValue, times } from './explain-words.ts';

/** What happens where, with the numbers that say so, and what makes it worse. `isCompared`: there were requests to compare with. */
export function sentenceFor(cause: Cause, isCompared: boolean): string {
  return `${happening(cause.main, cause.share, isCompared)}${amplifiedBy(cause)}.`;
}

/** `; retries of payments (x2.3) multiply it`. */
function amplifiedBy({ main, amplifiers }: Cause): string {
  const retries = amplifiers.filter(({ mechanism }) => mechanism === 'retry-storm');
  if (main.mechanism === 'retry-storm' || main.mechanism === 'metastable') {
    const callers = retries.map((each) => `${each.edge?.caller ?? each.service} (${amplification(each)})`);
    return callers.length === 0 ? '' : `; retried again by ${callers.join(' and ')}`;
  }
  const [first] = retries;
  if (first !== undefined)
    return `; retries of ${first.edge?.caller ?? 'its callers'} (${amplification(first)}) multiply it`;
  return amplifiers.some(({ mechanism }) => mechanism === 'cascading-timeout')
    ? '; callers give up on it while it works'
    : '';
}

const amplification = (each: CandidateFinding): string => times(evidenceValue(each, 'amplification'));
