// Sums numbers per request and key, and compares violating with reference requests with the request mix held fixed.
import type { MechanismContext } from '../mechanism.ts';
import { type Sides, side, sidesOf } from './sides.ts';
import { type Moments, type StratumCount, stratifiedDifference } from './stratified-difference.ts';

/** Means per request, one entry per key. Reference means have the request mix of the violating traces. */
export interface Tally {
  readonly violating: Float64Array;
  readonly reference: Float64Array;
  /**
   * How surely violating - reference is not chance, in standard deviations of a normal distribution; its sign is the difference's. Already corrected
   * for few traces: of two against four requests even a huge difference is only fairly sure.
   */
  readonly certainty: Float64Array;
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
  const sums = { violating: moments(strata * width), reference: moments(strata * width) };
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
  return { ...stratifiedDifference(sums, countsOf(sides, strata), width), violatingTraces, referenceTraces };
}

function moments(size: number): Moments & { readonly add: (cell: number, value: number) => void } {
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

function countsOf(sides: Sides, strata: number): readonly StratumCount[] {
  if (strata === 1) return [{ violating: sides.violating, reference: sides.reference }];
  return Array.from(sides.violatingIn, (violating, at) => ({ violating, reference: sides.referenceIn[at] ?? 0 }));
}
