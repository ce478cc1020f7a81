// Adds up the workers' watches: exact counts by slice, and one selection of traces.
import { mergeData } from '../../../core/load/histogram.ts';
import type { Random } from '../../../core/load/random.ts';
import { mergeReservoirs } from '../../../core/load/reservoir.ts';
import type { TimedPhase } from '../../../core/load/timeline.ts';
import type { LoadGroup, Watch, WatchResult, WatchSlice } from '../../../core/model/load.ts';
import { millis } from '../../../core/model/units.ts';
import type { LoadPlan } from '../../../ports/load-engine.ts';
import { isWatched, type WatchPart } from './watch-recorder.ts';

/** Every worker has the plan's watches in the plan's order. */
export function mergeWatches(
  plan: LoadPlan,
  workers: readonly (readonly WatchPart[])[],
  phases: readonly TimedPhase[],
  groups: readonly LoadGroup[],
  random: Random,
): readonly WatchResult[] {
  return plan.watches.map((watch, index) => {
    const parts = workers.map((watches) => watches[index] as WatchPart);
    const slices = mergeSlices(watch, parts, phases);
    const own = groups.filter(({ scenario, step, phase }) => isWatched(watch, scenario, step, phase));
    return {
      id: watch.id,
      requests: slices.reduce((sum, slice) => sum + slice.requests, 0),
      failed: slices.reduce((sum, slice) => sum + slice.failed, 0),
      over: watch.thresholds.map((_, i) => slices.reduce((sum, slice) => sum + (slice.over[i] as number), 0)),
      slices,
      selection: {
        worst: parts
          .flatMap((part) => part.worst)
          .toSorted((a, b) => b.key - a.key)
          .slice(0, plan.selectionSize)
          .map(({ item }) => item),
        violators: mergeReservoirs(
          parts.map((part) => part.violators),
          plan.selectionSize,
          random,
        ),
        compliers: mergeReservoirs(
          parts.map((part) => part.compliers),
          plan.selectionSize,
          random,
        ),
      },
      ...(watch.bounds === undefined ? {} : { boundsApplied: true as const }),
      // A watch covers whole groups, so its distribution is the sum of theirs, unless it looks at some of their requests only.
      histogram: mergeData(
        watch.inputTokens === undefined
          ? own.flatMap((group) => group.histograms[watch.measure] ?? [])
          : parts.flatMap((part) => part.histogram ?? []),
      ),
    };
  });
}

function mergeSlices(watch: Watch, parts: readonly WatchPart[], phases: readonly TimedPhase[]): readonly WatchSlice[] {
  const width = 2 + watch.thresholds.length;
  return (parts[0]?.phases ?? []).flatMap(({ phase: index, columns }, at) => {
    const phase = phases[index] as TimedPhase;
    return Array.from({ length: columns.length / width }, (_, slice) => {
      const column = (offset: number): number =>
        parts.reduce((sum, part) => sum + (part.phases[at]?.columns[slice * width + offset] ?? 0), 0);
      return {
        startMs: millis(phase.startMs + slice * watch.slice),
        phase: phase.name,
        requests: column(0),
        failed: column(1),
        over: watch.thresholds.map((_, i) => column(2 + i)),
      };
    });
  });
}
