// The gamma distribution: its cumulative distribution and the inverse. Poisson bounds and the normal distribution are read off it.
import { bisect } from './bisect.ts';
import { logGamma } from './log-gamma.ts';

/**
 * P(X <= x) for X ~ Gamma(shape, scale 1), the regularised lower incomplete gamma function; shape > 0.
 * Series below the mean, continued fraction above it (DLMF 8.11.4 and 8.9.2; Press et al., Numerical Recipes, 6.2).
 */
export function gammaCdf(x: number, shape: number): number {
  if (x <= 0) return 0;
  const front = Math.exp(shape * Math.log(x) - x - logGamma(shape));
  return x < shape + 1 ? front * series(x, shape) : 1 - front * fraction(x, shape);
}

/** The x with P(X <= x) = p for X ~ Gamma(shape, scale 1). */
export function gammaQuantile(p: number, shape: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return Number.POSITIVE_INFINITY;
  let high = shape + 1;
  while (gammaCdf(high, shape) < p && high < 1e15) high *= 2;
  return bisect((x) => gammaCdf(x, shape) - p, 0, high);
}

function series(x: number, shape: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let k = 1; k <= 100_000 && term > sum * 1e-16; k++) {
    term *= x / (shape + k);
    sum += term;
  }
  return sum;
}

function fraction(x: number, shape: number): number {
  const tiny = 1e-300;
  let b = x + 1 - shape;
  let c = 1 / tiny;
  let d = 1 / b;
  let result = d;
  for (let i = 1; i <= 100_000; i++) {
    const an = -i * (i - shape);
    b += 2;
    d = an * d + b;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = b + an / c;
    if (Math.abs(c) < tiny) c = tiny;
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return result;
}
