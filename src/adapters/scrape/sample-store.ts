// Scraped samples in memory: columns by series, bounded in series and in samples.
import type { Labels } from '../../core/model/series.ts';
import { labelKey } from '../shared/prometheus/join-series.ts';
import type { Matcher } from './promql/expression.ts';
import type { SampleRange, StoredSeries } from './promql/samples.ts';

export interface SampleStoreLimits {
  readonly maxSeries: number;
  /** Of one series; beyond, the oldest quarter is dropped. */
  readonly maxSamplesPerSeries: number;
}

export const defaultSampleStoreLimits: SampleStoreLimits = {
  /** With the samples below: 340 MB when all of it is used. */
  maxSeries: 20_000,
  /** An hour at one scrape in 4 s. */
  maxSamplesPerSeries: 1000,
};

/** Grows by doubling up to the limit. Samples come in order of time; one that is not later than the last is dropped, as Prometheus does. */
export class StoredColumns implements StoredSeries {
  readonly labels: Labels;
  private times = new Float64Array(16);
  private values = new Float64Array(16);
  private stale = new Uint8Array(16);
  private length = 0;
  private readonly maxSamples: number;
  /** Time of the newest sample that was dropped to make room; -Infinity when none was. */
  droppedUntil: number = Number.NEGATIVE_INFINITY;

  constructor(labels: Labels, maxSamples: number) {
    this.labels = labels;
    this.maxSamples = maxSamples;
  }

  append(time: number, value: number, mark: 'value' | 'stale'): void {
    if (this.length > 0 && time <= (this.times[this.length - 1] as number)) return;
    if (this.length === this.times.length) this.makeRoom();
    this.times[this.length] = time;
    this.values[this.length] = value;
    this.stale[this.length] = mark === 'stale' ? 1 : 0;
    this.length += 1;
  }

  between(start: number, end: number): SampleRange {
    const { times, values, stale } = this;
    return { times, values, stale, from: this.firstAfter(start, 'or-at'), to: this.firstAfter(end, 'not-at') };
  }

  private makeRoom(): void {
    if (this.length < this.maxSamples) {
      const capacity = Math.min(this.maxSamples, this.length * 2);
      this.times = grown(this.times, new Float64Array(capacity));
      this.values = grown(this.values, new Float64Array(capacity));
      this.stale = grown(this.stale, new Uint8Array(capacity));
      return;
    }
    const dropped = Math.ceil(this.length / 4);
    this.droppedUntil = this.times[dropped - 1] as number;
    for (const column of [this.times, this.values, this.stale]) column.copyWithin(0, dropped, this.length);
    this.length -= dropped;
  }

  /** Binary search: the first sample after `time`, or at it. */
  private firstAfter(time: number, edge: 'or-at' | 'not-at'): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const found = this.times[middle] as number;
      if (found < time || (found === time && edge === 'not-at')) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function grown<T extends Float64Array | Uint8Array>(from: T, into: T): T {
  into.set(from);
  return into;
}

export class SampleStore {
  private readonly limits: SampleStoreLimits;
  private readonly byKey = new Map<string, StoredColumns>();
  private readonly byName = new Map<string, StoredColumns[]>();

  constructor(limits: SampleStoreLimits = defaultSampleStoreLimits) {
    this.limits = limits;
  }

  /** The series with these labels, made when it is new; undefined when there are as many series as there may be. */
  series(labels: Labels): StoredColumns | undefined {
    const key = labelKey(labels);
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    if (this.byKey.size >= this.limits.maxSeries) return undefined;
    const made = new StoredColumns(labels, this.limits.maxSamplesPerSeries);
    this.byKey.set(key, made);
    const name = labels['__name__'] ?? '';
    const sameName = this.byName.get(name);
    if (sameName === undefined) this.byName.set(name, [made]);
    else sameName.push(made);
    return made;
  }

  /** Series that every matcher accepts. */
  select(matchers: readonly Matcher[]): readonly StoredColumns[] {
    const name = matchers.find((matcher) => matcher.label === '__name__' && matcher.op === '=')?.value;
    const candidates = name === undefined ? [...this.byKey.values()] : (this.byName.get(name) ?? []);
    return candidates.filter(({ labels }) => matchers.every((matcher) => matcher.matches(labels[matcher.label] ?? '')));
  }

  /** Whether any of these series has a value within the window. */
  hasValue(start: number, end: number, isMeant: (labels: Labels) => boolean): boolean {
    for (const series of this.byKey.values()) {
      if (!isMeant(series.labels)) continue;
      const { stale, from, to } = series.between(start, end);
      for (let i = from; i < to; i += 1) if (stale[i] === 0) return true;
    }
    return false;
  }

  /** Up to when samples of any series were dropped to make room; -Infinity when none were. */
  droppedUntil(): number {
    let latest = Number.NEGATIVE_INFINITY;
    for (const { droppedUntil } of this.byKey.values()) latest = Math.max(latest, droppedUntil);
    return latest;
  }
}
