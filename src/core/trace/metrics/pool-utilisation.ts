// Connections in use as a share of the pool's size, where both are measured.
import type { SaturationSeries } from '../../model/observations.ts';
import type { Labels, Series } from '../../model/series.ts';

/** Labels that tell used connections from idle ones. */
const stateLabels: readonly string[] = [
  'state',
  'db_client_connection_state',
  'http_connection_state',
  'db.client.connection.state',
  'http.connection.state',
];

/**
 * Pool-used series with the pool-size series of the same pool (same service, same other labels) become ratios, named `used / size`; idle connections are
 * left out. All other series stay as they are. A pool whose size changes has its share change too: that is what callers wait for.
 */
export function withPoolUtilisation(all: readonly SaturationSeries[]): readonly SaturationSeries[] {
  const sizes = new Map(all.filter(({ signal }) => signal === 'pool-size').map((each) => [poolOf(each), each]));
  return all.flatMap((each) => {
    if (each.signal !== 'pool-used') return [each];
    const state = stateOf(each.series.labels);
    if (state === 'idle') return [];
    const size = sizes.get(poolOf(each));
    if (size === undefined) return [each];
    return [{ ...each, metric: `${each.metric} / ${size.metric}`, series: ratio(each.series, size.series) }];
  });
}

/** Whether a metric's values are shares of a pool. */
export const isPoolShare = (metric: string): boolean => metric.includes(' / ');

const stateOf = (labels: Labels): string | undefined =>
  stateLabels.map((label) => labels[label]).find((state) => state !== undefined);

function poolOf({ service, series: { labels } }: SaturationSeries): string {
  const others = Object.entries(labels).filter(([label]) => label !== '__name__' && !stateLabels.includes(label));
  return JSON.stringify([service, others.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Sizes are known at the same times as the use: both come from one scrape. NaN where not. */
function ratio(used: Series, size: Series): Series {
  const sizeAt = new Map<number, number>(size.times.map((time, at) => [time, size.values[at] ?? Number.NaN]));
  return {
    ...used,
    values: used.values.map((value, at) => value / (sizeAt.get(used.times[at] ?? Number.NaN) ?? Number.NaN)),
  };
}
