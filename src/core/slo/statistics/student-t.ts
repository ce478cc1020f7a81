// Student's t distribution, for means of few slices.

import { betaCdf } from './beta.ts';
import { bisect } from './bisect.ts';
import { normalQuantile } from './normal.ts';

/** P(T <= t) with `df` > 0 degrees of freedom (Student 1908, by the incomplete beta function: DLMF 8.17). */
export function studentTCdf(t: number, df: number): number {
  const tail = betaCdf(df / (df + t * t), df / 2, 0.5) / 2;
  return t < 0 ? tail : 1 - tail;
}

/** The t with P(T <= t) = p: 1.699 for 0.95 and 29 degrees of freedom. With none, infinite: nothing can be said. */
export function studentTQuantile(p: number, df: number): number {
  if (df <= 0) return p < 0.5 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  // Beyond this the two differ by less than the bounds' own rounding.
  if (df > 1e5) return normalQuantile(p);
  if (p < 0.5) return -studentTQuantile(1 - p, df);
  if (p === 0.5) return 0;
  return bisect((t) => studentTCdf(t, df) - p, 0, 1e6);
}
