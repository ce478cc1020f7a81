// Judges a share of bad events given as it is: "rate <= 0.1%".
import type { Clause, Requirement } from '../../model/requirement.ts';
import { ratio } from '../../model/units.ts';
import type { ClauseVerdict } from '../../model/verdict.ts';
import { complement } from '../statistics/complement.ts';
import type { SliceCount } from '../statistics/design-effect.ts';
import type { ShareOutcome } from '../statistics/share-decision.ts';
import { sayCount, sayInterval, sayQuantity } from '../wording.ts';
import { unsupportedVerdict } from './clause-verdict.ts';
import { decideBeyond, worseOutcome } from './decide-beyond.ts';
import { sidesOf } from './quantile-clause.ts';

export interface ShareEvidence {
  /** What is shared out, plural, and what makes one of them count: "requests", "failed". */
  readonly noun: string;
  readonly counted: string;
  /** `bad` is what the statistic counts, whether that is bad or good. */
  readonly slices: readonly SliceCount[];
  readonly sliceMs: number;
  readonly name: string;
  /** Design effect of independent events: below 1 when one may count in part. */
  readonly floor?: number;
  /** Unit the share is written in. Default `ratio`. */
  readonly unit?: '' | 'ratio';
}

/** The limit is a share. For `>=` what is not counted is the bad part. */
export function judgeShare(clause: Clause, evidence: ShareEvidence, requirement: Requirement): ClauseVerdict {
  const outcomes = sidesOf(clause).map(({ limit, above, strict }) => {
    const slices = above ? evidence.slices : evidence.slices.map(turned);
    const allowed = above ? limit : complement(limit);
    const outcome = decideBeyond({
      beyond: { least: slices, most: slices },
      sliceMs: evidence.sliceMs,
      wantedSliceMs: requirement.slice,
      allowed,
      needsOne: strict && allowed >= 1,
      confidence: requirement.confidence,
      minSamples: requirement.minSamples,
      ...(evidence.floor === undefined ? {} : { floor: evidence.floor }),
      ...(clause.over === undefined ? {} : { overMs: clause.over }),
      ...(clause.inSlices === undefined ? {} : { inSlices: clause.inSlices }),
    });
    return { limit, above, outcome };
  });
  const worst = outcomes.reduce<(typeof outcomes)[number] | undefined>(
    (a, b) => (a && worseOutcome(a.outcome, b.outcome) === a.outcome ? a : b),
    undefined,
  );
  if (worst === undefined) return unsupportedVerdict(clause, 'a share is compared with a fixed limit only');
  return verdictOf(clause, evidence, requirement, worst);
}

const turned = (slice: SliceCount): SliceCount => ({ ...slice, bad: slice.requests - slice.bad });

function verdictOf(
  clause: Clause,
  evidence: ShareEvidence,
  requirement: Requirement,
  { limit, above, outcome }: { readonly limit: number; readonly above: boolean; readonly outcome: ShareOutcome },
): ClauseVerdict {
  const { decision } = outcome;
  const [low, high] = decision.interval;
  // In slices, or in windows, the decision counts something else than the statistic.
  const whole =
    clause.inSlices === undefined ? { share: decision.badShare, low, high } : overall(evidence.slices, above);
  const value = above ? whole.share : 1 - whole.share;
  const interval = above ? ([whole.low, whole.high] as const) : ([1 - whole.high, 1 - whole.low] as const);
  const counted = above ? decision.bad : decision.samples - decision.bad;
  const counts =
    clause.inSlices === undefined
      ? `${sayCount(counted)} of ${sayCount(decision.samples)} ${evidence.noun} ${evidence.counted}`
      : `${sayCount(decision.bad)} of ${sayCount(decision.samples)} slices were beyond it`;
  const need = outcome.verdict === 'inconclusive' ? `; ${outcome.need}` : '';
  const shown = sayInterval(value, clause.inSlices === undefined ? interval : undefined, evidence.unit ?? 'ratio');
  return {
    clause: clause.text,
    verdict: outcome.verdict,
    observed: {
      value,
      unit: evidence.unit ?? 'ratio',
      ...(clause.inSlices === undefined ? { interval } : {}),
      confidence: requirement.confidence,
    },
    limit,
    decision,
    explanation: `${evidence.name} ${shown}, limit ${sayQuantity(limit, evidence.unit ?? 'ratio')}: ${counts}${need}`,
    ...(outcome.verdict === 'inconclusive' ? { reason: outcome.reason, need: outcome.need } : {}),
  };
}

function overall(slices: readonly SliceCount[], above: boolean): { share: number; low: number; high: number } {
  const requests = slices.reduce((sum, slice) => sum + slice.requests, 0);
  const counted = slices.reduce((sum, slice) => sum + slice.bad, 0);
  const share = ratio(requests === 0 ? 0 : (above ? counted : requests - counted) / requests);
  return { share, low: share, high: share };
}
