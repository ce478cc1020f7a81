// sum, avg, min, max, count, group, stddev, stdvar and quantile by or without labels.
import { labelKey } from '../../shared/prometheus/join-series.ts';
import type { Aggregate, AggregateOp } from './expression.ts';
import { mean, quantile, sum, variance } from './range-functions.ts';
import { omitLabels, pickLabels, type VectorSample } from './samples.ts';

const operations: Readonly<Record<Exclude<AggregateOp, 'quantile'>, (values: readonly number[]) => number>> = {
  sum,
  avg: mean,
  min: (values) => values.reduce((least, value) => (value < least || Number.isNaN(least) ? value : least)),
  max: (values) => values.reduce((most, value) => (value > most || Number.isNaN(most) ? value : most)),
  count: (values) => values.length,
  group: () => 1,
  stddev: (values) => Math.sqrt(variance(values)),
  stdvar: variance,
};

/** One element a group; none for an empty vector. */
export function aggregate(
  { op, grouping }: Pick<Aggregate, 'op' | 'grouping'>,
  samples: readonly VectorSample[],
  parameter: number,
): readonly VectorSample[] {
  const groups = new Map<string, { readonly labels: VectorSample['labels']; readonly values: number[] }>();
  for (const { labels, value } of samples) {
    const kept =
      grouping.kind === 'by'
        ? pickLabels(labels, grouping.labels)
        : omitLabels(labels, ['__name__', ...grouping.labels]);
    const key = labelKey(kept);
    const group = groups.get(key) ?? { labels: kept, values: [] };
    groups.set(key, group);
    group.values.push(value);
  }
  return [...groups.values()].map(({ labels, values }) => ({
    labels,
    value: op === 'quantile' ? quantile(parameter, values) : operations[op](values),
  }));
}
