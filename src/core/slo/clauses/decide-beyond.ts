// Decides how many may lie beyond a limit: as a share, never, in every window of some length, or in most slices.
import { type Ratio, ratio } from '../../model/units.ts';
import type { BeyondLimit } from '../evidence/evidence.ts';
import { clopperPearson } from '../statistics/clopper-pearson.ts';
import { complement } from '../statistics/complement.ts';
import { type DesignEffect, mergeSlices, type SliceCount } from '../statistics/design-effect.ts';
import { decideBuckets } from '../statistics/histogram-decision.ts';
import { decideShare, type ShareOutcome } from '../statistics/share-decision.ts';
import { sayCount, sayDuration } from '../wording.ts';

export interface BeyondQuestion {
  readonly beyond: BeyondLimit;
  readonly sliceMs: number;
  readonly wantedSliceMs: number;
  readonly allowed: number;
  /** Not all of them may be bad: one that is not is enough, as for a lower limit on a maximum. */
  readonly needsOne?: boolean;
  readonly confidence: number;
  readonly minSamples: number;
  readonly bursts?: readonly SliceCount[];
  readonly floor?: number;
  /** Must hold in every window of this length. */
  readonly overMs?: number;
  /** Must hold, as measured, in this share of the slices. */
  readonly inSlices?: number;
  /** Known beforehand. Absent: measured on the slices. */
  readonly effect?: DesignEffect;
}

/** Fewer samples than this say nothing about "never". */
export const fewestForNever = 30;

export function decideBeyond(question: BeyondQuestion): ShareOutcome {
  if (question.inSlices !== undefined) return decideSlices(question, question.inSlices);
  if (question.overMs !== undefined) return decideWindows(question, question.overMs);
  if (question.needsOne) return decideSome(question);
  if (question.allowed <= 0) return decideNever(question);
  const { beyond, ...rest } = question;
  return beyond.gap === undefined
    ? decideShare({ ...rest, slices: beyond.least })
    : decideBuckets({ ...rest, least: beyond.least, most: beyond.most, gap: beyond.gap });
}

/** "Not one": a fact about this run, not about the traffic behind it. One is too many; none is a pass once enough were seen. */
function decideNever(question: BeyondQuestion): ShareOutcome {
  const bad = badOf(question.beyond.least);
  const most = badOf(question.beyond.most);
  const fact = factOf(question, { bad, allowedBad: 0 });
  if (bad > 0 && fact.samples >= question.minSamples) return fact.outcome('fail');
  if (most > bad) return fact.tooCoarse;
  return fact.samples >= fact.least && bad === 0 ? fact.outcome('pass') : fact.tooFew;
}

/** "At least one": again a fact about this run. One that is not bad is enough; none is a failure once enough were seen. */
function decideSome(question: BeyondQuestion): ShareOutcome {
  const bad = badOf(question.beyond.most);
  const fewest = badOf(question.beyond.least);
  const fact = factOf(question, { bad, allowedBad: samplesOf(question) - 1 });
  if (fact.samples >= question.minSamples && bad < fact.samples) return fact.outcome('pass');
  if (fact.samples >= question.minSamples && fewest < fact.samples) return fact.tooCoarse;
  return fact.samples >= fact.least ? fact.outcome('fail') : fact.tooFew;
}

/** What is certain of the requests that were seen, and the answers to it. */
interface Fact {
  readonly samples: number;
  /** Fewer requests say nothing about what was not seen. */
  readonly least: number;
  readonly outcome: (verdict: 'pass' | 'fail') => ShareOutcome;
  readonly tooCoarse: ShareOutcome;
  readonly tooFew: ShareOutcome;
}

function factOf(
  question: BeyondQuestion,
  { bad, allowedBad }: { readonly bad: number; readonly allowedBad: number },
): Fact {
  const samples = samplesOf(question);
  const [low, high] = clopperPearson(bad, samples, question.confidence);
  const share = (count: number): Ratio => ratio(samples > 0 ? count / samples : 0);
  const decision = {
    samples,
    bad,
    badShare: share(bad),
    allowed: share(allowedBad),
    designEffect: 1,
    interval: [ratio(low), ratio(high)],
  } as const;
  const least = Math.max(question.minSamples, fewestForNever);
  const known = { decision, effective: samples };
  const unknown = { ...known, verdict: 'inconclusive' } as const;
  return {
    samples,
    least,
    outcome: (verdict) => ({ ...known, verdict }),
    tooCoarse: { ...unknown, reason: 'bucket-too-coarse', need: question.beyond.gap ?? '' },
    tooFew: {
      ...unknown,
      reason: samples === 0 ? 'no-data' : 'too-few-samples',
      need: `need ${sayCount(least)} samples, have ${sayCount(samples)}`,
    },
  };
}

const samplesOf = ({ beyond }: BeyondQuestion): number => sum(beyond.least, (slice) => slice.requests);
const badOf = (slices: readonly SliceCount[]): number => sum(slices, (slice) => slice.bad);

/**
 * Cut into windows of the wanted length (a shorter rest joins the last): one broken window breaks the requirement, all must keep it. Failing in any of k windows gets
 * confidence 1 - alpha / k each, so that looking often does not invent a failure (Bonferroni).
 */
function decideWindows(question: BeyondQuestion, overMs: number): ShareOutcome {
  const { overMs: _, ...rest } = question;
  const size = Math.max(1, Math.round(overMs / question.sliceMs));
  const least = cut(question.beyond.least, size);
  const most = cut(question.beyond.most, size);
  if (question.beyond.least.length < size) return tooShort(decideBeyond(rest), overMs);
  const alpha = 1 - question.confidence;
  const outcomes = least.map((window, i) => {
    const beyond: BeyondLimit = { ...question.beyond, least: window, most: most[i] ?? window };
    const strict = decideBeyond({ ...rest, beyond, confidence: 1 - alpha / least.length });
    return strict.verdict === 'fail' ? strict : asOpen(decideBeyond({ ...rest, beyond }), strict);
  });
  return silentWindow(outcomes.reduce(worseOutcome), question, overMs);
}

/** One window without a sample among others that have some is no silence. */
function silentWindow(worst: ShareOutcome, { beyond }: BeyondQuestion, overMs: number): ShareOutcome {
  const isSilent = worst.verdict === 'inconclusive' && worst.reason === 'no-data';
  if (!isSilent || sum(beyond.least, (slice) => slice.requests) === 0) return worst;
  return { ...worst, reason: 'too-few-samples', need: `need samples in every ${sayDuration(overMs)}, one has none` };
}

/** A failure that only the laxer level sees counts as open. */
function asOpen(lax: ShareOutcome, strict: ShareOutcome): ShareOutcome {
  if (lax.verdict !== 'fail') return lax;
  return strict.verdict === 'inconclusive'
    ? strict
    : { ...lax, verdict: 'inconclusive', reason: 'straddles', need: 'one window is close to its limit' };
}

function tooShort(whole: ShareOutcome, overMs: number): ShareOutcome {
  const { decision, effective } = whole;
  const need = `the judged time is shorter than the ${sayDuration(overMs)} asked for`;
  return { verdict: 'inconclusive', decision, effective, reason: 'too-few-samples', need };
}

/**
 * Each slice is good or bad as measured (OpenSLO's Timeslices); the share of bad slices is then bounded by itself, exactly and without a design effect: slices are what the
 * requirement counts.
 */
function decideSlices(question: BeyondQuestion, inSlices: number): ShareOutcome {
  const merge = Math.max(1, Math.round(question.wantedSliceMs / question.sliceMs));
  const judged = (slices: readonly SliceCount[]): readonly SliceCount[] =>
    mergeSlices(slices, merge)
      .filter((slice) => slice.requests > 0)
      .map((slice) => ({ requests: 1, bad: isBeyond(slice, question) ? 1 : 0 }));
  const least = judged(question.beyond.least);
  const samples = sum(question.beyond.least, (slice) => slice.requests);
  const outcome = decideBeyond({
    beyond: { ...question.beyond, least, most: judged(question.beyond.most) },
    sliceMs: question.wantedSliceMs,
    wantedSliceMs: question.wantedSliceMs,
    allowed: complement(inSlices),
    confidence: question.confidence,
    minSamples: 0,
    effect: independent,
  });
  if (samples === 0 || samples >= question.minSamples) return outcome;
  const { decision, effective } = outcome;
  const need = `need ${sayCount(question.minSamples)} samples, have ${sayCount(samples)}`;
  return { verdict: 'inconclusive', decision, effective, reason: 'too-few-samples', need };
}

const isBeyond = ({ requests, bad }: SliceCount, { allowed, needsOne }: BeyondQuestion): boolean =>
  needsOne ? bad >= requests : bad > allowed * requests;

/** As if every slice were drawn for itself. */
export const independent: DesignEffect = {
  effect: 1,
  slices: Number.POSITIVE_INFINITY,
  merged: 1,
  lag1: 0,
  steady: true,
};

export function worseOutcome(a: ShareOutcome, b: ShareOutcome): ShareOutcome {
  const rank = { pass: 0, inconclusive: 1, fail: 2 } as const;
  if (rank[a.verdict] !== rank[b.verdict]) return rank[a.verdict] > rank[b.verdict] ? a : b;
  return a.decision.badShare - a.decision.allowed >= b.decision.badShare - b.decision.allowed ? a : b;
}

function cut(slices: readonly SliceCount[], size: number): readonly (readonly SliceCount[])[] {
  const whole = Math.max(1, Math.floor(slices.length / size));
  return Array.from({ length: whole }, (_, i) => slices.slice(i * size, i === whole - 1 ? undefined : (i + 1) * size));
}

const sum = (slices: readonly SliceCount[], pick: (slice: SliceCount) => number): number =>
  slices.reduce((total, slice) => total + pick(slice), 0);
