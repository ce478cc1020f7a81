// Functions over the samples of a range selector, as Prometheus 2 computes them (promql/functions.go).

/** Samples within the range, stale markers taken out; at least one. Times in milliseconds. `start` and `end` bound the range. */
export interface RangeSamples {
  readonly times: readonly number[];
  readonly values: readonly number[];
  readonly start: number;
  readonly end: number;
}

/** The value, or undefined when the samples are too few to give one. */
export type RangeFunction = (samples: RangeSamples) => number | undefined;

export const rangeFunctions: Readonly<Record<string, RangeFunction>> = {
  rate: (samples) => {
    const grown = extrapolated(samples, 'counter');
    return grown === undefined ? undefined : grown / ((samples.end - samples.start) / 1000);
  },
  increase: (samples) => extrapolated(samples, 'counter'),
  delta: (samples) => extrapolated(samples, 'gauge'),
  irate: (samples) => {
    const [previous, last, seconds] = lastTwo(samples) ?? [];
    if (previous === undefined || last === undefined || seconds === undefined) return undefined;
    return (last < previous ? last : last - previous) / seconds;
  },
  idelta: (samples) => {
    const [previous, last] = lastTwo(samples) ?? [];
    return previous === undefined || last === undefined ? undefined : last - previous;
  },
  deriv: slope,
  changes: ({ values }) =>
    countPairs(values, (previous, next) => previous !== next && !(Number.isNaN(previous) && Number.isNaN(next))),
  resets: ({ values }) => countPairs(values, (previous, next) => next < previous),
  avg_over_time: ({ values }) => mean(values),
  min_over_time: ({ values }) =>
    values.reduce((least, value) => (value < least || Number.isNaN(least) ? value : least)),
  max_over_time: ({ values }) => values.reduce((most, value) => (value > most || Number.isNaN(most) ? value : most)),
  sum_over_time: ({ values }) => sum(values),
  count_over_time: ({ values }) => values.length,
  last_over_time: ({ values }) => values.at(-1),
  present_over_time: () => 1,
  stddev_over_time: ({ values }) => Math.sqrt(variance(values)),
  stdvar_over_time: ({ values }) => variance(values),
};

/** The phi-quantile by linear interpolation between ranks; outside 0..1 an infinity, NaN for no values. */
export function quantile(phi: number, values: readonly number[]): number {
  if (values.length === 0 || Number.isNaN(phi)) return Number.NaN;
  if (phi < 0) return Number.NEGATIVE_INFINITY;
  if (phi > 1) return Number.POSITIVE_INFINITY;
  // NaN sorts first, as in Prometheus.
  const sorted = values.toSorted((a, b) => (Number.isNaN(a) ? -1 : Number.isNaN(b) ? 1 : a - b));
  const rank = phi * (sorted.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const weight = rank - lower;
  return (sorted[lower] ?? 0) * (1 - weight) + (sorted[Math.min(sorted.length - 1, lower + 1)] ?? 0) * weight;
}

export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

/** Kahan's summation, Neumaier's variant, as Prometheus has it. */
export function sum(values: readonly number[]): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  // An infinity makes the correction NaN; the plain sum is right then.
  return Number.isFinite(total) ? total + lost : total;
}

/** Population variance. */
export function variance(values: readonly number[]): number {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2));
}

/**
 * The growth over the whole range, extended beyond the first and the last sample: up to the edge of the range when it is near (1.1 sample distances), else by half a
 * distance; a counter is not extended below zero. A counter that falls was reset: what it had before is added.
 *
 *   start   first           last   end
 *   |..x....x.......x........x.....|
 */
function extrapolated({ times, values, start, end }: RangeSamples, kind: 'counter' | 'gauge'): number | undefined {
  const count = values.length;
  const firstTime = times[0] as number;
  const lastTime = times[count - 1] as number;
  const first = values[0] as number;
  if (count < 2 || lastTime === firstTime) return undefined;
  let growth = (values[count - 1] as number) - first;
  if (kind === 'counter') {
    for (let i = 1; i < count; i += 1)
      if ((values[i] as number) < (values[i - 1] as number)) growth += values[i - 1] as number;
  }
  const sampled = (lastTime - firstTime) / 1000;
  const distance = sampled / (count - 1);
  let toStart = (firstTime - start) / 1000;
  const toEnd = (end - lastTime) / 1000;
  if (kind === 'counter' && growth > 0 && first >= 0) toStart = Math.min(toStart, sampled * (first / growth));
  const near = distance * 1.1;
  const extended = sampled + (toStart < near ? toStart : distance / 2) + (toEnd < near ? toEnd : distance / 2);
  return growth * (extended / sampled);
}

function lastTwo({ times, values }: RangeSamples): readonly [number, number, number] | undefined {
  const count = values.length;
  if (count < 2) return undefined;
  const seconds = ((times[count - 1] as number) - (times[count - 2] as number)) / 1000;
  return seconds === 0 ? undefined : [values[count - 2] as number, values[count - 1] as number, seconds];
}

/** Least squares, per second. */
function slope({ times, values }: RangeSamples): number | undefined {
  if (values.length < 2) return undefined;
  const origin = times[0] as number;
  const seconds = times.map((time) => (time - origin) / 1000);
  const meanTime = mean(seconds);
  const meanValue = mean(values);
  const covariance = sum(values.map((value, i) => (value - meanValue) * ((seconds[i] as number) - meanTime)));
  return covariance / sum(seconds.map((second) => (second - meanTime) ** 2));
}

function countPairs(values: readonly number[], counts: (previous: number, next: number) => boolean): number {
  let found = 0;
  for (let i = 1; i < values.length; i += 1) if (counts(values[i - 1] as number, values[i] as number)) found += 1;
  return found;
}
