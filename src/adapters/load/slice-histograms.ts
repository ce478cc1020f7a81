// Response-time histograms of a phase's slices: the few being filled are open arrays, the rest is packed.
import { addData, createHistogram, type Histogram, record, toData } from '../../core/load/histogram.ts';
import { EMPTY_HISTOGRAM } from '../../core/load/histogram-data.ts';
import { type PackedHistogram, packHistogram, unpackHistogram } from '../../core/load/packed-histogram.ts';
import type { HistogramData } from '../../core/model/load.ts';

// Replies come back nearly in the order of their slices; a few open ones catch the stragglers.
const MOST_OPEN = 3;

interface OpenSlice {
  readonly slice: number;
  readonly histogram: Histogram;
}

export class SliceHistograms {
  readonly #packed: (PackedHistogram | undefined)[] = [];
  readonly #open: OpenSlice[] = [];
  #hotSlice = -1;
  #hot: Histogram = createHistogram();

  /** Adds a value in microseconds to a slice. */
  record(slice: number, microseconds: number): void {
    if (slice !== this.#hotSlice) this.#heat(slice);
    record(this.#hot, microseconds);
  }

  /** The histogram of a slice so far. */
  data(slice: number): HistogramData {
    const open = this.#open.find((candidate) => candidate.slice === slice);
    if (open !== undefined) return toData(open.histogram);
    const packed = this.#packed[slice];
    return packed === undefined ? EMPTY_HISTOGRAM : unpackHistogram(packed);
  }

  #heat(slice: number): void {
    let found = this.#open.find((candidate) => candidate.slice === slice);
    if (found === undefined) {
      found = { slice, histogram: createHistogram() };
      const packed = this.#packed[slice];
      if (packed !== undefined) addData(found.histogram, unpackHistogram(packed));
      this.#packed[slice] = undefined;
      this.#open.push(found);
      if (this.#open.length > MOST_OPEN) this.#packOldest();
    }
    this.#hotSlice = slice;
    this.#hot = found.histogram;
  }

  #packOldest(): void {
    const oldest = this.#open.shift() as OpenSlice;
    this.#packed[oldest.slice] = packHistogram(oldest.histogram);
  }
}
