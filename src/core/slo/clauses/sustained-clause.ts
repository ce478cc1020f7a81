// Judges a mean that must be kept up for a while: some stretch of the run must keep the limit throughout.
import type { Clause, Requirement } from '../../model/requirement.ts';
import { ratio } from '../../model/units.ts';
import type { ClauseVerdict } from '../../model/verdict.ts';
import { type RateSlice, requestsIn, secondsOf } from '../evidence/rate-slices.ts';
import { sayDuration } from '../wording.ts';
import { inconclusiveVerdict } from './clause-verdict.ts';
import { judgeMean } from './mean-clause.ts';

export interface SustainedEvidence {
  readonly slices: readonly RateSlice[];
  readonly sliceMs: number;
  readonly forMs: number;
  readonly name: string;
  /** Said of a stretch in which too little was offered: it shows nothing of the system. */
  readonly shortOf?: (stretch: readonly RateSlice[]) => ClauseVerdict | undefined;
}

/**
 * Every stretch of the wanted length, beginning at each slice, within one phase. Passes when one stretch keeps the limit at 1 - alpha / k, k being how many are looked at: the best of k has k chances
 * of being good by luck (Bonferroni; stretches that overlap have fewer, so it is more careful than it must be). Fails when every stretch in which enough was offered breaks the limit, at 1 - alpha each:
 * a stretch that keeps it would have to look broken itself. A run that is too short decides nothing.
 */
export function judgeSustained(clause: Clause, evidence: SustainedEvidence, requirement: Requirement): ClauseVerdict {
  const { slices, forMs, sliceMs, name, shortOf = () => undefined } = evidence;
  const stretches = stretchesOf(slices, forMs);
  if (stretches.length === 0) {
    const longest = longestPhase(slices);
    return inconclusiveVerdict(
      clause,
      'too-few-samples',
      `need ${sayDuration(forMs)} without a break in one phase, have ${sayDuration(longest)}`,
    );
  }
  const strict = { ...requirement, confidence: ratio(1 - (1 - requirement.confidence) / stretches.length) };
  const offered = stretches.filter((stretch) => shortOf(stretch) === undefined);
  if (offered.length === 0) return bestOffered(stretches.flatMap((stretch) => shortOf(stretch) ?? []));
  const judgedAt = (level: Requirement): readonly ClauseVerdict[] =>
    offered.map((stretch) =>
      judgeMean(clause, { slices: secondsOf(stretch), sliceMs, unit: '/s', name, samples: requestsIn(stretch) }, level),
    );
  const strictly = judgedAt(strict).reduce((a, b) => (isBetter(b, a) ? b : a));
  const plainly = strictly.verdict === 'pass' ? [] : judgedAt(requirement);
  const isBroken = plainly.length > 0 && plainly.every(({ verdict }) => verdict === 'fail');
  const best = isBroken ? plainly.reduce((a, b) => (isBetter(b, a) ? b : a)) : strictly;
  return { ...best, explanation: `${best.explanation}; best of ${offered.length} stretches of ${sayDuration(forMs)}` };
}

/** All say the same but for the rate. */
function bestOffered(verdicts: readonly ClauseVerdict[]): ClauseVerdict {
  return verdicts.reduce((a, b) => (isBetter(b, a) ? b : a));
}

function isBetter(a: ClauseVerdict, b: ClauseVerdict): boolean {
  const rank = { pass: 0, warn: 1, inconclusive: 2, error: 3, fail: 4 } as const;
  if (rank[a.verdict] !== rank[b.verdict]) return rank[a.verdict] < rank[b.verdict];
  return (a.observed?.value ?? 0) > (b.observed?.value ?? 0);
}

function stretchesOf(slices: readonly RateSlice[], forMs: number): readonly (readonly RateSlice[])[] {
  return slices.flatMap((first, start) => {
    const end = slices.findIndex(
      (slice, i) => i >= start && slice.startMs + slice.durationMs >= first.startMs + forMs * 0.999,
    );
    const last = slices[end];
    return end < 0 || last === undefined || last.phase !== first.phase ? [] : [slices.slice(start, end + 1)];
  });
}

function longestPhase(slices: readonly RateSlice[]): number {
  const byPhase = new Map<string, number>();
  for (const slice of slices) byPhase.set(slice.phase, (byPhase.get(slice.phase) ?? 0) + slice.durationMs);
  return Math.max(0, ...byPhase.values());
}
