// The shares of bad requests that decide: up to the first, a limit is kept for certain; from the second on, it is broken for certain.
import { betaCdf } from './beta.ts';
import { bisect } from './bisect.ts';

/**
 * For "at most `allowed` may be bad", judged on so many independent samples: a bad share up to `pass` keeps the limit with `confidence`, one from `fail` on breaks it.
 * `pass` is undefined when no sample of this size can pass, `fail` when none can fail. The Clopper-Pearson bounds turned round, so
 * a share decides here exactly when its bound does there.
 */
export function shareBand(
  allowed: number,
  samples: number,
  confidence: number,
): { readonly pass?: number; readonly fail?: number } {
  if (samples <= 0 || allowed <= 0 || allowed >= 1) return {};
  // U(bad) <= allowed  <=>  P(Beta(bad + 1, samples - bad) <= allowed) >= confidence, which falls as bad grows.
  const upper = (bad: number): number => confidence - betaCdf(allowed, bad + 1, samples - bad);
  // L(bad) > allowed  <=>  P(Beta(bad, samples - bad + 1) <= allowed) < 1 - confidence, which falls too.
  const lower = (bad: number): number => 1 - confidence - betaCdf(allowed, bad, samples - bad + 1);
  return {
    ...(upper(0) <= 0 ? { pass: bisect(upper, 0, samples * (1 - 1e-9)) / samples } : {}),
    ...(lower(samples) > 0 ? { fail: bisect(lower, samples * 1e-12, samples) / samples } : {}),
  };
}
