// How much less a sample says because bad requests come in bursts: the design effect, measured on slices of time.
import { normalQuantile } from './normal.ts';
import { studentTQuantile } from './student-t.ts';

/** What one slice of time held. `bad` may be fractional. `stratum`: slices are compared within it (a phase), so that a planned change of load is no burst. */
export interface SliceCount {
  readonly requests: number;
  readonly bad: number;
  readonly stratum?: string;
}

interface InStratum {
  readonly stratum?: string;
}

export interface DesignEffect {
  /** Requests that say as much as one independent request; at least the floor asked for. Includes the allowance for correlated slices. */
  readonly effect: number;
  /** Slices it was measured on, after merging. */
  readonly slices: number;
  /** How many of the given slices make one of these. */
  readonly merged: number;
  /** Correlation of neighbouring slices, -1..1. */
  readonly lag1: number;
  /** Whether slices are long enough to be independent, and many enough to show it. */
  readonly steady: boolean;
}

export interface DesignEffectOptions {
  /** Slices to merge into one before the first look. */
  readonly merge: number;
  /** The effect of independent requests: 1 for yes-or-no events. */
  readonly floor: number;
  /** `events`: several may fall on one request, so that independent counts are Poisson's. Default `share`: a request is bad or not. */
  readonly of?: 'share' | 'events';
}

/** Below this many slices an effect is not trusted as it stands. */
export const fewestSlices = 30;
/** Neighbouring slices that correlate more than this are merged. */
export const correlationLimit = 0.3;
/** Correlation that fewer slices than that, or events, cannot show and that is allowed for all the same. */
const unseenCorrelation = 0.1;
/** Merging stops here: a variance of fewer slices is hardly known at all. */
const fewestMerged = 10;

/**
 * phi = variance of the slices' bad counts / variance if requests were independent (REQUIREMENTS.md 1.3; Kish, Survey Sampling, 1965; ratio form for slices of
 * unequal size). While neighbours correlate above 0.3, slices are doubled in length. What correlation is left is allowed for as in an AR(1) process,
 * (1 + r) / (1 - r); with fewer than 30 slices, and for events, which nothing commoner tells of, by at least r = 0.1. Fewer than two slices: infinite, nothing is known about bursts.
 */
export function designEffect(slices: readonly SliceCount[], options: DesignEffectOptions): DesignEffect {
  let merged = Math.max(1, Math.floor(options.merge));
  let current = mergeSlices(filled(slices), merged);
  let look = lookAt(current, options);
  while (look.lag1 > correlationLimit && Math.floor(current.length / 2) >= fewestMerged) {
    merged *= 2;
    current = mergeSlices(current, 2);
    look = lookAt(current, options);
  }
  const isFew = current.length < fewestSlices;
  const steady = look.lag1 <= correlationLimit && !isFew;
  const doubt = isFew || options.of === 'events' ? allowance(unseenCorrelation) : 1;
  const effect = Math.max(look.dispersion * Math.max(doubt, allowance(look.lag1)), options.floor * doubt);
  return {
    effect: current.length < 2 ? Number.POSITIVE_INFINITY : effect,
    slices: current.length,
    merged,
    lag1: look.lag1,
    steady,
  };
}

/** How much a correlation of neighbours multiplies the variance of their sum, in the long run of an AR(1) process. */
function allowance(lag1: number): number {
  const positive = Math.min(0.95, Math.max(0, lag1));
  return (1 + positive) / (1 - positive);
}

/**
 * How many independent requests `samples` are worth. The variance behind the effect is itself an estimate from few slices; Student's t pays for that
 * (Korn and Graubard, Survey Methodology 24, 1998).
 */
export function effectiveSamples(samples: number, effect: DesignEffect, confidence: number): number {
  const t = studentTQuantile(confidence, effect.slices - 1);
  if (!Number.isFinite(effect.effect) || !Number.isFinite(t)) return 0;
  return (samples / effect.effect) * (normalQuantile(confidence) / t) ** 2;
}

/** Joins neighbours of one stratum, `size` at a time; a remainder shorter than `size` joins the slice before it. */
export function mergeSlices(slices: readonly SliceCount[], size: number): readonly SliceCount[] {
  return mergeNeighbours(slices, size, joined);
}

/** The same of anything that two slices can be joined to. */
export function mergeNeighbours<T extends InStratum>(
  slices: readonly T[],
  size: number,
  join: (a: T, b: T) => T,
): readonly T[] {
  if (size <= 1) return slices;
  return strataOf(slices).flatMap((stratum) => mergeRun(stratum, size, join));
}

function mergeRun<T>(slices: readonly T[], size: number, join: (a: T, b: T) => T): readonly T[] {
  const whole = Math.max(1, Math.floor(slices.length / size));
  return Array.from({ length: whole }, (_, i) =>
    slices.slice(i * size, i === whole - 1 ? undefined : (i + 1) * size).reduce(join),
  );
}

const joined = (a: SliceCount, b: SliceCount): SliceCount => ({
  ...a,
  requests: a.requests + b.requests,
  bad: a.bad + b.bad,
});

const filled = (slices: readonly SliceCount[]): readonly SliceCount[] => slices.filter((slice) => slice.requests > 0);

/** Stretches of neighbours with one stratum. */
export function strataOf<T extends InStratum>(slices: readonly T[]): readonly (readonly T[])[] {
  const strata: T[][] = [];
  for (const slice of slices) {
    const last = strata.at(-1);
    if (last && last[0]?.stratum === slice.stratum) last.push(slice);
    else strata.push([slice]);
  }
  return strata;
}

/** Less dispersion than this is rounding. */
const negligible = 1e-9;

function lookAt(
  slices: readonly SliceCount[],
  { of }: DesignEffectOptions,
): { readonly dispersion: number; readonly lag1: number } {
  let squares = 0;
  let products = 0;
  let independent = 0;
  let degrees = 0;
  for (const stratum of strataOf(slices)) {
    const requests = stratum.reduce((sum, slice) => sum + slice.requests, 0);
    const share = stratum.reduce((sum, slice) => sum + slice.bad, 0) / requests;
    const residuals = stratum.map((slice) => slice.bad - share * slice.requests);
    residuals.forEach((residual, i) => {
      squares += residual * residual;
      products += i > 0 ? residual * (residuals[i - 1] ?? 0) : 0;
    });
    independent += requests * share * (of === 'events' ? 1 : 1 - share);
    degrees += stratum.length - 1;
  }
  // Nothing varies (no bad request, only bad ones, the same in every slice): no burst to be seen.
  if (squares <= negligible * independent || independent <= 0 || degrees <= 0) return { dispersion: 0, lag1: 0 };
  return { dispersion: (squares * (slices.length / degrees)) / independent, lag1: products / squares };
}
