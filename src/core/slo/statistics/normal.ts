// The normal distribution.
import { bisect } from './bisect.ts';
import { gammaCdf } from './gamma.ts';

/** P(Z <= z) for a standard normal Z. */
export function normalCdf(z: number): number {
  const half = gammaCdf((z * z) / 2, 0.5) / 2;
  return z < 0 ? 0.5 - half : 0.5 + half;
}

/** The z with P(Z <= z) = p: 1.645 for 0.95. Infinite at 0 and 1. */
export function normalQuantile(p: number): number {
  if (p <= 0) return Number.NEGATIVE_INFINITY;
  if (p >= 1) return Number.POSITIVE_INFINITY;
  if (p < 0.5) return -normalQuantile(1 - p);
  if (p === 0.5) return 0;
  return bisect((z) => normalCdf(z) - p, 0, 40);
}
