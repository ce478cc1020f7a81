// Whether a series rises or falls at all: the Mann-Kendall trend test.
import { normalCdf } from './normal.ts';

export interface TrendTest {
  /** Pairs that rise minus pairs that fall. */
  readonly s: number;
  /** Standard deviation of s when there is no trend, widened for correlated neighbours. */
  readonly deviation: number;
  /** Two-sided probability of so strong a trend by chance. */
  readonly p: number;
}

/**
 * H. B. Mann, Econometrica 13 (1945); M. G. Kendall, Rank Correlation Methods (1975), with correction for ties. `lag1` is the correlation of neighbouring values once the
 * trend is taken out: it widens the deviation as in an AR(1) process (Yue and Wang, Water Resources Management 18, 2004).
 * Fewer than four values: p = 1.
 */
export function mannKendall(values: readonly number[], lag1 = 0): TrendTest {
  const n = values.length;
  let s = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) s += Math.sign((values[j] ?? 0) - (values[i] ?? 0));
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const ties = [...counts.values()].reduce((sum, t) => sum + t * (t - 1) * (2 * t + 5), 0);
  const left = Math.min(0.95, Math.max(0, lag1));
  const deviation = Math.sqrt((((n * (n - 1) * (2 * n + 5) - ties) / 18) * (1 + left)) / (1 - left));
  if (n < 4 || deviation === 0) return { s, deviation, p: 1 };
  // Continuity correction: s moves in steps of two.
  const z = (Math.abs(s) - (s === 0 ? 0 : 1)) / deviation;
  return { s, deviation, p: Math.min(1, 2 * (1 - normalCdf(z))) };
}
