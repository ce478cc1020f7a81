// Where metrics of the system under test come from.
import type { Result } from '../core/model/result.ts';
import type { Series, TimeWindow } from '../core/model/series.ts';
import type { Millis } from '../core/model/units.ts';
import type { SourceError, SourceOptions } from './trace-source.ts';

export interface MetricCapabilities {
  /** `subset`: what docs/promql.md lists; anything else is answered with `unsupported`. */
  readonly promql: 'full' | 'subset';
}

/**
 * Contract: `range` evaluates PromQL at every step of the window, ends included, like Prometheus' query_range. An empty vector is an empty list, not an
 * error and not a zero. `discover` lists the series whose name matches, as raw samples in the window.
 */
export interface MetricSource {
  readonly name: string;
  readonly capabilities: MetricCapabilities;
  readonly range: (
    query: string,
    window: TimeWindow,
    step: Millis,
    options: SourceOptions,
  ) => Promise<Result<readonly Series[], SourceError>>;
  /** Series whose metric name matches the regular expression (whole name), raw samples within the window. */
  readonly discover: (
    name: string,
    window: TimeWindow,
    options: SourceOptions,
  ) => Promise<Result<readonly Series[], SourceError>>;
  /** How long after an event its samples can be read (scrape interval, look-back of the back end). */
  readonly freshness: Millis;
  readonly close: () => Promise<void>;
}
