// Decides a share when only histogram buckets are known: the count beyond the limit lies between two edges, and nothing is interpolated.
import type { SliceCount } from './design-effect.ts';
import { decideShare, type ShareOutcome, type ShareQuestion } from './share-decision.ts';

export interface BucketQuestion extends Omit<ShareQuestion, 'slices'> {
  /** What surely exceeds the limit: counted from the first edge at or above it. */
  readonly least: readonly SliceCount[];
  /** What may exceed the limit: counted from the last edge at or below it. The same as `least` when the limit is an edge. */
  readonly most: readonly SliceCount[];
  /** How the gap between the edges is said: "0.3 lies between 0.25 and 0.5". */
  readonly gap: string;
}

/**
 * Pass only when even `most` passes, fail only when even `least` fails. Where the two would decide differently, or where an exact count could decide and the
 * bounds cannot, it is `bucket-too-coarse` (REQUIREMENTS.md 1.3, "Histograms").
 */
export function decideBuckets(question: BucketQuestion): ShareOutcome {
  const { least, most, gap, ...rest } = question;
  const best = decideShare({ ...rest, slices: least });
  if (best.verdict === 'fail') return best;
  const worst = decideShare({ ...rest, slices: most });
  if (worst.verdict === 'pass') return worst;
  const exact = best.decision.bad === worst.decision.bad;
  if (exact || (best.verdict === 'inconclusive' && worst.verdict === 'inconclusive' && best.reason !== 'straddles'))
    return worst;
  return {
    verdict: 'inconclusive',
    decision: { ...worst.decision, interval: [best.decision.interval[0], worst.decision.interval[1]] },
    effective: worst.effective,
    reason: 'bucket-too-coarse',
    need: `${gap}: put the limit on an edge, or add an edge there`,
  };
}
