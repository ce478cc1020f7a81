// A finished histogram in little memory: hours of slices stay small.
import type { HistogramData } from '../model/load.ts';
import { type Histogram, toData } from './histogram.ts';

/** Six bytes for each bucket that holds something. */
export interface PackedHistogram {
  readonly buckets: Uint16Array;
  readonly counts: Uint32Array;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

export function packHistogram(histogram: Histogram): PackedHistogram {
  const data = toData(histogram);
  return { ...data, buckets: Uint16Array.from(data.buckets), counts: Uint32Array.from(data.counts) };
}

export function unpackHistogram(packed: PackedHistogram): HistogramData {
  return { ...packed, buckets: Array.from(packed.buckets), counts: Array.from(packed.counts) };
}
