// Requests a second, slice by slice, as the client saw them.
import type { LoadResult, WatchResult, WatchSlice } from '../../model/load.ts';
import type { SliceTotal } from '../statistics/mean-interval.ts';
import { slicesOf } from './scope.ts';

export interface RateSlice {
  readonly startMs: number;
  readonly durationMs: number;
  readonly phase: string;
  readonly requests: number;
  readonly counted: number;
}

/**
 * The watch's slices joined to about `wantedMs`, each with its true length: the last of a phase, and the one in which the run ended, are shorter. Slices after the run's end
 * never were; rests shorter than half a slice join the one before.
 */
export function rateSlices(
  load: LoadResult,
  watch: WatchResult,
  phases: readonly string[],
  options: { readonly fineMs: number; readonly wantedMs: number; readonly counted: (slice: WatchSlice) => number },
): readonly RateSlice[] {
  return phases.flatMap((phase) => {
    const window = load.phases.find((each) => each.name === phase);
    const end = Math.min(window?.endMs ?? load.durationMs, load.durationMs);
    const fine = slicesOf(watch.slices, [phase])
      .filter((slice) => slice.startMs < end)
      .map((slice) => ({
        startMs: slice.startMs,
        durationMs: Math.min(options.fineMs, end - slice.startMs),
        phase,
        requests: slice.requests,
        counted: options.counted(slice),
      }));
    return joinSlices(fine, options.wantedMs);
  });
}

function joinSlices(fine: readonly RateSlice[], wantedMs: number): readonly RateSlice[] {
  const joined: RateSlice[] = [];
  for (const slice of fine) {
    const last = joined.at(-1);
    const fits = last !== undefined && last.durationMs + slice.durationMs <= wantedMs * 1.001;
    if (fits && last !== undefined) joined[joined.length - 1] = add(last, slice);
    else joined.push(slice);
  }
  const rest = joined.at(-1);
  const before = joined.at(-2);
  if (rest === undefined || before === undefined || rest.durationMs >= wantedMs / 2) return joined;
  return [...joined.slice(0, -2), add(before, rest)];
}

const add = (a: RateSlice, b: RateSlice): RateSlice => ({
  ...a,
  durationMs: a.durationMs + b.durationMs,
  requests: a.requests + b.requests,
  counted: a.counted + b.counted,
});

/** What `minSamples` counts. */
export const requestsIn = (slices: readonly RateSlice[]): number =>
  slices.reduce((sum, slice) => sum + slice.requests, 0);

/** What was counted, and in how many seconds. */
export const secondsOf = (slices: readonly RateSlice[]): readonly SliceTotal[] =>
  slices.map(({ counted, durationMs, phase }) => ({ total: counted, weight: durationMs / 1000, stratum: phase }));
