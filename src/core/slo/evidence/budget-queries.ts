// The queries that tell how much of an SLO's error budget a window used, from the SLO's own indicator.
import type { Requirement } from '../../model/requirement.ts';
import type { Slo } from '../../model/verification.ts';
import type { QueryNeed } from '../requirement-type.ts';
import { promDuration } from '../statistic-durations.ts';

/** Which number an answer is. */
export type BudgetPart = 'good' | 'bad' | 'total' | 'share' | 'badShare';

export function budgetKey(requirement: Requirement, windowMs: number, part: BudgetPart): string {
  return `${requirement.id}/${promDuration(windowMs)}/${part}`;
}

/** Slices of a Timeslices budget, as the SLO says or five minutes. */
export function timeSlice(slo: Slo): number {
  return slo.timeSliceWindow ?? 300_000;
}

/** Asked once, at the end of the run. `share` is a share of good, `badShare` of bad. */
export function budgetNeeds(requirement: Requirement, slo: Slo, windowMs: number): readonly QueryNeed[] {
  const { indicator } = slo;
  const dataSource = requirement.dataSourceRef ?? (indicator.dataSource === '' ? undefined : indicator.dataSource);
  const ask = (part: BudgetPart, query: string): QueryNeed => ({
    key: budgetKey(requirement, windowMs, part),
    query,
    mode: 'instant',
    ...(dataSource === undefined ? {} : { dataSource }),
  });
  const isOccurrences = slo.method === 'Occurrences';
  switch (indicator.kind) {
    case 'good-total':
      return isOccurrences
        ? [ask('good', over(indicator.good, windowMs)), ask('total', over(indicator.total, windowMs))]
        : [ask('share', slices(slo, `(${indicator.good}) / (${indicator.total})`, windowMs))];
    case 'bad-total':
      return isOccurrences
        ? [ask('bad', over(indicator.bad, windowMs)), ask('total', over(indicator.total, windowMs))]
        : [ask('share', slices(slo, `1 - (${indicator.bad}) / (${indicator.total})`, windowMs))];
    case 'raw':
      return isOccurrences
        ? [ask(indicator.success ? 'share' : 'badShare', over(indicator.query, windowMs))]
        : [ask('share', slices(slo, indicator.success ? indicator.query : `1 - (${indicator.query})`, windowMs))];
    case 'threshold': {
      const ops = { lte: '<=', lt: '<', gte: '>=', gt: '>' } as const;
      const good = `(${over(indicator.query, timeSlice(slo))}) ${ops[indicator.op]} bool ${indicator.value}`;
      return [ask('share', `avg_over_time((${good})[${promDuration(windowMs)}:${promDuration(timeSlice(slo))}])`)];
    }
  }
}

/** The mean over the window's slices: of good-or-not for Timeslices, of the ratios themselves for RatioTimeslices. */
function slices(slo: Slo, ratio: string, windowMs: number): string {
  const inSlice = over(ratio, timeSlice(slo));
  const value =
    slo.method === 'Timeslices' ? `(${inSlice}) >= bool ${slo.timeSliceTarget ?? slo.target}` : `(${inSlice})`;
  return `avg_over_time((${value})[${promDuration(windowMs)}:${promDuration(timeSlice(slo))}])`;
}

function over(query: string, windowMs: number): string {
  return query
    .replaceAll(/\{\{\s*\.window\s*\}\}/g, promDuration(windowMs))
    .replaceAll(/\{\{\s*\.windowSeconds\s*\}\}/g, String(Math.max(1, Math.round(windowMs / 1000))));
}
