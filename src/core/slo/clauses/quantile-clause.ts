// Judges a percentile: "p99 <= 300ms" is "at most 1% may be slower or fail".
import type { Clause, Comparison, Requirement } from '../../model/requirement.ts';
import type { ClauseVerdict, Observed } from '../../model/verdict.ts';
import type { BeyondLimit, Evidence } from '../evidence/evidence.ts';
import { limitValues } from '../evidence/watch.ts';
import { complement } from '../statistics/complement.ts';
import { shareBand } from '../statistics/share-band.ts';
import type { ShareOutcome } from '../statistics/share-decision.ts';
import { sayCount, sayInterval, sayQuantity, sayShare } from '../wording.ts';
import { unsupportedVerdict } from './clause-verdict.ts';
import { decideBeyond, worseOutcome } from './decide-beyond.ts';

/** Requests needed beyond a level to see how they cluster. */
const burstSample = 30;

/** `q` in 0..1; 1 stands for the maximum, 0 for the minimum: not one request may lie beyond. Absolute limits only. */
export function judgeQuantile(clause: Clause, q: number, evidence: Evidence, requirement: Requirement): ClauseVerdict {
  const sides = sidesOf(clause);
  if (sides.length === 0) return unsupportedVerdict(clause, 'this statistic is compared with a fixed limit only');
  const bursts = evidence.bursts(burstSample);
  const decided = sides.flatMap((side) => {
    const beyond = side.above ? evidence.above(side.limit) : evidence.below(side.limit);
    if (beyond === undefined) return [];
    const outcome = decideBeyond({
      beyond,
      sliceMs: evidence.sliceMs,
      wantedSliceMs: requirement.slice,
      allowed: side.above ? complement(q) : q,
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

interface Side {
  readonly limit: number;
  /** Whether what lies above the limit is bad. */
  readonly above: boolean;
}

/** Which sides of which numbers are bad. `==` is both sides of one number. */
export function sidesOf(clause: Clause): readonly Side[] {
  const values = limitValues(clause);
  const low = values[0];
  const high = values.at(-1);
  if (low === undefined || high === undefined) return [];
  const sides: Readonly<Record<Comparison, readonly Side[]>> = {
    lte: [{ limit: high, above: true }],
    lt: [{ limit: high, above: true }],
    gte: [{ limit: low, above: false }],
    gt: [{ limit: low, above: false }],
    eq: [
      { limit: high, above: true },
      { limit: low, above: false },
    ],
    between: [
      { limit: high, above: true },
      { limit: low, above: false },
    ],
  };
  return sides[clause.op];
}

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
  const observed = observedQuantile(q, evidence, outcome.effective, requirement.confidence);
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

/** The quantile with its order-statistic interval: the values between which it is decided, on so many effective samples. */
function observedQuantile(q: number, evidence: Evidence, effective: number, confidence: number): Observed | undefined {
  const n = evidence.samples;
  const value = evidence.valueAt(Math.max(1, Math.ceil(q * n - 1e-9)));
  if (value === undefined) return undefined;
  const { pass, fail } = shareBand(complement(q), effective, confidence);
  const low = fail === undefined ? undefined : evidence.valueAt(Math.max(1, n - Math.ceil(fail * n) + 1));
  const high = pass === undefined ? undefined : evidence.valueAt(n - Math.floor(pass * n));
  const interval = low === undefined || high === undefined ? {} : { interval: [low, high] as const };
  return { value, unit: evidence.unit, confidence: confidence as Observed['confidence'], ...interval };
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
  const value = observed === undefined ? '' : ` ${sayInterval(observed.value, observed.interval, evidence.unit)}`;
  const beyond = clause.inSlices === undefined ? beyondWords(evidence, side) : 'kept it not';
  const noun = clause.inSlices === undefined ? evidence.noun : 'slices';
  const counts = `${sayCount(decision.bad)} of ${sayCount(decision.samples)} ${noun} ${beyond}`;
  const shares = `(${sayShare(decision.badShare)}, allowed ${sayShare(decision.allowed)})`;
  const need = outcome.verdict === 'inconclusive' ? `; ${outcome.need}` : '';
  return `${name}${value}, limit ${sayQuantity(side.limit, evidence.unit)}: ${counts} ${shares}${need}`;
}

function nameOf(clause: Clause, q: number): string {
  if (clause.stat.kind === 'named') return [clause.stat.name, clause.stat.of].filter(Boolean).join(' ');
  const percent = Number((q * 100).toPrecision(8));
  return clause.stat.of === undefined ? `p${percent}` : `${clause.stat.of} p${percent}`;
}

function beyondWords(evidence: Evidence, side: Side): string {
  const failed = evidence.failed > 0 && side.above;
  if (evidence.unit === 'ms') return side.above ? (failed ? 'were slower or failed' : 'were slower') : 'were faster';
  return side.above ? (failed ? 'were above or failed' : 'were above') : 'were below';
}
