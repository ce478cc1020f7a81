// A stretch of the run as if it were the whole: for asking whether a requirement held at some time.
import { mergeHistograms } from '../../model/histogram-data.ts';
import type { LoadGroup, LoadResult, WatchResult } from '../../model/load.ts';
import type { Observations } from '../../model/observations.ts';
import type { Series } from '../../model/series.ts';

export interface Stretch {
  /** On the run's clock. */
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Slices, points and samples whose start lies in the stretch. Distributions are rebuilt from the slices, which only the response time has; status counts
 * and other histograms are left out (empty), as they are not known by time; of a step whose slices all lie in it nothing is lost.
 */
export function restrict(observations: Observations, stretch: Stretch): Observations {
  const { load } = observations;
  const origin = load?.startedAt ?? observations.window.start;
  return {
    ...observations,
    ...(load === undefined ? {} : { load: restrictLoad(load, stretch) }),
    measures: observations.measures.map((measure) => ({
      ...measure,
      points: measure.points.filter((point) => isWithin(point.atMs, stretch)),
    })),
    series: observations.series.map((observation) => ({
      ...observation,
      series: observation.series.map((series) => restrictSeries(series, origin, stretch)),
    })),
  };
}

function restrictLoad(load: LoadResult, stretch: Stretch): LoadResult {
  return {
    ...load,
    groups: load.groups.map((group) => restrictGroup(group, stretch)),
    watches: load.watches.map((watch) => restrictWatch(watch, stretch)),
    phases: load.phases
      .filter((phase) => phase.startMs < stretch.endMs && phase.endMs > stretch.startMs)
      .map((phase) => ({
        ...phase,
        startMs: Math.max(phase.startMs, stretch.startMs) as typeof phase.startMs,
        endMs: Math.min(phase.endMs, stretch.endMs) as typeof phase.endMs,
      })),
  };
}

function restrictGroup(group: LoadGroup, stretch: Stretch): LoadGroup {
  const slices = group.slices.filter((slice) => isWithin(slice.startMs, stretch));
  if (slices.length === group.slices.length && slices.length > 0) return group;
  const sum = (pick: (slice: LoadGroup['slices'][number]) => number) =>
    slices.reduce((total, slice) => total + pick(slice), 0);
  return {
    ...group,
    slices,
    requests: sum((slice) => slice.requests),
    good: sum((slice) => slice.good),
    failed: sum((slice) => slice.failed),
    bytesReceived: sum((slice) => slice.bytesReceived),
    histograms: { response: mergeHistograms(slices.map((slice) => slice.response)) },
    statusCounts: {},
    failureCounts: {},
  };
}

function restrictWatch(watch: WatchResult, stretch: Stretch): WatchResult {
  const slices = watch.slices.filter((slice) => isWithin(slice.startMs, stretch));
  return {
    ...watch,
    slices,
    requests: slices.reduce((sum, slice) => sum + slice.requests, 0),
    failed: slices.reduce((sum, slice) => sum + slice.failed, 0),
    over: watch.over.map((_, i) => slices.reduce((sum, slice) => sum + (slice.over[i] ?? 0), 0)),
    histogram: mergeHistograms([]),
  };
}

function restrictSeries(series: Series, origin: number, stretch: Stretch): Series {
  const kept = series.times.flatMap((time, i) => {
    // A slice's value stands at its end.
    const at = time - origin;
    return at > stretch.startMs && at <= stretch.endMs ? [i] : [];
  });
  return {
    labels: series.labels,
    times: kept.flatMap((i) => series.times[i] ?? []),
    values: kept.flatMap((i) => series.values[i] ?? Number.NaN),
  };
}

const isWithin = (atMs: number, stretch: Stretch): boolean => atMs >= stretch.startMs && atMs < stretch.endMs;
