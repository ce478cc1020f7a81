// One-sided score bounds of a share: short and nearly exact once a handful of bad events were seen.

/**
 * Lower and upper bound of the true share at `z` standard deviations (1.645: each holds with 95%). No samples: [0, 1].
 * E. B. Wilson, JASA 22 (1927); recommended by Brown, Cai, DasGupta, Statistical Science 16 (2001).
 */
export function wilson(bad: number, samples: number, z: number): readonly [number, number] {
  if (samples <= 0) return [0, 1];
  const share = bad / samples;
  const z2 = (z * z) / samples;
  const centre = share + z2 / 2;
  const reach = Math.sqrt(z2 * (share * (1 - share) + z2 / 4));
  return [Math.max(0, (centre - reach) / (1 + z2)), Math.min(1, (centre + reach) / (1 + z2))];
}
