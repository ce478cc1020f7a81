// Since when a symptom shows: the change point of a share over time.
import type { MechanismContext } from '../../mechanism.ts';
import { side, sidesOf } from './sides.ts';

/** Fewer traces make no course of time. */
const fewest = 10;

/**
 * Time in milliseconds of the run's clock of the first violating trace that shows the symptom after the share of such traces rose: where the cumulative
 * sum of (shows - mean share) is lowest (Page's CUSUM). Undefined when times are unknown, hardly any trace shows it, or the share does not clearly
 * rise; a symptom that was there from the first request on has its onset there.
 */
export function onsetOf(context: MechanismContext, shows: (trace: number) => boolean): number | undefined {
  const sides = sidesOf(context);
  if (sides.traces.length < fewest) return undefined;
  const inOrder = Array.from(sides.traces).sort((a, b) => (context.atMs[a] ?? 0) - (context.atMs[b] ?? 0) || a - b);
  const symptoms = inOrder.map((trace) => (shows(trace) ? 1 : 0));
  const count = sum(symptoms);
  if (count < 2) return undefined;
  const change = changePoint(symptoms, count / symptoms.length);
  const isRise = isClearlyMore(symptoms.slice(change), symptoms.slice(0, change));
  const first = inOrder.findIndex(
    (trace, index) => index >= (isRise ? change : 0) && symptoms[index] === 1 && sides.side[trace] === side.violating,
  );
  const onset = context.atMs[inOrder[first] ?? -1];
  return onset === undefined || !Number.isFinite(onset) ? undefined : onset;
}

function changePoint(symptoms: readonly number[], mean: number): number {
  let cumulative = 0;
  let lowest = 0;
  let at = 0;
  symptoms.forEach((symptom, index) => {
    cumulative += symptom - mean;
    if (cumulative >= lowest) return;
    lowest = cumulative;
    at = index + 1;
  });
  return at;
}

/** The share after is at least twice that before, by more than three standard errors. */
function isClearlyMore(after: readonly number[], before: readonly number[]): boolean {
  if (after.length === 0 || before.length === 0) return false;
  const [more, less] = [sum(after) / after.length, sum(before) / before.length];
  const all = (sum(after) + sum(before)) / (after.length + before.length);
  const error = Math.sqrt(all * (1 - all) * (1 / after.length + 1 / before.length));
  return more >= 2 * less && more - less > 3 * error;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
