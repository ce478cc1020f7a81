// How far a clause is from its limit, as a share of the limit.
import type { Clause } from '../model/requirement.ts';
import type { ClauseVerdict } from '../model/verdict.ts';

/**
 * (limit - value) / limit, the other way round for lower limits: negative beyond the limit. Undefined without both numbers, for a limit of 0, and for ranges; and where the value over all lies on the
 * other side than the verdict, because windows or slices decided: a failure has nothing to spare, and what is kept is not beyond.
 */
export function marginOf(clause: Clause | undefined, verdict: ClauseVerdict): number | undefined {
  const margin = signedMargin(clause, verdict);
  if (margin === undefined) return undefined;
  const isOtherSide = verdict.verdict === 'fail' ? margin >= 0 : verdict.verdict === 'pass' && margin < 0;
  return isOtherSide ? undefined : margin;
}

function signedMargin(clause: Clause | undefined, { observed, limit }: ClauseVerdict): number | undefined {
  const value = observed?.value;
  if (clause === undefined || value === undefined || limit === undefined || limit === 0) return undefined;
  if (!Number.isFinite(value)) return undefined;
  switch (clause.op) {
    case 'lte':
    case 'lt':
      return (limit - value) / Math.abs(limit);
    case 'gte':
    case 'gt':
      return (value - limit) / Math.abs(limit);
    case 'eq':
    case 'between':
      return undefined;
  }
}
