// The ratio of two positive estimates that each bring their own interval.

/** A positive estimate with its two one-sided bounds. */
export interface Estimate {
  readonly value: number;
  readonly interval: readonly [number, number];
}

/**
 * a / b with its two one-sided bounds, for independent positive a and b: the method of variance estimates recovery on the logarithms, which keeps lopsided intervals
 * lopsided (G. Y. Zou, A. Donner, Statistics in Medicine 27, 2008). Undefined unless every number is positive.
 */
export function ratioInterval(a: Estimate, b: Estimate): Estimate | undefined {
  return combine(a, b, -1);
}

/** a * b, likewise. */
export function productInterval(a: Estimate, b: Estimate): Estimate | undefined {
  return combine(a, b, 1);
}

function combine(a: Estimate, b: Estimate, sign: 1 | -1): Estimate | undefined {
  const numbers = [a.value, ...a.interval, b.value, ...b.interval];
  if (!numbers.every((value) => value > 0 && Number.isFinite(value))) return undefined;
  const value = Math.log(a.value) + sign * Math.log(b.value);
  const [aDown, aUp] = reaches(a);
  const [bDown, bUp] = sign === 1 ? reaches(b) : [reaches(b)[1], reaches(b)[0]];
  return {
    value: Math.exp(value),
    interval: [Math.exp(value - Math.hypot(aDown, bDown)), Math.exp(value + Math.hypot(aUp, bUp))],
  };
}

const reaches = (estimate: Estimate): readonly [number, number] => [
  Math.log(estimate.value / estimate.interval[0]),
  Math.log(estimate.interval[1] / estimate.value),
];
