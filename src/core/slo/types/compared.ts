// What comparing with earlier runs gives for one clause.
import type { ClauseVerdict, Verdict } from '../../model/verdict.ts';

export interface Compared {
  readonly verdict: ClauseVerdict;
  readonly baseline?: Verdict['baseline'];
  readonly notes: readonly string[];
}

/** Why nothing could be compared. */
export const noBaseline = 'no passed run of this verification with the same workload and environment to compare with';
