// Counts a watch again from what a run's histograms hold: for limits that nobody asked for when the run was recorded.
import { countAbove, mergeHistograms } from '../../core/model/histogram-data.ts';
import type { LoadGroup, LoadResult, Sample, Watch, WatchResult, WatchSelection } from '../../core/model/load.ts';

/**
 * Response times only, slice by slice of the groups. Where the histograms leave a doubt it counts against the system: values in the limit's own bucket (0.8% wide) are
 * slower, and failed requests are counted beside the slow ones although some may be among them. Undefined for other measures and for bounds: no histogram by slice holds
 * them. `before`: what was recorded for the same requirement, whose samples are sorted anew.
 */
export function watchFromGroups(
  watch: Watch,
  load: LoadResult,
  before: WatchResult | undefined,
): WatchResult | undefined {
  if (watch.measure !== 'response' || watch.bounds !== undefined) return undefined;
  const groups = load.groups.filter(
    (group) =>
      watch.phases.includes(group.phase) &&
      (watch.scenario === undefined || watch.scenario === group.scenario) &&
      (watch.step === undefined || watch.step === group.step),
  );
  const slices = slicesOf(groups, watch);
  const sum = (pick: (slice: (typeof slices)[number]) => number) => slices.reduce((all, slice) => all + pick(slice), 0);
  return {
    id: watch.id,
    requests: sum((slice) => slice.requests),
    failed: sum((slice) => slice.failed),
    over: watch.thresholds.map((_, i) => sum((slice) => slice.over[i] ?? 0)),
    slices,
    selection: before === undefined ? noSelection : sortAnew(before.selection, watch.thresholds[0]),
    histogram: mergeHistograms(groups.flatMap((group) => group.histograms.response ?? [])),
  };
}

const noSelection: WatchSelection = { worst: [], violators: [], compliers: [] };

function slicesOf(groups: readonly LoadGroup[], watch: Watch): WatchResult['slices'] {
  const starts = new Map(groups.flatMap((group) => group.slices.map((slice) => [slice.startMs, group.phase] as const)));
  return [...starts]
    .sort(([a], [b]) => a - b)
    .map(([startMs, phase]) => {
      const parts = groups.flatMap((group) => group.slices.filter((slice) => slice.startMs === startMs));
      const requests = parts.reduce((all, part) => all + part.requests, 0);
      const failed = parts.reduce((all, part) => all + part.failed, 0);
      const response = mergeHistograms(parts.map((part) => part.response));
      const over = watch.thresholds.map((limit) =>
        Math.min(requests, failed + countAbove(response, limit * 1000).most),
      );
      return { startMs, phase, requests, failed, over };
    });
}

function sortAnew(selection: WatchSelection, limitMs: number | undefined): WatchSelection {
  const all = [...new Set([...selection.violators, ...selection.compliers])];
  const isViolating = (sample: Sample): boolean =>
    !(sample.outcome.kind === 'reply' && sample.outcome.good) ||
    (limitMs !== undefined && sample.endedAt - sample.scheduledAt > limitMs);
  return {
    worst: selection.worst.filter(isViolating),
    violators: all.filter(isViolating),
    compliers: all.filter((sample) => !isViolating(sample)),
  };
}
