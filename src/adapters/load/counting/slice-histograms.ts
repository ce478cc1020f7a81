// Response-time histograms of a phase's slices: the few being filled are open arrays, the rest is packed.
import { addData, clear, createHistogram, type Histogram, record, toData } from '../../../core/load/histogram.ts';
import { type PackedHistogram, packHistogram, unpackHistogram } from '../../../core/load/packed-histogram.ts';
import { emptyHistogram } from '../../../core/model/histogram-data.ts';
import type { HistogramData } from '../../../core/model/load.ts';

/** Replies come back nearly in the order of their slices. */
const MOST_OPEN = 3;
/** Late replies of a packed slice are put aside until there are so many: unpacking it for each would cost more than its request. */
const MOST_LATE = 128;

interface OpenSlice {
  readonly slice: number;
  readonly histogram: Histogram;
}

export class SliceHistograms {
  readonly #packed: (PackedHistogram | undefined)[] = [];
  /** Values in microseconds that belong to a packed slice as well. */
  readonly #late: (number[] | undefined)[] = [];
  readonly #open: OpenSlice[] = [];
  /** The one packed last, to be filled anew: left to the garbage collector, it would stay until the old generation is collected, and memory would creep up. */
  #spare: Histogram | undefined;
  #hotSlice = -1;
  #hot: Histogram = createHistogram();

  /** Adds a value in microseconds to a slice. */
  record(slice: number, microseconds: number): void {
    if (slice !== this.#hotSlice && !this.#heat(slice)) this.#recordLate(slice, microseconds);
    else record(this.#hot, microseconds);
  }

  /** The histogram of a slice so far. */
  data(slice: number): HistogramData {
    const open = this.#open.find((candidate) => candidate.slice === slice);
    if (open !== undefined) return toData(open.histogram);
    this.#packLate(slice);
    const packed = this.#packed[slice];
    return packed === undefined ? emptyHistogram : unpackHistogram(packed);
  }

  /** Makes an open slice the hot one, and opens one that is newer than all others; false for a slice that is packed. */
  #heat(slice: number): boolean {
    let found = this.#open.find((candidate) => candidate.slice === slice);
    if (found === undefined) {
      if (this.#open.length === MOST_OPEN && this.#open.every((open) => open.slice > slice)) return false;
      if (this.#open.length === MOST_OPEN) this.#packOldest();
      found = { slice, histogram: this.#spare ?? createHistogram() };
      this.#spare = undefined;
      this.#open.push(found);
    }
    this.#hotSlice = slice;
    this.#hot = found.histogram;
    return true;
  }

  #packOldest(): void {
    const oldest = this.#open.reduce((a, b) => (b.slice < a.slice ? b : a));
    this.#open.splice(this.#open.indexOf(oldest), 1);
    this.#packed[oldest.slice] = packHistogram(oldest.histogram);
    clear(oldest.histogram);
    this.#spare = oldest.histogram;
  }

  #recordLate(slice: number, microseconds: number): void {
    const late = this.#late[slice] ?? [];
    this.#late[slice] = late;
    late.push(microseconds);
    if (late.length === MOST_LATE) this.#packLate(slice);
  }

  #packLate(slice: number): void {
    const late = this.#late[slice];
    if (late === undefined) return;
    this.#late[slice] = undefined;
    const histogram = createHistogram();
    const packed = this.#packed[slice];
    if (packed !== undefined) addData(histogram, unpackHistogram(packed));
    for (const microseconds of late) record(histogram, microseconds);
    this.#packed[slice] = packHistogram(histogram);
  }
}
