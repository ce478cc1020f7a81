// The queries that tell how much of an SLO's error budget a window used, from the SLO's own indicator.
import type { Requirement } from '../../model/requirement.ts';
import type { Slo } from '../../model/verification.ts';
import type { QueryNeed } from '../requirement-type.ts';
import { promDuration } from '../statistic-durations.ts';

/** Which number an answer is; `slices`: how many of the window's slices had a value. */
export type BudgetPart = 'good' | 'bad' | 'total' | 'share' | 'badShare' | 'slices';

export function budgetKey(requirement: Requirement, windowMs: number, part: BudgetPart): string {
  return `${requirement.id}/${promDuration(windowMs)}/${part}`;
}

/** Slices of a Timeslices budget, as the SLO says or five minutes. */
export function timeSlice(slo: Slo): number {
  return slo.timeSliceWindow ?? 300_000;
}

/** Whether the budget is counted in slices of time, one of which may be missing. */
export function hasTimeSlices(slo: Slo): boolean {
  return slo.method !== 'Occurrences' || slo.indicator.kind === 'threshold';
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
  const askSlices = (value: string): readonly QueryNeed[] => {
    const range = `(${value})[${promDuration(windowMs)}:${promDuration(timeSlice(slo))}]`;
    return [ask('share', `avg_over_time(${range})`), ask('slices', `count_over_time(${range})`)];
  };
  const isOccurrences = slo.method === 'Occurrences';
  switch (indicator.kind) {
    case 'good-total':
      return isOccurrences
        ? [ask('good', over(indicator.good, windowMs)), ask('total', over(indicator.total, windowMs))]
        : askSlices(slices(slo, `(${indicator.good}) / (${indicator.total})`));
    case 'bad-total':
      return isOccurrences
        ? [ask('bad', over(indicator.bad, windowMs)), ask('total', over(indicator.total, windowMs))]
        : askSlices(slices(slo, `1 - (${indicator.bad}) / (${indicator.total})`));
    case 'raw':
      return isOccurrences
        ? [ask(indicator.success ? 'share' : 'badShare', over(indicator.query, windowMs))]
        : askSlices(slices(slo, indicator.success ? indicator.query : `1 - (${indicator.query})`));
    case 'threshold': {
      const ops = { lte: '<=', lt: '<', gte: '>=', gt: '>' } as const;
      const good = `(${over(indicator.query, timeSlice(slo))}) ${ops[indicator.op]} bool ${indicator.value}`;
      return askSlices(good);
    }
  }
}

/** The value of a slice, whose mean over the window is a share: good or not for Timeslices, the ratio itself for RatioTimeslices. */
function slices(slo: Slo, ratio: string): string {
  const inSlice = over(ratio, timeSlice(slo));
  return slo.method === 'Timeslices' ? `(${inSlice}) >= bool ${slo.timeSliceTarget ?? slo.target}` : `(${inSlice})`;
}

function over(query: string, windowMs: number): string {
  return query
    .replaceAll(/\{\{\s*\.window\s*\}\}/g, promDuration(windowMs))
    .replaceAll(/\{\{\s*\.windowSeconds\s*\}\}/g, String(Math.max(1, Math.round(windowMs / 1000))));
}
