// Series in memory for the PromQL evaluator.
import type { SelectSeries } from '../../src/adapters/scrape/promql/evaluate.ts';
import type { StoredSeries } from '../../src/adapters/scrape/promql/samples.ts';
import type { Labels } from '../../src/core/model/series.ts';

/** One series: samples [time in ms, value]; a value of undefined marks the series' end. */
export function storedSeries(
  labels: Labels,
  samples: readonly (readonly [number, number | undefined])[],
): StoredSeries {
  const times = samples.map(([time]) => time);
  const values = samples.map(([, value]) => value ?? Number.NaN);
  const stale = samples.map(([, value]) => (value === undefined ? 1 : 0));
  return {
    labels,
    between(start, end) {
      const from = times.findIndex((time) => time >= start);
      const past = times.findIndex((time) => time > end);
      return { times, values, stale, from: from < 0 ? times.length : from, to: past < 0 ? times.length : past };
    },
  };
}

/** Chooses among the series as a store would. */
export function selectFrom(all: readonly StoredSeries[]): SelectSeries {
  return (matchers) =>
    all.filter(({ labels }) => matchers.every((matcher) => matcher.matches(labels[matcher.label] ?? '')));
}
