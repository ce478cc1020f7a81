// Sums numbers per request and key, and compares violating with reference requests with the request mix held fixed.
import type { MechanismContext } from '../../mechanism.ts';
import { side, type Sides, sidesOf } from './sides.ts';

/** Means per request, one entry per key. Reference means have the request mix of the violating traces. */
export interface Tally {
  readonly violating: Float64Array;
  readonly reference: Float64Array;
  /** Standard error of violating - reference; 0 where neither side varies or nothing can be estimated. */
  readonly error: Float64Array;
  /** Compared traces of each side in which the key's sum is above 0. */
  readonly violatingTraces: Uint32Array;
  readonly referenceTraces: Uint32Array;
}

/** Adds `value` to the sum of `key` (0 .. width - 1) for the trace at hand. */
export type Add = (key: number, value: number) => void;

/** Above it, cohorts are pooled: 8 bytes x 6 columns x cells must stay small. */
const maxCells = 2_000_000;

/** Calls `visit` once per compared trace. Cost: what the visits cost, plus traces x touched keys. */
export function tally(context: MechanismContext, width: number, visit: (trace: number, add: Add) => void): Tally {
  const sides = sidesOf(context);
  const strata = width * sides.strata <= maxCells ? sides.strata : 1;
  const sums = cells(strata * width);
  const violatingTraces = new Uint32Array(width);
  const referenceTraces = new Uint32Array(width);
  const ofTrace = new Float64Array(width);
  const touched: number[] = [];
  const isTouched = new Uint8Array(width);
  const add: Add = (key, value) => {
    if (isTouched[key] === 0) {
      isTouched[key] = 1;
      touched.push(key);
    }
    ofTrace[key] = (ofTrace[key] ?? 0) + value;
  };
  for (const trace of sides.traces) {
    visit(trace, add);
    const isViolating = sides.side[trace] === side.violating;
    const from = (strata === 1 ? 0 : (sides.stratum[trace] ?? 0)) * width;
    for (const key of touched) {
      const value = ofTrace[key] ?? 0;
      (isViolating ? sums.violating : sums.reference).add(from + key, value);
      const traces = isViolating ? violatingTraces : referenceTraces;
      if (value > 0) traces[key] = (traces[key] ?? 0) + 1;
      ofTrace[key] = 0;
      isTouched[key] = 0;
    }
    touched.length = 0;
  }
  return { ...compare(sides, strata, width, sums), violatingTraces, referenceTraces };
}

interface Moments {
  readonly sum: Float64Array;
  readonly squares: Float64Array;
  readonly add: (cell: number, value: number) => void;
}

function moments(size: number): Moments {
  const sum = new Float64Array(size);
  const squares = new Float64Array(size);
  return {
    sum,
    squares,
    add(cell, value) {
      sum[cell] = (sum[cell] ?? 0) + value;
      squares[cell] = (squares[cell] ?? 0) + value * value;
    },
  };
}

const cells = (size: number): { readonly violating: Moments; readonly reference: Moments } => ({
  violating: moments(size),
  reference: moments(size),
});

/** Stratified difference: every cohort is compared with itself and weighs what it weighs among the violating traces. */
function compare(
  sides: Sides,
  strata: number,
  width: number,
  sums: ReturnType<typeof cells>,
): Pick<Tally, 'violating' | 'reference' | 'error'> {
  const violating = new Float64Array(width);
  const reference = new Float64Array(width);
  const variance = new Float64Array(width);
  for (let stratum = 0; stratum < strata; stratum += 1) {
    const inViolating = strata === 1 ? sides.violating : (sides.violatingIn[stratum] ?? 0);
    const inReference = strata === 1 ? sides.reference : (sides.referenceIn[stratum] ?? 0);
    if (inViolating === 0) continue;
    const weight = inViolating / sides.violating;
    for (let key = 0; key < width; key += 1) {
      const cell = stratum * width + key;
      violating[key] = (violating[key] ?? 0) + (weight * (sums.violating.sum[cell] ?? 0)) / inViolating;
      if (inReference > 0)
        reference[key] = (reference[key] ?? 0) + (weight * (sums.reference.sum[cell] ?? 0)) / inReference;
      const both =
        varianceOfMean(sums.violating, cell, inViolating) + varianceOfMean(sums.reference, cell, inReference);
      variance[key] = (variance[key] ?? 0) + weight * weight * both;
    }
  }
  return { violating, reference, error: variance.map(Math.sqrt) };
}

/** A cohort with a single trace cannot tell its spread: its value is taken as its standard deviation, which is what counts of rare events have. */
function varianceOfMean({ sum, squares }: Moments, cell: number, count: number): number {
  if (count === 0) return 0;
  const mean = (sum[cell] ?? 0) / count;
  if (count === 1) return mean * mean;
  return Math.max(0, (squares[cell] ?? 0) / count - mean * mean) / (count - 1);
}
