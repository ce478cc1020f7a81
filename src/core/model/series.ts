// Metric series as a Prometheus-like back end gives them.
import type { UnixMillis } from './units.ts';

export type Labels = Readonly<Record<string, string>>;

/** `times` and `values` have one length; times ascend. NaN values and stale markers stay NaN. */
export interface Series {
  readonly labels: Labels;
  readonly times: readonly UnixMillis[];
  readonly values: readonly number[];
}

export interface TimeWindow {
  readonly start: UnixMillis;
  readonly end: UnixMillis;
}
