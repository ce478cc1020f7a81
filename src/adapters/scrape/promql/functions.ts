// The functions of the subset: what each takes and gives.
import type { ExpressionType } from './expression.ts';

export interface Signature {
  readonly args: readonly ExpressionType[];
  readonly gives: 'scalar' | 'vector';
}

const ofRange: Signature = { args: ['range'], gives: 'vector' };
const ofVector: Signature = { args: ['vector'], gives: 'vector' };

export const functions: Readonly<Record<string, Signature>> = {
  rate: ofRange,
  increase: ofRange,
  irate: ofRange,
  delta: ofRange,
  idelta: ofRange,
  deriv: ofRange,
  changes: ofRange,
  resets: ofRange,
  avg_over_time: ofRange,
  min_over_time: ofRange,
  max_over_time: ofRange,
  sum_over_time: ofRange,
  count_over_time: ofRange,
  last_over_time: ofRange,
  present_over_time: ofRange,
  stddev_over_time: ofRange,
  stdvar_over_time: ofRange,
  quantile_over_time: { args: ['scalar', 'range'], gives: 'vector' },
  histogram_quantile: { args: ['scalar', 'vector'], gives: 'vector' },
  abs: ofVector,
  ceil: ofVector,
  floor: ofVector,
  sqrt: ofVector,
  exp: ofVector,
  ln: ofVector,
  log2: ofVector,
  log10: ofVector,
  clamp: { args: ['vector', 'scalar', 'scalar'], gives: 'vector' },
  clamp_min: { args: ['vector', 'scalar'], gives: 'vector' },
  clamp_max: { args: ['vector', 'scalar'], gives: 'vector' },
  vector: { args: ['scalar'], gives: 'vector' },
  scalar: { args: ['vector'], gives: 'scalar' },
  time: { args: [], gives: 'scalar' },
};

/** Functions of PromQL that are known and left out, so that a message can tell a gap from a typing error. */
export const leftOut: ReadonlySet<string> = new Set(
  (
    'absent absent_over_time acos acosh asin asinh atan atanh cos cosh day_of_month day_of_week day_of_year days_in_month deg ' +
    'double_exponential_smoothing first_over_time histogram_avg histogram_count histogram_fraction histogram_quantiles histogram_stddev histogram_stdvar ' +
    'histogram_sum holt_winters hour info label_join label_replace limit_ratio limitk mad_over_time minute month pi predict_linear rad round sgn ' +
    'sin sinh sort sort_by_label sort_by_label_desc sort_desc tan tanh timestamp ts_of_first_over_time ts_of_last_over_time ts_of_max_over_time ' +
    'ts_of_min_over_time year topk bottomk count_values'
  ).split(' '),
);
