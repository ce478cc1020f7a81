// Finds the runs at which the level of a metric changed, over a history of runs. Advisory: it never decides a verdict.
import { meanOf, varianceOf } from './mean-interval.ts';
import { studentTCdf } from './student-t.ts';

export interface ChangePoint {
  /** First run of the new level. */
  readonly index: number;
  readonly before: number;
  readonly after: number;
  /** Probability of such a step by chance. */
  readonly p: number;
}

export interface ChangePointOptions {
  /** Runs looked at together; windows overlap by half. */
  readonly window: number;
  readonly maxP: number;
  /** Least relative change that counts. */
  readonly minMagnitude: number;
}

/** The defaults of Apache Otava. */
const changePointDefaults: ChangePointOptions = { window: 50, maxP: 0.001, minMagnitude: 0 };

/** Points a level needs on both sides of a split. */
const fewestRuns = 2;

/**
 * E-divisive (Matteson and James, JASA 109, 2014) with Student's t in place of the permutation test, in windows, as Hunter does (Fleming et al., ICPE 2023; apache/otava, MATH.md):
 * splits where the energy distance between the two sides is greatest, recursively; keeps what a t test confirms against the neighbouring levels, weakest first.
 * Deterministic. Ascending by index; empty when nothing changed or fewer than four values are given.
 */
export function changePoints(
  values: readonly number[],
  options: ChangePointOptions = changePointDefaults,
): readonly ChangePoint[] {
  const candidates = new Set<number>();
  const step = Math.max(1, Math.floor(options.window / 2));
  for (let start = 0; start === 0 || start + step < values.length; start += step) {
    const end = Math.min(values.length, start + options.window);
    // Ten times the limit: a neighbour in another window may yet make a weak point strong.
    for (const index of split(values, start, end, options.maxP * 10)) candidates.add(index);
  }
  return prune(
    values,
    [...candidates].sort((a, b) => a - b),
    options,
  );
}

function split(values: readonly number[], start: number, end: number, maxP: number): readonly number[] {
  const at = bestSplit(values.slice(start, end));
  if (at === undefined) return [];
  const index = start + at;
  if (stepP(values.slice(start, index), values.slice(index, end)) > maxP) return [];
  return [...split(values, start, index, maxP), index, ...split(values, index, end, maxP)];
}

/** The index whose two sides lie furthest apart in energy distance, weighted by their sizes. */
function bestSplit(values: readonly number[]): number | undefined {
  let best: number | undefined;
  let most = 0;
  for (let at = fewestRuns; at <= values.length - fewestRuns; at++) {
    const left = values.slice(0, at);
    const right = values.slice(at);
    const energy = 2 * apart(left, right) - within(left) - within(right);
    const weighted = (energy * left.length * right.length) / values.length;
    if (weighted > most) {
      most = weighted;
      best = at;
    }
  }
  return best;
}

function apart(a: readonly number[], b: readonly number[]): number {
  return meanOf(a.map((x) => meanOf(b.map((y) => Math.abs(x - y)))));
}

function within(values: readonly number[]): number {
  const pairs = values.flatMap((x, i) => values.slice(i + 1).map((y) => Math.abs(x - y)));
  return pairs.length === 0 ? 0 : meanOf(pairs);
}

/** Drops the weakest point until each one stands against the levels beside it. */
function prune(
  values: readonly number[],
  indexes: readonly number[],
  options: ChangePointOptions,
): readonly ChangePoint[] {
  const points = indexes.map((index, i) =>
    describe(values, indexes[i - 1] ?? 0, index, indexes[i + 1] ?? values.length),
  );
  const weakest = points.reduce<ChangePoint | undefined>(
    (worst, point) => (worst && worst.p >= point.p ? worst : point),
    undefined,
  );
  const small = points.find((point) => magnitude(point) < options.minMagnitude);
  const drop = weakest && weakest.p > options.maxP ? weakest : small;
  return drop
    ? prune(
        values,
        indexes.filter((index) => index !== drop.index),
        options,
      )
    : points;
}

function describe(values: readonly number[], start: number, index: number, end: number): ChangePoint {
  const before = values.slice(start, index);
  const after = values.slice(index, end);
  return { index, before: meanOf(before), after: meanOf(after), p: stepP(before, after) };
}

const magnitude = (point: ChangePoint): number =>
  point.before === 0 ? Number.POSITIVE_INFINITY : Math.abs(point.after / point.before - 1);

/** Two-sided p of equal means (Student's t with pooled variance); 0 for a clean step, 1 when nothing can be said. */
function stepP(before: readonly number[], after: readonly number[]): number {
  const df = before.length + after.length - 2;
  if (df < 1) return 1;
  const pooled = ((before.length - 1) * varianceOf(before) + (after.length - 1) * varianceOf(after)) / df;
  const difference = Math.abs(meanOf(after) - meanOf(before));
  const error = Math.sqrt(pooled * (1 / before.length + 1 / after.length));
  if (error <= 1e-12 * difference) return difference > 0 ? 0 : 1;
  return error === 0 ? 1 : 2 * (1 - studentTCdf(difference / error, df));
}
