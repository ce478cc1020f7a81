// histogram_quantile over classic buckets (le), as Prometheus 2 computes it (promql/quantile.go).
import { labelKey } from '../../shared/prometheus/join-series.ts';
import { sampleValue } from '../../shared/prometheus/read-query-answer.ts';
import { omitLabels, type VectorSample } from './samples.ts';

interface Bucket {
  readonly upper: number;
  count: number;
}

/** One element for each group of buckets that differ in `le` only; elements without a readable `le` are left out. */
export function histogramQuantile(phi: number, samples: readonly VectorSample[]): readonly VectorSample[] {
  const groups = new Map<string, { readonly labels: VectorSample['labels']; readonly buckets: Bucket[] }>();
  for (const { labels, value } of samples) {
    const upper = sampleValue(labels['le']);
    if (labels['le'] === undefined || Number.isNaN(upper)) continue;
    const rest = omitLabels(labels, ['__name__', 'le']);
    const key = labelKey(rest);
    const group = groups.get(key) ?? { labels: rest, buckets: [] };
    groups.set(key, group);
    group.buckets.push({ upper, count: value });
  }
  return [...groups.values()].map(({ labels, buckets }) => ({ labels, value: bucketQuantile(phi, buckets) }));
}

/** Linear within the bucket that holds the rank. NaN without a +Inf bucket or without observations; in the +Inf bucket its lower edge. */
function bucketQuantile(phi: number, unsorted: readonly Bucket[]): number {
  if (Number.isNaN(phi)) return Number.NaN;
  if (phi < 0) return Number.NEGATIVE_INFINITY;
  if (phi > 1) return Number.POSITIVE_INFINITY;
  const buckets = cumulative(unsorted);
  const last = buckets.length - 1;
  const observations = buckets[last]?.count ?? 0;
  if (buckets[last]?.upper !== Number.POSITIVE_INFINITY || last < 1 || observations === 0 || Number.isNaN(observations))
    return Number.NaN;
  let rank = phi * observations;
  const found = buckets.slice(0, last).findIndex((bucket) => bucket.count >= rank);
  if (found < 0) return buckets[last - 1]?.upper ?? Number.NaN;
  const { upper, count } = buckets[found] as Bucket;
  if (found === 0 && upper <= 0) return upper;
  const below = found === 0 ? { upper: 0, count: 0 } : (buckets[found - 1] as Bucket);
  rank -= below.count;
  return below.upper + (upper - below.upper) * (rank / (count - below.count));
}

/** Sorted, equal edges merged, and never falling: scraped buckets may be torn by a moment. */
function cumulative(unsorted: readonly Bucket[]): readonly Bucket[] {
  const buckets: Bucket[] = [];
  for (const { upper, count } of unsorted.toSorted((a, b) => a.upper - b.upper)) {
    const previous = buckets.at(-1);
    if (previous?.upper === upper) previous.count += count;
    else buckets.push({ upper, count });
  }
  let highest = Number.NEGATIVE_INFINITY;
  for (const bucket of buckets) {
    if (bucket.count < highest) bucket.count = highest;
    else if (bucket.count > highest) highest = bucket.count;
  }
  return buckets;
}
