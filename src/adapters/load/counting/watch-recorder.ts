// Counts, for one watch, exactly how many requests exceed its thresholds in each slice, and selects the traces worth pulling.

import { createHistogram, type Histogram, record, toData } from '../../../core/load/histogram.ts';
import type { Random } from '../../../core/load/random.ts';
import { createReservoir, createWorstList, type Reservoir, type WorstList } from '../../../core/load/reservoir.ts';
import type { TimedPhase } from '../../../core/load/timeline.ts';
import type { HistogramData, Sample, Watch } from '../../../core/model/load.ts';
import type { Exchange } from '../requests/hot-path.ts';
import { measureOf } from './measures.ts';
import { type SampleNames, sampleOf } from './sample-of.ts';

/** A watch's columns for one phase: slice after slice [requests, failed, over 0, over 1, ...]. */
export interface WatchPhasePart {
  readonly phase: number;
  readonly columns: Uint32Array;
}

/** What one worker counted for one watch. */
export interface WatchPart {
  readonly id: string;
  readonly phases: readonly WatchPhasePart[];
  readonly worst: readonly { readonly key: number; readonly item: Sample }[];
  readonly violators: { readonly items: readonly Sample[]; readonly seen: number };
  readonly compliers: { readonly items: readonly Sample[]; readonly seen: number };
  /** Only of a watch that does not count whole groups. */
  readonly histogram?: HistogramData;
}

/** How many slices a phase has; the last may be shorter. */
export function sliceCount(phase: TimedPhase, sliceMs: number): number {
  return Math.max(1, Math.ceil((phase.endMs - phase.startMs) / sliceMs - 1e-9));
}

/** The slice that holds an intended start; what starts after the phase (last steps of the run's last journeys) is kept in its last slice. */
export function sliceAt(phase: TimedPhase, sliceMs: number, slices: number, dueMs: number): number {
  const slice = Math.floor((dueMs - phase.startMs) / sliceMs);
  return slice < 0 ? 0 : slice < slices ? slice : slices - 1;
}

/** Whether a watch counts the requests of a step in a phase. */
export function isWatched(watch: Watch, scenario: string, step: string, phase: string): boolean {
  return (
    (watch.scenario === undefined || watch.scenario === scenario) &&
    (watch.step === undefined || watch.step === step) &&
    watch.phases.includes(phase)
  );
}

export class WatchRecorder {
  readonly watch: Watch;
  readonly #phases = new Map<
    number,
    { readonly phase: TimedPhase; readonly slices: number; readonly columns: Uint32Array }
  >();
  readonly #width: number;
  readonly #worst: WorstList<Sample>;
  readonly #violators: Reservoir<Sample>;
  readonly #compliers: Reservoir<Sample>;
  readonly #histogram: Histogram | undefined;

  constructor(watch: Watch, phases: readonly TimedPhase[], selectionSize: number, random: Random) {
    this.watch = watch;
    this.#width = 2 + watch.thresholds.length;
    for (const [index, phase] of phases.entries()) {
      if (!watch.phases.includes(phase.name)) continue;
      const slices = sliceCount(phase, watch.slice);
      this.#phases.set(index, { phase, slices, columns: new Uint32Array(slices * this.#width) });
    }
    this.#worst = createWorstList(selectionSize);
    this.#violators = createReservoir(selectionSize, random);
    this.#compliers = createReservoir(selectionSize, random);
    this.#histogram = watch.inputTokens === undefined ? undefined : createHistogram();
  }

  /** Counts one ended request of the watched step and phase; `names`: only when it may be selected. */
  record(exchange: Exchange, phaseIndex: number, names: SampleNames | undefined): void {
    const entry = this.#phases.get(phaseIndex);
    if (entry === undefined || !this.#isOfItsSize(exchange)) return;
    const at = sliceAt(entry.phase, this.watch.slice, entry.slices, exchange.dueMs) * this.#width;
    const failed = exchange.failure !== undefined;
    if (this.watch.measure === 'itl' && !failed) this.#countGaps(exchange, entry.columns, at);
    const value = measureOf(exchange, this.watch.measure);
    const isBad = failed || this.#exceedsBounds(exchange);
    if (!isBad && Number.isNaN(value)) return;
    if (this.watch.measure !== 'itl' || failed) this.#count(entry.columns, at, value, failed, isBad);
    if (this.#histogram !== undefined) {
      if (!Number.isNaN(value)) record(this.#histogram, value * 1000);
    } else if (names !== undefined) this.#select(exchange, value, isBad, names);
  }

  #isOfItsSize({ stream }: Exchange): boolean {
    const { inputTokens } = this.watch;
    if (inputTokens === undefined) return true;
    const tokens = stream?.inputTokens ?? -1;
    return tokens > inputTokens.above && tokens <= inputTokens.upTo;
  }

  #exceedsBounds(exchange: Exchange): boolean {
    const { bounds } = this.watch;
    if (bounds === undefined) return false;
    // Written so that a missing value (NaN) exceeds.
    for (const { measure, atMost } of bounds) if (!(measureOf(exchange, measure) <= atMost)) return true;
    return false;
  }

  #count(columns: Uint32Array, at: number, value: number, failed: boolean, isBad: boolean): void {
    columns[at] = (columns[at] as number) + 1;
    if (failed) columns[at + 1] = (columns[at + 1] as number) + 1;
    const { thresholds } = this.watch;
    for (let i = 0; i < thresholds.length; i += 1) {
      if (isBad || value > (thresholds[i] as number)) columns[at + 2 + i] = (columns[at + 2 + i] as number) + 1;
    }
  }

  /** For `itl` every gap between chunks is a request of its own. */
  #countGaps(exchange: Exchange, columns: Uint32Array, at: number): void {
    for (const gap of exchange.stream?.gapsMs ?? []) this.#count(columns, at, gap, false, false);
  }

  #select(exchange: Exchange, value: number, isBad: boolean, names: SampleNames): void {
    const threshold = this.watch.thresholds[0];
    const isViolator = isBad || (threshold !== undefined && value > threshold);
    if (!isViolator) {
      if (this.#compliers.offer()) this.#compliers.put(sampleOf(exchange, names));
      return;
    }
    const key = Number.isNaN(value) ? exchange.endedMs - exchange.dueMs : value;
    if (this.#worst.accepts(key)) this.#worst.put(key, sampleOf(exchange, names));
    if (this.#violators.offer()) this.#violators.put(sampleOf(exchange, names));
  }

  part(): WatchPart {
    return {
      id: this.watch.id,
      phases: Array.from(this.#phases, ([phase, { columns }]) => ({ phase, columns })),
      worst: this.#worst.items(),
      violators: { items: this.#violators.items, seen: this.#violators.seen },
      compliers: { items: this.#compliers.items, seen: this.#compliers.seen },
      ...(this.#histogram === undefined ? {} : { histogram: toData(this.#histogram) }),
    };
  }
}
