// The run as it is seen from outside: snapshots once a second, and the safety limits, from the ticks of all workers.
import { addData, clear, createHistogram, toData } from '../../core/load/histogram.ts';
import { unpackHistogram } from '../../core/load/packed-histogram.ts';
import { safetyWatch } from '../../core/load/safety-watch.ts';
import { phaseAt, type TimedPhase } from '../../core/load/timeline.ts';
import { quantileOf } from '../../core/model/histogram-data.ts';
import type { LoadSnapshot } from '../../core/model/load.ts';
import { millis, perSecond } from '../../core/model/units.ts';
import type { SafetyLimits } from '../../core/model/workload.ts';
import type { WorkerTick } from './workers/worker-protocol.ts';

const SECOND_MS = 1000;

export interface LiveViewOptions {
  readonly phases: readonly TimedPhase[];
  readonly safety: SafetyLimits;
  readonly onSnapshot: (snapshot: LoadSnapshot) => void;
  /** Called once, with the broken limit. */
  readonly onBroken: (limit: string, atMs: number) => void;
}

export class LiveView {
  readonly #options: LiveViewOptions;
  readonly #watch: ReturnType<typeof safetyWatch>;
  readonly #second = createHistogram();
  readonly #inFlight = new Map<number, number>();
  readonly #overdue = new Map<number, number>();
  #requests = 0;
  #failed = 0;
  #dropped = 0;
  #secondStart = 0;
  #secondRequests = 0;
  #secondFailed = 0;
  #broken = false;

  constructor(options: LiveViewOptions) {
    this.#options = options;
    this.#watch = safetyWatch(options.safety);
  }

  /** Takes a tick of one worker. */
  add(worker: number, tick: WorkerTick): void {
    this.#requests += tick.requests;
    this.#failed += tick.failed;
    this.#dropped += tick.dropped;
    this.#secondRequests += tick.requests + tick.warmUp.requests;
    this.#secondFailed += tick.failed + tick.warmUp.failed;
    this.#inFlight.set(worker, tick.inFlight);
    this.#overdue.set(worker, tick.overdue);
    addData(this.#second, unpackHistogram(tick.response));
    if (tick.atMs - this.#secondStart >= SECOND_MS) this.#endSecond(tick.atMs);
  }

  #endSecond(atMs: number): void {
    const response = toData(this.#second);
    const requests = this.#secondRequests;
    const overdue = sum(this.#overdue);
    const limit = this.#watch.check({
      startMs: this.#secondStart,
      endMs: atMs,
      requests,
      failed: this.#secondFailed,
      response,
      overdue,
    });
    this.#options.onSnapshot({
      atMs: millis(atMs),
      ...this.#place(atMs),
      requests: this.#requests,
      failed: this.#failed,
      dropped: this.#dropped,
      inFlight: sum(this.#inFlight),
      rate: perSecond((requests * 1000) / (atMs - this.#secondStart)),
      p50: millis((quantileOf(response, 0.5) ?? 0) / 1000),
      p99: millis((quantileOf(response, 0.99) ?? 0) / 1000),
    });
    this.#secondStart = atMs;
    this.#secondRequests = 0;
    this.#secondFailed = 0;
    clear(this.#second);
    if (limit === undefined || this.#broken) return;
    this.#broken = true;
    this.#options.onBroken(limit, atMs);
  }

  #place(atMs: number): Pick<LoadSnapshot, 'phase' | 'phaseEndsMs' | 'endsMs'> {
    const { phases } = this.#options;
    const first = phases[0] as TimedPhase;
    const endsMs = millis((phases.at(-1) as TimedPhase).endMs);
    if (atMs < first.startMs) return { phase: 'warm-up', phaseEndsMs: millis(first.startMs), endsMs };
    const phase = phases[phaseAt(phases, atMs)] as TimedPhase;
    return { phase: phase.name, phaseEndsMs: millis(phase.endMs), endsMs };
  }
}

function sum(values: ReadonlyMap<number, number>): number {
  let total = 0;
  for (const value of values.values()) total += value;
  return total;
}
