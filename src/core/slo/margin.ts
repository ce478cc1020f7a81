// How far a clause is from its limit, as a share of the limit.
import type { Clause } from '../model/requirement.ts';
import type { ClauseVerdict } from '../model/verdict.ts';

/** (limit - value) / limit, the other way round for lower limits: negative beyond the limit. Undefined without both numbers, for a limit of 0, and for ranges. */
export function marginOf(clause: Clause | undefined, verdict: ClauseVerdict): number | undefined {
  const { observed, limit } = verdict;
  if (clause === undefined || observed === undefined || limit === undefined || limit === 0) return undefined;
  if (!Number.isFinite(observed.value)) return undefined;
  switch (clause.op) {
    case 'lte':
    case 'lt':
      return (limit - observed.value) / Math.abs(limit);
    case 'gte':
    case 'gt':
      return (observed.value - limit) / Math.abs(limit);
    case 'eq':
    case 'between':
      return undefined;
  }
}
