// What the resource metrics of a service did while requirements broke: confirms, names or demotes a mechanism.
import type { SaturationSeries, SaturationSignal } from '../../model/observations.ts';
import type { TimeWindow } from '../../model/series.ts';
import { median, quantile } from '../statistics/quantiles.ts';
import { withPoolUtilisation } from './pool-utilisation.ts';
import { isQueuedFor, type ResourceScale, resourceScale } from './resource-scale.ts';
import { waitInflation } from './wait-inflation.ts';

/** Robust change of one resource series of one service against the reference window. */
export interface ResourceChange {
  readonly service: string;
  readonly signal: SaturationSignal;
  readonly metric: string;
  /** In the metric's own unit, counters as their rate per second. NaN when there is no reference window. */
  readonly reference: number;
  /** Upper fifth of the observed window: a fault rarely fills a window. */
  readonly observed: number;
  /**
   * (observed - reference) / spread, where the spread is the reference's interquartile range as a standard deviation, but never less than what is
   * worth telling in that unit: > 3 is a clear rise, < -3 a clear fall, 0 without a reference. Where the capacity is known and users stand in line
   * for it, a rise counts no more than what it does to waiting: 3 for twice the wait.
   */
  readonly score: number;
  /** Share of the resource's capacity in use, 0..1, where the metric tells. */
  readonly utilisation?: { readonly reference: number; readonly observed: number };
  /**
   * The level below which the metric hardly falls (lower fifth), in the first and in the last third of the observed window and the minutes before it:
   * what stays when garbage and peaks are gone. What grows all the time has grown before anybody suffers. Absent with fewer than 9 samples.
   */
  readonly floor?: { readonly first: number; readonly last: number };
  /** First time in the observed window, in milliseconds of the run's clock, when the score passed 3; undefined when it never did. */
  readonly onsetMs?: number;
}

export interface CorroborationWindows {
  /** When the violating requests ran. */
  readonly observed: TimeWindow;
  /** Healthy time to compare with; without it only utilisation speaks. */
  readonly reference: TimeWindow | undefined;
  /** Zero of the run's clock. */
  readonly originMs: number;
}

/** A reference needs so many samples to have a range. */
const leastReference = 3;
const clearScore = 3;

/**
 * One change per series that has a sample in the observed window. Median and interquartile range, not mean and deviation: with the failure time off
 * by a minute the latter lose most of their accuracy (BARO, ASE 2024). Linear in the samples.
 */
export function resourceChanges(
  series: readonly SaturationSeries[],
  windows: CorroborationWindows,
): readonly ResourceChange[] {
  return withPoolUtilisation(series).flatMap((each) => {
    const change = changeOf(each, windows);
    return change === undefined ? [] : [change];
  });
}

interface Samples {
  readonly times: readonly number[];
  readonly values: readonly number[];
}

function changeOf(each: SaturationSeries, windows: CorroborationWindows): ResourceChange | undefined {
  const scale = resourceScale(each.metric, each.signal);
  const samples = scale.isCounter ? ratesOf(each.series) : withoutGaps(each.series);
  // A sample tells of the time before it, so the first one after the window still belongs to it.
  const step = stepOf(samples.times);
  const during = within(samples, windows.observed.start, windows.observed.end + step);
  const before =
    windows.reference === undefined
      ? []
      : within(samples, windows.reference.start, windows.reference.end).map(({ value }) => value);
  if (during.length === 0) return undefined;

  const observed = quantile(
    during.map(({ value }) => value),
    0.8,
  );
  const reference = before.length >= leastReference ? median(before) : Number.NaN;
  const score = scorer(before, reference, isQueuedFor(each.signal) ? scale : { ...scale, capacity: undefined });
  const onset = during.find(({ value }) => score(value) > clearScore);
  const { capacity } = scale;
  return {
    service: each.service,
    signal: each.signal,
    metric: each.metric,
    reference,
    observed,
    score: score(observed),
    ...(capacity === undefined
      ? {}
      : { utilisation: { reference: share(reference, capacity), observed: share(observed, capacity) } }),
    ...floorOf(samples, windows.observed, step),
    ...(onset === undefined ? {} : { onsetMs: onset.time - windows.originMs }),
  };
}

/** NaN stays NaN. */
const fewestForFloor = 9;

/** How far back growth is looked for: minutes, or three times the window. */
const lookBack = { ms: 300_000, windows: 3 };

function floorOf(samples: Samples, { start, end }: TimeWindow, step: number): Pick<ResourceChange, 'floor'> {
  const from = start - Math.max(lookBack.ms, lookBack.windows * (end - start));
  const values = within(samples, from, end + step).map(({ value }) => value);
  if (values.length < fewestForFloor) return {};
  const third = Math.floor(values.length / 3);
  return { floor: { first: quantile(values.slice(0, third), 0.2), last: quantile(values.slice(-third), 0.2) } };
}

const share = (value: number, capacity: number): number => Math.min(1, Math.max(0, value / capacity));

function scorer(before: readonly number[], reference: number, scale: ResourceScale): (value: number) => number {
  if (Number.isNaN(reference)) return () => 0;
  const spread = spreadOf(before, scale);
  const { capacity } = scale;
  return (value) => {
    const deviation = (value - reference) / spread;
    if (capacity === undefined || deviation <= 0) return deviation;
    return Math.min(
      deviation,
      clearScore * Math.log2(waitInflation(share(reference, capacity), share(value, capacity))),
    );
  };
}

/** 1.349 standard deviations of a normal distribution lie between its quartiles. */
function spreadOf(values: readonly number[], scale: ResourceScale): number {
  const range = (quantile(values, 0.75) - quantile(values, 0.25)) / 1.349;
  return Math.max(range, scale.leastSpread, scale.leastRelativeSpread * Math.abs(median(values)));
}

function within(
  { times, values }: Samples,
  start: number,
  end: number,
): readonly { readonly time: number; readonly value: number }[] {
  return times.flatMap((time, at) => (time >= start && time <= end ? [{ time, value: values[at] ?? Number.NaN }] : []));
}

function stepOf(times: readonly number[]): number {
  return times.length < 2 ? 0 : median(times.slice(1).map((time, at) => time - (times[at] ?? time)));
}

function withoutGaps({ times, values }: Samples): Samples {
  const kept = times.flatMap((_, at) => (Number.isNaN(values[at] ?? Number.NaN) ? [] : [at]));
  return { times: kept.map((at) => times[at] ?? 0), values: kept.map((at) => values[at] ?? 0) };
}

/** Increase per second between samples; a fall is a restart of the counter and starts at zero. */
function ratesOf(series: Samples): Samples {
  const { times, values } = withoutGaps(series);
  const rates = values.slice(1).map((value, at) => {
    const last = values[at] ?? 0;
    const seconds = ((times[at + 1] ?? 0) - (times[at] ?? 0)) / 1000;
    return seconds <= 0 ? 0 : (value < last ? value : value - last) / seconds;
  });
  return { times: times.slice(1), values: rates };
}
