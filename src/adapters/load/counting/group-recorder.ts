// Everything counted about one step in one phase.
import { createHistogram, type Histogram, record, toData } from '../../../core/load/histogram.ts';
import type { Reservoir } from '../../../core/load/reservoir.ts';
import type { TimedPhase } from '../../../core/load/timeline.ts';
import type { FailureKind, HistogramData, MeasureName, Sample } from '../../../core/model/load.ts';
import type { Exchange, ExchangeRecorder } from '../requests/hot-path.ts';
import { measureOf } from './measures.ts';
import { type SampleNames, sampleOf } from './sample-of.ts';
import { SliceHistograms } from './slice-histograms.ts';
import { sliceAt, sliceCount, type WatchRecorder } from './watch-recorder.ts';

/** What one worker measured of one step in one phase. Slice after slice: [requests, good, failed, bytes received]. */
export interface GroupPart {
  readonly scenario: string;
  readonly step: string;
  readonly phase: number;
  readonly columns: Float64Array;
  readonly responses: readonly HistogramData[];
  /** The failed ones among them; a hole where none failed. */
  readonly failedResponses: readonly (HistogramData | undefined)[];
  readonly histograms: Readonly<Partial<Record<MeasureName, HistogramData>>>;
  readonly statusCounts: Readonly<Record<string, number>>;
  readonly failureCounts: Readonly<Partial<Record<FailureKind, number>>>;
  /** What the first of each kind said. */
  readonly failureMessages: Readonly<Partial<Record<FailureKind, string>>>;
}

export interface GroupRecorderOptions {
  readonly names: SampleNames;
  readonly phase: TimedPhase;
  readonly phaseIndex: number;
  readonly sliceMs: number;
  /** The watches that count this step and phase. */
  readonly watches: readonly WatchRecorder[];
  /** Absent when the phase is not judged: nothing of it is selected. */
  readonly uniform: Reservoir<Sample> | undefined;
}

const COLUMNS = 4;
// Nothing was reached: no trace exists that could be pulled.
const WITHOUT_TRACE: ReadonlySet<FailureKind> = new Set(['connect', 'dns', 'tls']);
const STREAM_MEASURES = ['ttft', 'tpot', 'responsePerToken', 'outputTokens', 'inputTokens'] as const;

export class GroupRecorder implements ExchangeRecorder {
  readonly #options: GroupRecorderOptions;
  readonly #slices: number;
  readonly #columns: Float64Array;
  readonly #responses = new SliceHistograms();
  #failedResponses: SliceHistograms | undefined;
  readonly #service = createHistogram();
  readonly #lag = createHistogram();
  readonly #firstByte = createHistogram();
  readonly #rare = new Map<MeasureName, Histogram>();
  readonly #statusCounts = new Uint32Array(1000);
  readonly #failureCounts = new Map<FailureKind, number>();
  readonly #failureMessages = new Map<FailureKind, string>();

  constructor(options: GroupRecorderOptions) {
    this.#options = options;
    this.#slices = sliceCount(options.phase, options.sliceMs);
    this.#columns = new Float64Array(this.#slices * COLUMNS);
  }

  /** Counts one ended request. A request that was never sent (it waited for a connection beyond its time-out) has `hasIds` false. */
  readonly record = (exchange: Exchange): void => {
    const { phase, sliceMs, watches, phaseIndex } = this.#options;
    const slice = sliceAt(phase, sliceMs, this.#slices, exchange.dueMs);
    const columns = this.#columns;
    const at = slice * COLUMNS;
    const { failure } = exchange;
    columns[at] = (columns[at] as number) + 1;
    if (failure === undefined) columns[at + 1] = (columns[at + 1] as number) + 1;
    else this.#countFailure(at, failure, exchange.message);
    columns[at + 3] = (columns[at + 3] as number) + exchange.bytesReceived;
    if (exchange.status > 0) this.#statusCounts[exchange.status] = (this.#statusCounts[exchange.status] as number) + 1;
    this.#recordTimes(exchange, slice);
    const names = this.#selectable(exchange) ? this.#options.names : undefined;
    for (let i = 0; i < watches.length; i += 1) (watches[i] as WatchRecorder).record(exchange, phaseIndex, names);
    if (names !== undefined && this.#options.uniform?.offer() === true)
      this.#options.uniform.put(sampleOf(exchange, names));
  };

  #selectable(exchange: Exchange): boolean {
    if (!exchange.sampled || !exchange.hasIds || this.#options.uniform === undefined) return false;
    return exchange.failure === undefined || !WITHOUT_TRACE.has(exchange.failure);
  }

  #countFailure(at: number, failure: FailureKind, message: string): void {
    this.#columns[at + 2] = (this.#columns[at + 2] as number) + 1;
    const count = this.#failureCounts.get(failure) ?? 0;
    this.#failureCounts.set(failure, count + 1);
    if (count === 0) this.#failureMessages.set(failure, message);
  }

  #recordTimes(exchange: Exchange, slice: number): void {
    const response = (exchange.endedMs - exchange.dueMs) * 1000;
    this.#responses.record(slice, response);
    if (exchange.failure !== undefined) {
      this.#failedResponses ??= new SliceHistograms();
      this.#failedResponses.record(slice, response);
    }
    if (exchange.hasIds) {
      record(this.#service, (exchange.endedMs - exchange.sentMs) * 1000);
      record(this.#lag, (exchange.sentMs - exchange.dueMs) * 1000);
    }
    if (exchange.firstByteMs >= 0) record(this.#firstByte, (exchange.firstByteMs - exchange.sentMs) * 1000);
    // Most replies come in one piece: their end is their first byte.
    if (exchange.endedMs > exchange.firstByteMs && exchange.firstByteMs >= 0) this.#recordPart('transfer', exchange);
    if (exchange.connectMs >= 0) {
      this.#recordPart('connect', exchange);
      this.#recordPart('tls', exchange);
    }
    if (exchange.stream !== undefined) this.#recordStream(exchange);
  }

  #recordStream(exchange: Exchange): void {
    for (const measure of STREAM_MEASURES) {
      const value = measureOf(exchange, measure);
      if (Number.isNaN(value)) continue;
      this.#recordRare(measure, measure === 'outputTokens' || measure === 'inputTokens' ? value : value * 1000);
    }
    for (const gap of exchange.stream?.gapsMs ?? []) this.#recordRare('itl', gap * 1000);
  }

  #recordPart(measure: MeasureName, exchange: Exchange): void {
    const value = measureOf(exchange, measure);
    if (!Number.isNaN(value)) this.#recordRare(measure, value * 1000);
  }

  #recordRare(measure: MeasureName, value: number): void {
    let histogram = this.#rare.get(measure);
    if (histogram === undefined) {
      histogram = createHistogram();
      this.#rare.set(measure, histogram);
    }
    record(histogram, value);
  }

  part(): GroupPart {
    const { names, phaseIndex } = this.#options;
    const histograms: Partial<Record<MeasureName, HistogramData>> = {
      service: toData(this.#service),
      lag: toData(this.#lag),
      firstByte: toData(this.#firstByte),
    };
    for (const [measure, histogram] of this.#rare) histograms[measure] = toData(histogram);
    const statusCounts: Record<string, number> = {};
    for (const [status, count] of this.#statusCounts.entries()) if (count > 0) statusCounts[status] = count;
    return {
      scenario: names.scenario,
      step: names.step,
      phase: phaseIndex,
      columns: this.#columns,
      responses: Array.from({ length: this.#slices }, (_, slice) => this.#responses.data(slice)),
      failedResponses: Array.from({ length: this.#slices }, (_, slice) =>
        (this.#columns[slice * COLUMNS + 2] as number) > 0 ? this.#failedResponses?.data(slice) : undefined,
      ),
      histograms,
      statusCounts,
      failureCounts: Object.fromEntries(this.#failureCounts),
      failureMessages: Object.fromEntries(this.#failureMessages),
    };
  }
}
