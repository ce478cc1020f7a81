// The binomial distribution: how many of n independent requests are bad when each is bad with probability p.
import { betaCdf } from './beta.ts';

/** P(X <= k) for X ~ Binomial(n, p). */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  return betaCdf(1 - p, n - Math.floor(k), Math.floor(k) + 1);
}

/** The smallest k with P(X <= k) >= probability. */
export function binomialQuantile(probability: number, n: number, p: number): number {
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (binomialCdf(middle, n, p) >= probability) high = middle;
    else low = middle + 1;
  }
  return low;
}
