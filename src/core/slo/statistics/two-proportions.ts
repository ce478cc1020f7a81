// The difference of two shares, for comparing the bad share of this run with that of another.
import type { DesignEffect } from './design-effect.ts';
import { effectiveSamples } from './design-effect.ts';
import { normalQuantile } from './normal.ts';
import { wilson } from './wilson.ts';

export interface Share {
  readonly bad: number;
  readonly samples: number;
  /** Bursts in this sample. Absent: independent. */
  readonly effect?: DesignEffect;
}

/**
 * The difference a - b of two independent shares with its two one-sided bounds. Hybrid score interval: R. G. Newcombe, Statistics in Medicine 17 (1998), method 10,
 * on effective samples. Undefined when one of them has no sample that counts.
 */
export function shareDifference(
  a: Share,
  b: Share,
  confidence: number,
): { readonly difference: number; readonly interval: readonly [number, number] } | undefined {
  const na = effectiveOf(a, confidence);
  const nb = effectiveOf(b, confidence);
  if (na <= 0 || nb <= 0) return undefined;
  const z = normalQuantile(confidence);
  const shareA = a.bad / a.samples;
  const shareB = b.bad / b.samples;
  const [lowA, highA] = wilson(shareA * na, na, z);
  const [lowB, highB] = wilson(shareB * nb, nb, z);
  const difference = shareA - shareB;
  return {
    difference,
    interval: [
      difference - Math.hypot(shareA - lowA, highB - shareB),
      difference + Math.hypot(highA - shareA, shareB - lowB),
    ],
  };
}

function effectiveOf(share: Share, confidence: number): number {
  if (share.samples <= 0) return 0;
  return share.effect ? effectiveSamples(share.samples, share.effect, confidence) : share.samples;
}
