// Since when a symptom shows: the change point of a share over time.

import { remember } from '../../spans/remember.ts';
import type { MechanismContext } from '../mechanism.ts';
import { side, sidesOf } from './sides.ts';

/** Fewer traces make no course of time. */
const fewest = 10;

/**
 * Time in milliseconds of the run's clock of the first violating trace that shows the symptom after the share of such traces rose: where the cumulative
 * sum of (shows - mean share) is lowest (Page's CUSUM). Undefined when times are unknown, hardly any trace shows it, or the share does not clearly
 * rise; a symptom that was there from the first request on has its onset there. `showing` are the traces that show it. Cost: sorting those.
 */
export function onsetOf(context: MechanismContext, showing: readonly number[]): number | undefined {
  const sides = sidesOf(context);
  const count = sides.traces.length;
  if (count < fewest) return undefined;
  const { inOrder, rank } = timeOrderOf(context);
  const symptoms = Int32Array.from(showing, (trace) => rank[trace] ?? -1)
    .filter((at) => at >= 0)
    .sort();
  if (symptoms.length < 2) return undefined;
  const change = changePoint(symptoms, symptoms.length / count);
  const before = symptoms.findIndex((at) => at >= change);
  const isRise = isClearlyMore({ shows: symptoms.length - before, of: count - change }, { shows: before, of: change });
  const first = symptoms.find((at) => at >= (isRise ? change : 0) && sides.side[inOrder[at] ?? -1] === side.violating);
  const onset = context.atMs[inOrder[first ?? -1] ?? -1];
  return onset === undefined || !Number.isFinite(onset) ? undefined : onset;
}

/** The compared traces by time, and per trace of the set its place among them, -1 for the others. */
const timeOrderOf: (context: MechanismContext) => { readonly inOrder: Uint32Array; readonly rank: Int32Array } =
  remember((context) => {
    const { traces, side: sideOf } = sidesOf(context);
    const { atMs } = context;
    const inOrder = Uint32Array.from(traces).sort((a, b) => (atMs[a] ?? 0) - (atMs[b] ?? 0) || a - b);
    const rank = new Int32Array(sideOf.length).fill(-1);
    inOrder.forEach((trace, at) => {
      rank[trace] = at;
    });
    return { inOrder, rank };
  });

/** The sum falls from symptom to symptom and rises at each, so it is lowest right before one. */
function changePoint(symptoms: Int32Array, mean: number): number {
  let lowest = 0;
  let change = 0;
  symptoms.forEach((at, seen) => {
    const cumulative = seen - at * mean;
    if (cumulative >= lowest) return;
    lowest = cumulative;
    change = at;
  });
  return change;
}

interface Part {
  readonly shows: number;
  readonly of: number;
}

/** The share after is at least twice that before, by more than three standard errors. */
function isClearlyMore(after: Part, before: Part): boolean {
  if (after.of === 0 || before.of === 0) return false;
  const [more, less] = [after.shows / after.of, before.shows / before.of];
  const all = (after.shows + before.shows) / (after.of + before.of);
  const error = Math.sqrt(all * (1 - all) * (1 / after.of + 1 / before.of));
  return more >= 2 * less && more - less > 3 * error;
}
