// Evaluates the PromQL subset at every step of a window, on any store that gives series by matchers.
import type { Labels, Series } from '../../../core/model/series.ts';
import { type UnixMillis, unixMillis } from '../../../core/model/units.ts';
import { labelKey } from '../../shared/prometheus/join-series.ts';
import { aggregate } from './aggregate.ts';
import { applyBinary } from './binary.ts';
import { type Call, type Expression, type Matcher, PromqlFault, type Selector } from './expression.ts';
import { histogramQuantile } from './histogram-quantile.ts';
import { quantile, type RangeSamples, rangeFunctions } from './range-functions.ts';
import { type StoredSeries, type Value, type VectorSample, withoutName } from './samples.ts';
import { vectorFunctions } from './vector-functions.ts';

/** How far back an instant selector looks for a sample, as Prometheus does by default. */
export const lookback = 300_000;

/** Series that all matchers accept. */
export type SelectSeries = (matchers: readonly Matcher[]) => readonly StoredSeries[];

export interface EvaluationWindow {
  readonly start: number;
  readonly end: number;
  /** Milliseconds, above zero. */
  readonly step: number;
}

/** The series that the expression has at start, start + step, ... up to end; a scalar is one series without labels. Throws a PromqlFault when it cannot be evaluated. */
export function evaluate(
  expression: Expression,
  select: SelectSeries,
  { start, end, step }: EvaluationWindow,
): readonly Series[] {
  const evaluation: Evaluation = { selected: new Map(), select };
  const found = new Map<string, { readonly labels: Labels; readonly times: UnixMillis[]; readonly values: number[] }>();
  for (let index = 0; start + index * step <= end; index += 1) {
    const time = start + index * step;
    const value = evaluateAt(evaluation, expression, time);
    const samples = value.kind === 'scalar' ? [{ labels: {}, value: value.value }] : value.samples;
    for (const sample of unique(samples)) {
      const key = labelKey(sample.labels);
      const series = found.get(key) ?? { labels: sample.labels, times: [], values: [] };
      found.set(key, series);
      series.times.push(unixMillis(time));
      series.values.push(sample.value);
    }
  }
  return [...found.values()];
}

interface Evaluation {
  /** The series of each selector, looked up once for all steps. */
  readonly selected: Map<Selector, readonly StoredSeries[]>;
  readonly select: SelectSeries;
}

function evaluateAt(evaluation: Evaluation, expression: Expression, time: number): Value {
  switch (expression.kind) {
    case 'number':
      return { kind: 'scalar', value: expression.value };
    case 'selector':
      return { kind: 'vector', samples: instant(evaluation, expression, time) };
    case 'negate':
      return negate(evaluateAt(evaluation, expression.operand, time));
    case 'binary': {
      const left = evaluateAt(evaluation, expression.left, time);
      return applyBinary(expression, left, evaluateAt(evaluation, expression.right, time));
    }
    case 'aggregate': {
      const parameter = expression.parameter === undefined ? 0 : scalarAt(evaluation, expression.parameter, time);
      return {
        kind: 'vector',
        samples: aggregate(expression, vectorAt(evaluation, expression.argument, time), parameter),
      };
    }
    case 'call':
      return callAt(evaluation, expression, time);
  }
}

function callAt(evaluation: Evaluation, { name, args }: Call, time: number): Value {
  const range = args.find((arg) => arg.kind === 'selector' && arg.range !== undefined) as Selector | undefined;
  if (range !== undefined) {
    const phi = name === 'quantile_over_time' ? scalarAt(evaluation, args[0] as Expression, time) : undefined;
    return { kind: 'vector', samples: overRange(evaluation, name, range, time, phi) };
  }
  const [first, second, third] = args as readonly (Expression | undefined)[];
  if (name === 'time') return { kind: 'scalar', value: time / 1000 };
  if (name === 'vector')
    return { kind: 'vector', samples: [{ labels: {}, value: scalarAt(evaluation, first as Expression, time) }] };
  if (name === 'scalar') {
    const samples = vectorAt(evaluation, first as Expression, time);
    return { kind: 'scalar', value: samples.length === 1 ? (samples[0]?.value ?? Number.NaN) : Number.NaN };
  }
  if (name === 'histogram_quantile') {
    const phi = scalarAt(evaluation, first as Expression, time);
    return { kind: 'vector', samples: histogramQuantile(phi, vectorAt(evaluation, second as Expression, time)) };
  }
  const parameters = [second, third].flatMap((arg) => (arg === undefined ? [] : [scalarAt(evaluation, arg, time)]));
  const samples = vectorFunctions[name]?.(vectorAt(evaluation, first as Expression, time), parameters);
  if (samples === undefined) throw new PromqlFault('unsupported', `the function ${name}`);
  return { kind: 'vector', samples };
}

function overRange(
  evaluation: Evaluation,
  name: string,
  selector: Selector,
  time: number,
  phi: number | undefined,
): readonly VectorSample[] {
  const end = time - selector.offset;
  const start = end - (selector.range ?? 0);
  return seriesOf(evaluation, selector).flatMap((series) => {
    const samples = rangeSamples(series, start, end);
    if (samples === undefined) return [];
    const value = phi === undefined ? rangeFunctions[name]?.(samples) : quantile(phi, samples.values);
    if (value === undefined) return [];
    return [{ labels: name === 'last_over_time' ? series.labels : withoutName(series.labels), value }];
  });
}

function rangeSamples(series: StoredSeries, start: number, end: number): RangeSamples | undefined {
  const range = series.between(start, end);
  const times: number[] = [];
  const values: number[] = [];
  for (let i = range.from; i < range.to; i += 1) {
    if (range.stale[i] === 1) continue;
    times.push(range.times[i] as number);
    values.push(range.values[i] as number);
  }
  return times.length === 0 ? undefined : { times, values, start, end };
}

function instant(evaluation: Evaluation, selector: Selector, time: number): readonly VectorSample[] {
  const at = time - selector.offset;
  return seriesOf(evaluation, selector).flatMap((series) => {
    // The look-back excludes its far end.
    const range = series.between(at - lookback + 1, at);
    const last = range.to - 1;
    if (range.to === range.from || range.stale[last] === 1) return [];
    return [{ labels: series.labels, value: range.values[last] as number }];
  });
}

function seriesOf(evaluation: Evaluation, selector: Selector): readonly StoredSeries[] {
  const known = evaluation.selected.get(selector);
  if (known !== undefined) return known;
  const series = evaluation.select(selector.matchers);
  evaluation.selected.set(selector, series);
  return series;
}

function scalarAt(evaluation: Evaluation, expression: Expression, time: number): number {
  const value = evaluateAt(evaluation, expression, time);
  return value.kind === 'scalar' ? value.value : Number.NaN;
}

function vectorAt(evaluation: Evaluation, expression: Expression, time: number): readonly VectorSample[] {
  const value = evaluateAt(evaluation, expression, time);
  return value.kind === 'vector' ? value.samples : [];
}

function negate(value: Value): Value {
  if (value.kind === 'scalar') return { kind: 'scalar', value: -value.value };
  return {
    kind: 'vector',
    samples: value.samples.map((sample) => ({ labels: withoutName(sample.labels), value: -sample.value })),
  };
}

/** Dropping names or labels may leave two elements alike: an error, as in Prometheus, never a silent choice. */
function unique(samples: readonly VectorSample[]): readonly VectorSample[] {
  if (samples.length < 2) return samples;
  const seen = new Set<string>();
  for (const sample of samples) {
    const key = labelKey(sample.labels);
    if (seen.has(key)) throw new PromqlFault('evaluation', `the result has several series with the same labels ${key}`);
    seen.add(key);
  }
  return samples;
}
