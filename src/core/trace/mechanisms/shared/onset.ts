// Since when a symptom shows: the change point of a share over time.
import type { MechanismContext } from '../../mechanism.ts';
import { sidesOf } from './sides.ts';

/** Fewer traces make no course of time. */
const fewest = 10;

/**
 * Time in milliseconds of the run's clock at which the share of traces that show a symptom rose: where the cumulative sum of (shows - mean share) is
 * lowest (Page's CUSUM). Undefined when times are unknown, hardly any trace shows it, or it does not rise.
 */
export function onsetOf(context: MechanismContext, shows: (trace: number) => boolean): number | undefined {
  const { traces } = sidesOf(context);
  if (traces.length < fewest) return undefined;
  const inOrder = Array.from(traces).sort((a, b) => (context.atMs[a] ?? 0) - (context.atMs[b] ?? 0) || a - b);
  const symptoms = inOrder.map((trace) => (shows(trace) ? 1 : 0));
  const count = symptoms.reduce<number>((sum, each) => sum + each, 0);
  if (count < 2) return undefined;
  const mean = count / symptoms.length;
  let sum = 0;
  let lowest = 0;
  let at = 0;
  symptoms.forEach((symptom, index) => {
    sum += symptom - mean;
    if (sum < lowest) {
      lowest = sum;
      at = index + 1;
    }
  });
  // The change point is a place in the order; the onset is the first trace from there on that shows the symptom.
  const first = inOrder.findIndex((_, index) => index >= at && symptoms[index] === 1);
  const onset = context.atMs[inOrder[first] ?? -1];
  return onset === undefined || !Number.isFinite(onset) ? undefined : onset;
}
