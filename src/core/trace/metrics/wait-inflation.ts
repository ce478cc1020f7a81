// What a fuller resource does to waiting.

/** Beyond this the formula says nothing any more. */
const fullest = 0.95;

/**
 * By how much waiting grows when a resource's utilisation rises from `before` to `after` (0..1): a queue waits 1 / (1 - utilisation). Below 1 for a
 * fall; an unknown `before` (NaN) counts as idle.
 */
export function waitInflation(before: number, after: number): number {
  const idle = (share: number): number => 1 - Math.min(Number.isNaN(share) ? 0 : share, fullest);
  return idle(before) / idle(after);
}
