// Root of a monotone function by bracketing: slow by design, cannot diverge.

/**
 * The x in low..high where an increasing `f` crosses zero, to about 14 digits (plain bisection,
 * at most 200 evaluations). Where f has no sign change, the nearer end.
 */
export function bisect(f: (x: number) => number, low: number, high: number): number {
  let below = low;
  let above = high;
  for (let i = 0; i < 200; i++) {
    const middle = (below + above) / 2;
    if (middle === below || middle === above || above - below <= 1e-14 * Math.abs(above)) break;
    if (f(middle) < 0) below = middle;
    else above = middle;
  }
  return (below + above) / 2;
}
