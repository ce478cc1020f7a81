// Bounds of a rate of events that may happen several times a request: retries per call, errors per minute.
import { gammaQuantile } from './gamma.ts';

/**
 * Two one-sided bounds of events per unit of exposure when `events` were seen in `exposure`; exact for independent events (F. Garwood, Biometrika 28, 1936).
 * `effect` > 1 (variance over mean of the slices' counts) divides both, for events that come in bursts. No exposure: [0, infinity].
 */
export function poissonRate(
  events: number,
  exposure: number,
  effect: number,
  confidence: number,
): readonly [number, number] {
  if (exposure <= 0 || !Number.isFinite(effect)) return [0, Number.POSITIVE_INFINITY];
  const seen = events / effect;
  const over = exposure / effect;
  return [seen <= 0 ? 0 : gammaQuantile(1 - confidence, seen) / over, gammaQuantile(confidence, seen + 1) / over];
}
