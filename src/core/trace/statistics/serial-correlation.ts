// Requests that follow one another fail and dawdle together: how much less so many of them prove.

/** Running sums of a series of numbers in order of time. */
export interface SeriesMoments {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
  /** Sum of each value times the one before it. */
  readonly products: number;
  readonly first: number;
  readonly last: number;
}

/** Strongest correlation that is believed; beyond it everything is one event. */
const strongest = 0.95;

/**
 * Variance inflation by correlation of neighbours, (1 + r) / (1 - r), with r pooled over series that may differ in level (each about its own mean).
 * At least 1. Evidence from n values weighs as much as from n divided by this. Series that do not vary at all tell nothing of r and give 1.
 */
export function clustering(...series: readonly SeriesMoments[]): number {
  let covariance = 0;
  let variance = 0;
  for (const each of series) {
    if (each.count < 2) continue;
    const mean = each.sum / each.count;
    variance += Math.max(0, each.squares - each.count * mean * mean);
    covariance += each.products - mean * (2 * each.sum - each.first - each.last) + (each.count - 1) * mean * mean;
  }
  if (variance <= 1e-12) return 1;
  const r = Math.min(strongest, Math.max(0, covariance / variance));
  return (1 + r) / (1 - r);
}
