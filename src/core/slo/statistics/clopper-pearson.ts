// Exact one-sided bounds of a share: never wrong more often than they say, whatever the sample size.
import { betaQuantile } from './beta.ts';

/** A count smaller than this is rounding. */
const none = 1e-9;

/**
 * Lower and upper bound, each holding with `confidence`, of the true share when `bad` of `samples` were bad. Fractional counts are allowed
 * (effective samples). No samples: [0, 1]. C. J. Clopper, E. S. Pearson, Biometrika 26 (1934), by beta quantiles.
 */
export function clopperPearson(bad: number, samples: number, confidence: number): readonly [number, number] {
  if (samples <= 0) return [0, 1];
  const good = Math.max(0, samples - bad);
  return [
    bad <= none ? 0 : betaQuantile(1 - confidence, bad, good + 1),
    good <= none ? 1 : betaQuantile(confidence, bad + 1, good),
  ];
}
