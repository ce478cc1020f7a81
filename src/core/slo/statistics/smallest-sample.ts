// How many samples a share needs before it can be judged at all.

/**
 * The smallest number of independent samples that can ever pass "at most `allowed` are bad" at `confidence`: with none of them bad,
 * n = ceil(ln(1 - confidence) / ln(1 - allowed)). 299 for 1% at 95%. Infinite when nothing is allowed: absence cannot be proved.
 */
export function smallestDecidingSample(allowed: number, confidence: number): number {
  if (allowed <= 0) return Number.POSITIVE_INFINITY;
  if (allowed >= 1) return 1;
  // Guard against ln's last digit turning an exact quotient into one too many.
  return Math.ceil(Math.log(1 - confidence) / Math.log1p(-allowed) - 1e-9);
}
