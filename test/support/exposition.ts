// Series as text for programs that take them: with times, in the order of time.
import type { GivenSeries } from '../contract/metric-source.ts';

/** Prometheus' text format (times in ms), or OpenMetrics (times in s, a closing line). Lines of one series follow one another. */
export function exposition(series: readonly GivenSeries[], format: 'text' | 'openmetrics'): string {
  const lines = series.flatMap(({ labels, samples }) =>
    samples.map(
      ([time, value]) =>
        `${seriesText(labels)} ${valueText(value)} ${format === 'text' ? time : (time / 1000).toFixed(3)}`,
    ),
  );
  return `${lines.join('\n')}\n${format === 'openmetrics' ? '# EOF\n' : ''}`;
}

/** `name{label="value"}` */
function seriesText(labels: GivenSeries['labels']): string {
  const { __name__: name = '', ...rest } = labels;
  const inner = Object.entries(rest).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return inner.length === 0 ? name : `${name}{${inner.join(',')}}`;
}

function valueText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
