// How documents, verdicts and reports write a quantile.

/** `p99.9` for 0.999: without the noise of binary fractions, which would make it p99.90000000000001. */
export function percentileName(q: number): string {
  return `p${Number((q * 100).toPrecision(10))}`;
}
