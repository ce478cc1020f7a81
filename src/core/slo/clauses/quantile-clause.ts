// Judges a percentile: "p99 <= 300ms" is "at most 1% may be slower or fail".
import { percentileName } from '../../model/percentile-name.ts';
import type { Clause, Comparison, Requirement } from '../../model/requirement.ts';
import { ratio } from '../../model/units.ts';
import type { ClauseVerdict, Observed } from '../../model/verdict.ts';
import type { BeyondLimit, Evidence, Side } from '../evidence/evidence.ts';
import { limitValues } from '../evidence/watch.ts';
import { complement } from '../statistics/complement.ts';
import { shareBand } from '../statistics/share-band.ts';
import { decideShare, type ShareOutcome } from '../statistics/share-decision.ts';
import { sayCount, sayInterval, sayQuantity, sayShare } from '../wording.ts';
import { unsupportedVerdict } from './clause-verdict.ts';
import { decideBeyond, worseOutcome } from './decide-beyond.ts';

/** Requests needed beyond a level to see how they cluster. */
const burstSample = 30;

/** `q` in 0..1; 1 stands for the maximum, 0 for the minimum: not one request may lie beyond, or one must (`max >= 100ms`). Absolute limits only. */
export function judgeQuantile(clause: Clause, q: number, evidence: Evidence, requirement: Requirement): ClauseVerdict {
  const sides = sidesOf(clause);
  if (sides.length === 0) return unsupportedVerdict(clause, 'this statistic is compared with a fixed limit only');
  const bursts = evidence.bursts(burstSample);
  const decided = sides.flatMap((side) => {
    const beyond = evidence.beyond(side);
    if (beyond === undefined) return [];
    const allowed = allowedBeyond(side, q);
    const outcome = decideBeyond({
      beyond,
      sliceMs: evidence.sliceMs,
      wantedSliceMs: requirement.slice,
      allowed,
      needsOne: allowed >= 1,
      confidence: requirement.confidence,
      minSamples: requirement.minSamples,
      ...(bursts === undefined ? {} : { bursts }),
      ...(clause.over === undefined ? {} : { overMs: clause.over }),
      ...(clause.inSlices === undefined ? {} : { inSlices: clause.inSlices }),
    });
    return [{ side, beyond, outcome }];
  });
  const worst = decided.reduce<(typeof decided)[number] | undefined>(
    (a, b) => (a && worseOutcome(a.outcome, b.outcome) === a.outcome ? a : b),
    undefined,
  );
  if (worst === undefined) return unsupportedVerdict(clause, 'nothing was counted at this limit');
  return verdictOf(clause, q, evidence, requirement, worst);
}

/** Which sides of which numbers are bad. `==` is both sides of one number. */
export function sidesOf(clause: Clause): readonly Side[] {
  const values = limitValues(clause);
  const low = values[0];
  const high = values.at(-1);
  if (low === undefined || high === undefined) return [];
  const atMost = { limit: high, above: true, strict: false };
  const atLeast = { limit: low, above: false, strict: false };
  const sides: Readonly<Record<Comparison, readonly Side[]>> = {
    lte: [atMost],
    lt: [{ ...atMost, strict: true }],
    gte: [atLeast],
    gt: [{ ...atLeast, strict: true }],
    eq: [atMost, atLeast],
    between: [atMost, atLeast],
  };
  return sides[clause.op];
}

/** Which share may lie on the bad side: of a maximum none above, and all but one below. */
const allowedBeyond = ({ above }: Side, q: number): number => (above ? complement(q) : q);

interface Decided {
  readonly side: Side;
  readonly beyond: BeyondLimit;
  readonly outcome: ShareOutcome;
}

function verdictOf(
  clause: Clause,
  q: number,
  evidence: Evidence,
  requirement: Requirement,
  { side, outcome }: Decided,
): ClauseVerdict {
  const observed = observedQuantile(clause, q, evidence, requirement, { side, outcome });
  const open = outcome.verdict === 'inconclusive' ? { reason: outcome.reason, need: outcome.need } : {};
  return {
    clause: clause.text,
    verdict: outcome.verdict,
    ...(observed === undefined ? {} : { observed }),
    limit: side.limit,
    decision: outcome.decision,
    explanation: explain(clause, q, evidence, side, outcome, observed),
    ...open,
  };
}

function observedQuantile(
  clause: Clause,
  q: number,
  evidence: Evidence,
  requirement: Requirement,
  { side, outcome }: Omit<Decided, 'beyond'>,
): Observed | undefined {
  const { confidence } = requirement;
  const value = evidence.valueAt(Math.max(1, Math.ceil(q * evidence.samples - 1e-9)));
  if (value === undefined) return undefined;
  const interval = orderInterval(q, evidence, outcome.effective, confidence);
  const wider = isFarOff(clause, outcome)
    ? orderInterval(q, evidence, effectiveAtQuantile(q, evidence, requirement), confidence)
    : undefined;
  const shown = interval && (wider === undefined ? interval : upToLimit(joined(interval, wider), side, outcome));
  return {
    unit: evidence.unit,
    confidence,
    ...(Number.isFinite(value) ? { value } : { failedShare: ratio(evidence.failed / evidence.samples) }),
    ...boundsOf(shown),
  };
}

/** Among failed events there is no bound. */
function boundsOf(interval: Interval | undefined): Pick<Observed, 'interval' | 'atLeast'> {
  if (interval === undefined || !Number.isFinite(interval[0])) return {};
  return Number.isFinite(interval[1]) ? { interval } : { atLeast: interval[0] };
}

type Interval = readonly [number, number];

/** The order-statistic interval: the values between which the quantile is decided, on so many effective samples. */
function orderInterval(q: number, evidence: Evidence, effective: number, confidence: number): Interval | undefined {
  const n = evidence.samples;
  const { pass, fail } = shareBand(complement(q), effective, confidence);
  const low = fail === undefined ? undefined : evidence.valueAt(Math.max(1, n - Math.ceil(fail * n) + 1));
  const high = pass === undefined ? undefined : evidence.valueAt(n - Math.floor(pass * n));
  return low === undefined || high === undefined ? undefined : [low, high];
}

/**
 * Decided, on all requests together. The decision knows how requests beyond the limit cluster; where the limit is far from the quantile those are rarer and cluster less than requests
 * beyond the quantile, so that an interval made of them alone would be too narrow (bench/verdicts: 92.8% instead of 95%).
 */
const isFarOff = (clause: Clause, outcome: ShareOutcome): boolean =>
  outcome.verdict !== 'inconclusive' && clause.over === undefined && clause.inSlices === undefined;

/** How many independent requests speak for the quantile itself. Infinite where nothing is known of their bursts. */
function effectiveAtQuantile(q: number, evidence: Evidence, requirement: Requirement): number {
  const allowed = complement(q);
  const slices = evidence.bursts(Math.max(burstSample, Math.ceil(allowed * evidence.samples)));
  if (slices === undefined) return Number.POSITIVE_INFINITY;
  const { sliceMs } = evidence;
  const { slice: wantedSliceMs, confidence } = requirement;
  return decideShare({ slices, sliceMs, wantedSliceMs, allowed, confidence, minSamples: 0 }).effective;
}

const joined = (a: Interval, b: Interval): Interval => [Math.min(a[0], b[0]), Math.max(a[1], b[1])];

/** What is decided stays decided: the quantile lies on this side of the limit. */
function upToLimit([low, high]: Interval, { limit, above }: Side, { verdict }: ShareOutcome): Interval {
  const isBelow = (verdict === 'pass') === above;
  return isBelow ? [Math.min(low, limit), Math.min(high, limit)] : [Math.max(low, limit), Math.max(high, limit)];
}

function explain(
  clause: Clause,
  q: number,
  evidence: Evidence,
  side: Side,
  outcome: ShareOutcome,
  observed: Observed | undefined,
): string {
  const { decision } = outcome;
  const name = nameOf(clause, q);
  const value = observed === undefined ? '' : ` ${sayObserved(observed, q, evidence)}`;
  const beyond = clause.inSlices === undefined ? beyondWords(evidence, side) : 'kept it not';
  const noun = clause.inSlices === undefined ? evidence.noun : 'slices';
  const counts = `${sayCount(decision.bad)} of ${sayCount(decision.samples)} ${noun} ${beyond}`;
  const isOneEnough = clause.inSlices === undefined && allowedBeyond(side, q) >= 1;
  const allowed = isOneEnough ? 'one that was not is enough' : `allowed ${sayShare(decision.allowed)}`;
  const shares = `(${sayShare(decision.badShare)}, ${allowed})`;
  const need = outcome.verdict === 'inconclusive' ? `; ${outcome.need}` : '';
  return `${name}${value}, limit ${sayQuantity(side.limit, evidence.unit)}: ${counts} ${shares}${need}`;
}

function sayObserved({ value, interval, atLeast }: Observed, q: number, evidence: Evidence): string {
  if (value === undefined) return `has no value (${sayFailed(q, evidence)})`;
  if (atLeast !== undefined)
    return `${sayQuantity(value, evidence.unit)} (at least ${sayQuantity(atLeast, evidence.unit)})`;
  return sayInterval(value, interval, evidence.unit);
}

/** Why a quantile falls among failed events. */
function sayFailed(q: number, { failed, samples, noun }: Evidence): string {
  if (failed >= samples) return `all ${sayCount(samples)} ${noun} failed`;
  const counts = `${sayCount(failed)} of ${sayCount(samples)}`;
  return q >= 1 ? `${counts} ${noun} failed` : `more than ${sayShare(complement(q))} of ${noun} failed: ${counts}`;
}

function nameOf(clause: Clause, q: number): string {
  if (clause.stat.kind === 'named') return [clause.stat.name, clause.stat.of].filter(Boolean).join(' ');
  return clause.stat.of === undefined ? percentileName(q) : `${clause.stat.of} ${percentileName(q)}`;
}

function beyondWords(evidence: Evidence, side: Side): string {
  const failed = evidence.failed > 0 && side.above ? ' or failed' : '';
  const words = side.strict
    ? ['not below', 'not above']
    : evidence.unit === 'ms'
      ? ['slower', 'faster']
      : ['above', 'below'];
  return `were ${side.above ? words[0] : words[1]}${failed}`;
}
