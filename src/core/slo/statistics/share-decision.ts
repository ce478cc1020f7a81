// Decides "at most this share of requests may be bad": pass, fail, or what is missing to say so.

import { ratio } from '../../model/units.ts';
import type { InconclusiveReason, ShareDecision } from '../../model/verdict.ts';
import { sayCount, sayDuration } from '../wording.ts';
import { clopperPearson } from './clopper-pearson.ts';
import {
  correlationLimit,
  type DesignEffect,
  designEffect,
  effectiveSamples,
  fewestSlices,
  type SliceCount,
} from './design-effect.ts';
import { normalQuantile } from './normal.ts';
import { smallestDecidingSample } from './smallest-sample.ts';

export interface ShareQuestion {
  /** In time order. Slices without requests are ignored. */
  readonly slices: readonly SliceCount[];
  readonly sliceMs: number;
  /** Length of slice to start with; merged from the given ones, less when that would leave fewer than 30. Absent: the given ones. */
  readonly wantedSliceMs?: number;
  /** Share that may be bad, 0..1. */
  readonly allowed: number;
  /** Of each one-sided bound. */
  readonly confidence: number;
  readonly minSamples: number;
  /** A less rare event of the same traffic, to learn of its bursts when bad requests are too few to show them. */
  readonly bursts?: readonly SliceCount[];
  /** Design effect of independent requests: below 1 when a request may be bad in part. Default 1. */
  readonly floor?: number;
  /** Known beforehand. Absent: measured on the slices. */
  readonly effect?: DesignEffect;
}

export type ShareOutcome =
  | { readonly verdict: 'pass' | 'fail'; readonly decision: ShareDecision; readonly effective: number }
  | {
      readonly verdict: 'inconclusive';
      readonly decision: ShareDecision;
      readonly effective: number;
      readonly reason: InconclusiveReason;
      readonly need: string;
    };

/** With fewer bad (or good) requests than this, their own bursts cannot be measured. */
const fewToMeasure = 20;

/**
 * Fail when the lower bound of the bad share exceeds `allowed`, pass when the upper bound does not, else inconclusive (REQUIREMENTS.md 1.3).
 * The bounds are Clopper-Pearson's on effective samples, n / phi. Measured by bench/verdicts, see docs/statistics.md.
 */
export function decideShare(question: ShareQuestion): ShareOutcome {
  const samples = total(question.slices, (slice) => slice.requests);
  const bad = total(question.slices, (slice) => slice.bad);
  const effect = effectOf(question, bad, samples);
  const effective = effectiveSamples(samples, effect, question.confidence);
  const share = samples > 0 ? bad / samples : 0;
  const [low, high] = clopperPearson(share * effective, effective, question.confidence);
  const decision: ShareDecision = {
    samples,
    bad,
    badShare: ratio(share),
    allowed: ratio(question.allowed),
    designEffect: effective > 0 ? Math.max(question.floor ?? 1, samples / effective) : 1,
    interval: [ratio(low), ratio(high)],
  };
  const enough = samples > 0 && samples >= question.minSamples;
  if (enough && low > question.allowed) return { verdict: 'fail', decision, effective };
  if (enough && high <= question.allowed) return { verdict: 'pass', decision, effective };
  return { verdict: 'inconclusive', decision, effective, ...missing(question, decision, effect) };
}

/** The larger effect of the bad requests themselves and, where those are few, of the commoner event. */
function effectOf(question: ShareQuestion, bad: number, samples: number): DesignEffect {
  if (question.effect) return question.effect;
  const floor = question.floor ?? 1;
  const own = designEffect(question.slices, { merge: firstMerge(question, question.slices), floor });
  if (!question.bursts || Math.min(bad, samples - bad) >= fewToMeasure) return own;
  const borrowed = designEffect(question.bursts, { merge: firstMerge(question, question.bursts), floor });
  return worth(borrowed, question.confidence) < worth(own, question.confidence) ? borrowed : own;
}

const worth = (effect: DesignEffect, confidence: number): number => effectiveSamples(1, effect, confidence);

/** As many slices in one as the wanted length asks for, halved while fewer than 30 would be left. */
function firstMerge(question: ShareQuestion, slices: readonly SliceCount[]): number {
  const count = slices.filter((slice) => slice.requests > 0).length;
  let merge = Math.max(1, Math.round((question.wantedSliceMs ?? question.sliceMs) / question.sliceMs));
  while (merge > 1 && Math.floor(count / merge) < fewestSlices) merge = Math.floor(merge / 2);
  return merge;
}

function missing(
  question: ShareQuestion,
  decision: ShareDecision,
  effect: DesignEffect,
): { readonly reason: InconclusiveReason; readonly need: string } {
  const { samples } = decision;
  if (!(samples > 0)) return { reason: 'no-data', need: 'need at least one sample, have none' };
  const least = Math.max(question.minSamples, leastToDecide(question, decision));
  if (samples < least)
    return { reason: 'too-few-samples', need: `need ${sayCount(least)} samples, have ${sayCount(samples)}` };
  if (!effect.steady) return unsteady(question, effect, decision);
  const more = Math.ceil(samplesToDecide(question, decision) - samples);
  // So many would do if they were spread: what is missing is more bursts to know their size by.
  if (more <= 0)
    return {
      reason: 'straddles',
      need: 'bad requests come in bursts, and a few of them decide: a longer run is needed',
    };
  if (!Number.isFinite(more) || more > 1000 * samples)
    return { reason: 'straddles', need: 'the value lies on its limit: more samples will not decide it' };
  const ms = (more / samples) * durationMs(question);
  return {
    reason: 'straddles',
    need: `need about ${sayCount(roundUp(more))} more samples, ${sayDuration(roundUp(ms))} at this rate`,
  };
}

/** With this few samples even the clearest outcome on this side of the limit decides nothing. */
function leastToDecide(question: ShareQuestion, decision: ShareDecision): number {
  if (decision.badShare > question.allowed) return 1;
  const least = smallestDecidingSample(question.allowed, question.confidence);
  return Number.isFinite(least) ? least : 1;
}

/** Samples at which a share like the observed one would clear the limit, by the score test's normal approximation. */
function samplesToDecide(question: ShareQuestion, decision: ShareDecision): number {
  const z = normalQuantile(question.confidence);
  const distance = decision.badShare - question.allowed;
  const independent = (z * z * question.allowed * (1 - question.allowed)) / (distance * distance);
  const least = smallestDecidingSample(question.allowed, question.confidence);
  return decision.designEffect * Math.max(1.1 * independent, distance < 0 ? least : 1);
}

function unsteady(
  question: ShareQuestion,
  effect: DesignEffect,
  { bad }: ShareDecision,
): { readonly reason: InconclusiveReason; readonly need: string } {
  const length = question.sliceMs * effect.merged;
  if (effect.lag1 > correlationLimit)
    return {
      reason: 'autocorrelated',
      need: `${bad === 0 ? 'the nearest to bad' : 'bad'} requests come in bursts longer than ${sayDuration(length)}: need ${fewestSlices} slices that long or longer, have ${effect.slices}`,
    };
  return {
    reason: 'too-few-samples',
    need: `need ${fewestSlices} slices of ${sayDuration(length)} (${sayDuration(length * fewestSlices)}), have ${effect.slices}`,
  };
}

const durationMs = (question: ShareQuestion): number =>
  question.slices.filter((slice) => slice.requests > 0).length * question.sliceMs;

const total = (slices: readonly SliceCount[], pick: (slice: SliceCount) => number): number =>
  slices.reduce((sum, slice) => sum + pick(slice), 0);

/** Two leading digits, upwards: an estimate should look like one. */
function roundUp(value: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1);
  return Math.ceil(value / step) * step;
}
