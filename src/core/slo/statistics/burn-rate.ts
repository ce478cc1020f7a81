// Error budgets: how fast bad events spend them, what is left, and when an alert on them can fire.

/** Speed at which the budget is spent: 1 spends exactly all of it within the SLO's window. Infinite when the target leaves no budget. */
export function burnRate(badShare: number, target: number): number {
  return target >= 1 ? (badShare > 0 ? Number.POSITIVE_INFINITY : 0) : badShare / (1 - target);
}

/** Share of the budget left after a whole window with this bad share; negative when overspent. */
export function budgetRemaining(badShare: number, target: number): number {
  return 1 - burnRate(badShare, target);
}

/** Milliseconds until nothing is left at this burn rate. Infinite when nothing burns, 0 when it is spent already. */
export function timeToExhaustion(remaining: number, windowMs: number, burn: number): number {
  if (remaining <= 0) return 0;
  return burn <= 0 ? Number.POSITIVE_INFINITY : (remaining * windowMs) / burn;
}

/** Events a window needs before its burn rate means anything: one bad event must not spend more than all of it. */
export function fewestEvents(target: number): number {
  return target >= 1 ? Number.POSITIVE_INFINITY : Math.ceil(1 / (1 - target) - 1e-9);
}

/** One pair of windows: alert when both burn faster than `factor`. */
export interface BurnWindow {
  readonly severity: 'page' | 'ticket';
  readonly longMs: number;
  readonly shortMs: number;
  readonly factor: number;
  /** Share of the budget that is gone when the long window has burnt at `factor`. */
  readonly budgetShare: number;
}

const hour = 3_600_000;
const day = 24 * hour;

/** The Site Reliability Workbook's table 5-8 with the fourth pair that Sloth adds; `factor` follows from the period. */
export function burnWindows(periodMs: number): readonly BurnWindow[] {
  const pairs = [
    { severity: 'page', longMs: hour, shortMs: hour / 12, budgetShare: 0.02 },
    { severity: 'page', longMs: 6 * hour, shortMs: hour / 2, budgetShare: 0.05 },
    { severity: 'ticket', longMs: day, shortMs: 2 * hour, budgetShare: 0.1 },
    { severity: 'ticket', longMs: 3 * day, shortMs: 6 * hour, budgetShare: 0.1 },
  ] as const;
  return pairs.map((pair) => ({ ...pair, factor: (pair.budgetShare * periodMs) / pair.longMs }));
}

/** An alert above factor x (1 - target) needs that share of bad events: at 100% or more it can never fire. */
export function canFire(factor: number, target: number): boolean {
  return factor * (1 - target) < 1;
}
