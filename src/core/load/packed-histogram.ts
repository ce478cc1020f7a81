// A finished histogram in little memory: hours of slices stay small.
import type { HistogramData } from '../model/load.ts';
import { BUCKET_COUNT, type Histogram, toData } from './histogram.ts';

/** About two bytes for each bucket that holds something. */
export interface PackedHistogram {
  /** For each such bucket the distance from the one before and its count, as varints (LEB128: seven bits a byte, the lowest first). */
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/** Distances take two bytes at the most, counts (below 2^32) five. */
const scratch = new Uint8Array(BUCKET_COUNT * 7);

export function packHistogram(histogram: Histogram): PackedHistogram {
  const { buckets, counts, ...rest } = toData(histogram);
  let end = 0;
  let before = 0;
  for (let i = 0; i < buckets.length; i += 1) {
    const bucket = buckets[i] as number;
    end = putVarint(end, bucket - before);
    end = putVarint(end, counts[i] as number);
    before = bucket;
  }
  return { ...rest, bytes: scratch.slice(0, end) };
}

export function unpackHistogram({ bytes, ...rest }: PackedHistogram): HistogramData {
  const buckets: number[] = [];
  const counts: number[] = [];
  let at = 0;
  let bucket = 0;
  const next = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++] as number;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    bucket += next();
    buckets.push(bucket);
    counts.push(next());
  }
  return { buckets, counts, ...rest };
}

/** Writes into `scratch` from `at` on; where the next one begins. */
function putVarint(at: number, value: number): number {
  let end = at;
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) scratch[end++] = 128 | (rest % 128);
  scratch[end++] = rest;
  return end;
}
