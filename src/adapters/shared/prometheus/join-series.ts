// Answers for windows that follow one another become one answer.
import type { Labels, Series } from '../../../core/model/series.ts';

/** Series with equal labels are joined in the order of the pieces. */
export function joinSeries(pieces: readonly (readonly Series[])[]): readonly Series[] {
  if (pieces.length === 1) return pieces[0] ?? [];
  const byLabels = Map.groupBy(pieces.flat(), (series) => labelKey(series.labels));
  return [...byLabels.values()].map((parts) => ({
    labels: parts[0]?.labels ?? {},
    times: parts.flatMap((part) => part.times),
    values: parts.flatMap((part) => part.values),
  }));
}

/** One text for equal sets of labels, whatever their order. Remembered for as long as the labels live. */
export function labelKey(labels: Labels): string {
  const known = keys.get(labels);
  if (known !== undefined) return known;
  const key = JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
  keys.set(labels, key);
  return key;
}

const keys = new WeakMap<Labels, string>();
