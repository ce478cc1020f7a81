// Ways in which observations go wrong: on none of them may a requirement pass.
import type { LoadResult } from '../../../../src/core/model/load.ts';
import type { Observations } from '../../../../src/core/model/observations.ts';
import type { Series } from '../../../../src/core/model/series.ts';
import { traceSet } from '../../../../src/core/model/trace-set-builder.ts';
import { millis, ratio, unixMillis } from '../../../../src/core/model/units.ts';
import { needsOf } from '../../../../src/core/slo/needs.ts';
import { inputFor, type TypeCase } from './type-cases.ts';

/** Undefined where a type reads nothing that could go wrong in this way. */
export type Damage = (observations: Observations, typeCase: TypeCase) => Observations | undefined;

export const damages: Readonly<Record<string, Damage>> = {
  'no data': (observations) => {
    const { load: _, ...rest } = observations;
    return { ...rest, measures: [], series: [], baselines: [] };
  },
  'an empty run, empty answers and traces without what is asked for': (observations) => ({
    ...mapLoad(observations, emptied),
    measures: observations.measures.map((measure) => ({ ...measure, points: [] })),
    series: observations.series.map((answer) => ({ ...answer, series: [] })),
  }),
  'half the data': (observations, typeCase) => {
    // With a fixed number of users nobody knows how many requests there should have been.
    if (observations.load?.phases.some((phase) => phase.users !== undefined)) return undefined;
    const { traces } = reads(typeCase, observations);
    return {
      ...mapLoad(observations, halved),
      ...(traces ? { traces: halfOfTraces } : {}),
      series: halfOfSeries(observations),
    };
  },
  NaN: (observations, typeCase) => {
    const { traces, series } = reads(typeCase, observations);
    if (!traces && !series) return mapLoad(observations, unnumbered);
    return {
      ...observations,
      measures: observations.measures.map((measure) => ({
        ...measure,
        points: measure.points.map((point) => ({ ...point, value: Number.NaN })),
      })),
      series: mapSeries(observations, (found) => ({ ...found, values: found.values.map(() => Number.NaN) })),
    };
  },
  'one sample': (observations) => ({
    ...mapLoad(observations, single),
    measures: observations.measures.map((measure) => ({ ...measure, traces: 1, points: measure.points.slice(0, 1) })),
    series: mapSeries(observations, (series) =>
      series.times.length === 1 ? { ...series, times: [], values: [] } : keep(series, (i) => i === 0),
    ),
  }),
  'a counter that was reset': (observations, typeCase) =>
    typeCase.counters === true
      ? {
          ...observations,
          series: mapSeries(observations, (series) => ({ ...series, values: series.values.map((value) => -value) })),
        }
      : undefined,
  'a series that went stale': (observations, typeCase) =>
    reads(typeCase, observations).series
      ? {
          ...observations,
          series: mapSeries(observations, (series) =>
            series.times.length === 1
              ? { ...series, times: series.times.map((time) => unixMillis(time - 600_000)) }
              : keep(series, (i, n) => i < 0.7 * n),
          ),
        }
      : undefined,
};

const halfOfTraces: NonNullable<Observations['traces']> = {
  set: traceSet([]),
  populations: [],
  asked: 500,
  complete: 250,
  coverage: ratio(0.5),
};

/** The first half of each answer; of answers with one value every other one. */
function halfOfSeries(observations: Observations): Observations['series'] {
  const instant = observations.series.filter((answer) => answer.series.every((series) => series.times.length === 1));
  return mapSeries(observations, (series) => keep(series, (i, n) => i < n / 2)).filter((answer) => {
    const at = instant.findIndex((each) => each.key === answer.key);
    return at < 0 || at % 2 === 1;
  });
}

/** What the requirement under test looks at. */
function reads(typeCase: TypeCase, observations: Observations) {
  const needs = needsOf(typeCase.requirements, inputFor(typeCase, observations));
  return { load: needs.watches.length > 0, traces: needs.measures.length > 0, series: needs.queries.length > 0 };
}

function mapLoad(observations: Observations, change: (load: LoadResult) => LoadResult): Observations {
  return observations.load === undefined ? observations : { ...observations, load: change(observations.load) };
}

function mapSeries(observations: Observations, change: (series: Series) => Series): Observations['series'] {
  return observations.series.map((answer) => ({ ...answer, series: answer.series.map(change) }));
}

function keep(series: Series, wanted: (index: number, count: number) => boolean): Series {
  const count = series.times.length;
  return {
    labels: series.labels,
    times: series.times.filter((_, i) => wanted(i, count)),
    values: series.values.filter((_, i) => wanted(i, count)),
  };
}

function emptied(load: LoadResult): LoadResult {
  return {
    ...load,
    groups: [],
    watches: load.watches.map((watch) => ({
      ...watch,
      requests: 0,
      failed: 0,
      over: watch.over.map(() => 0),
      slices: watch.slices.map((slice) => ({ ...slice, requests: 0, failed: 0, over: slice.over.map(() => 0) })),
      histogram: { buckets: [], counts: [], count: 0, sum: 0, min: 0, max: 0 },
    })),
  };
}

/** Only half of the planned arrivals were sent. */
function halved(load: LoadResult): LoadResult {
  return { ...load, phases: load.phases.map((phase) => ({ ...phase, plannedArrivals: 2 * phase.sentArrivals })) };
}

function unnumbered(load: LoadResult): LoadResult {
  return {
    ...load,
    watches: load.watches.map((watch) => ({
      ...watch,
      slices: watch.slices.map((slice) => ({
        ...slice,
        requests: Number.NaN,
        failed: Number.NaN,
        over: slice.over.map(() => Number.NaN),
      })),
    })),
    groups: load.groups.map((group) => ({
      ...group,
      slices: group.slices.map((slice) => ({
        ...slice,
        requests: Number.NaN,
        failed: Number.NaN,
        response: {
          ...slice.response,
          counts: slice.response.counts.map(() => Number.NaN),
          count: Number.NaN,
          sum: Number.NaN,
        },
      })),
    })),
  };
}

/** One request, in the first slice of the first phase. */
function single(load: LoadResult): LoadResult {
  const only = load.groups[0];
  const slice = only?.slices.find((each) => each.requests > 0);
  if (only === undefined || slice === undefined) return load;
  const one = { buckets: [255], counts: [1], count: 1, sum: 255, min: 255, max: 255 };
  const count = { requests: 1, good: 1, failed: 0, bytesReceived: 0 };
  return {
    ...load,
    groups: [
      {
        ...only,
        ...count,
        histograms: Object.fromEntries(Object.keys(only.histograms).map((measure) => [measure, one])),
        slices: [{ ...slice, ...count, startMs: millis(slice.startMs), response: one }],
        statusCounts: { '200': 1 },
        failureCounts: {},
      },
    ],
    watches: load.watches.map((watch) => ({
      ...watch,
      requests: 1,
      failed: 0,
      over: watch.over.map(() => 0),
      slices: watch.slices.map((each, i) => ({
        ...each,
        requests: i === 0 ? 1 : 0,
        failed: 0,
        over: each.over.map(() => 0),
      })),
      histogram: one,
    })),
  };
}
