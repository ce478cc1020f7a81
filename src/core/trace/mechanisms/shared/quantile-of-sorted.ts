// Quantiles of samples that are sorted already, for where several of one large sample are wanted.

/** Nearest rank: the smallest value with at least `share` of the values at or below it; NaN of nothing. `sorted` ascends. */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}
