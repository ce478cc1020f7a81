// What the evaluator needs of a store, and what it computes with.
import type { Labels } from '../../../core/model/series.ts';

/** A stretch of one series' samples: indexes `from` to `to` (exclusive) of shared columns. */
export interface SampleRange {
  readonly times: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** 1 where the sample is no value but the mark that the series ended there. */
  readonly stale: ArrayLike<number>;
  readonly from: number;
  readonly to: number;
}

/** One series of a store; times ascend. */
export interface StoredSeries {
  readonly labels: Labels;
  /** Samples with start <= time <= end, milliseconds. */
  readonly between: (start: number, end: number) => SampleRange;
}

/** One element of an instant vector. */
export interface VectorSample {
  readonly labels: Labels;
  readonly value: number;
}

export type Value =
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'vector'; readonly samples: readonly VectorSample[] };

/** The labels without the metric's name: what a computation keeps. One object for one object, since every step of a window asks again. */
export function withoutName(labels: Labels): Labels {
  if (labels['__name__'] === undefined) return labels;
  const known = nameless.get(labels);
  if (known !== undefined) return known;
  const { __name__, ...rest } = labels;
  nameless.set(labels, rest);
  return rest;
}

const nameless = new WeakMap<Labels, Labels>();

/** Only these labels, those that are there. */
export function pickLabels(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(names.flatMap((name) => (labels[name] ? [[name, labels[name]]] : [])));
}

/** All but these labels. */
export function omitLabels(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));
}
