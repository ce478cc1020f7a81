// A worker's watch on itself (lag, event loop, CPU) and its counts since the last look.
import { clear, createHistogram, record, toData } from '../../../core/load/histogram.ts';
import { type OwnLimit, ownLimitIn } from '../../../core/load/own-limits.ts';
import { packHistogram } from '../../../core/load/packed-histogram.ts';
import type { WorkerPart, WorkerTick } from './worker-protocol.ts';

export class WorkerMeter {
  readonly #lag = createHistogram();
  readonly #loopDelay = createHistogram();
  readonly #response = createHistogram();
  #counted = { requests: 0, failed: 0 };
  #warmUp = { requests: 0, failed: 0 };
  #cpuStart = cpuMicroseconds();
  #secondStart = -1;
  #secondCpu = 0;
  #peakCpuShare = 0;
  #left = 0;
  #lastLeftMs = 0;
  readonly #ownLimits = new Map<OwnLimit, number>();
  #maxInFlight = 0;

  /** An arrival of a counted phase was taken up `lateMs` after it was due. */
  tookUp(lateMs: number): void {
    record(this.#lag, lateMs * 1000);
  }

  /** So many requests were under way or waiting. */
  saw(underWay: number): void {
    if (underWay > this.#maxInFlight) this.#maxInFlight = underWay;
  }

  /** A timer of the event loop that is due every `everyMs` came `lateMs` late. Those that could not come meanwhile were late, too: a single long hold counts for as long as it was. */
  loopWasLate(lateMs: number, everyMs: number): void {
    record(this.#loopDelay, lateMs * 1000);
    for (let late = lateMs - everyMs; late > 0; late -= everyMs) record(this.#loopDelay, late * 1000);
  }

  /** A counted request ended. */
  ended(responseMs: number, failed: boolean): void {
    this.#count(this.#counted, responseMs, failed);
  }

  /** A request of the warm-up ended. */
  warmUpEnded(responseMs: number, failed: boolean): void {
    this.#count(this.#warmUp, responseMs, failed);
  }

  #count(ended: { requests: number; failed: number }, responseMs: number, failed: boolean): void {
    ended.requests += 1;
    if (failed) ended.failed += 1;
    record(this.#response, responseMs * 1000);
  }

  /** The request of a counted arrival, known to have left at `sentMs`. */
  left(sentMs: number): void {
    this.#left += 1;
    if (sentMs > this.#lastLeftMs) this.#lastLeftMs = sentMs;
  }

  /** A request could not leave; whether for a limit of our own, its message says. */
  gotNoConnection(message: string): void {
    const limit = ownLimitIn(message);
    if (limit !== undefined) this.#ownLimits.set(limit, (this.#ownLimits.get(limit) ?? 0) + 1);
  }

  /** To be called a few times a second while phases are counted: keeps the busiest second. */
  watchCpu(nowMs: number): void {
    const cpu = cpuMicroseconds();
    if (this.#secondStart < 0) {
      this.#secondStart = nowMs;
      this.#secondCpu = cpu;
    }
    const elapsed = nowMs - this.#secondStart;
    if (elapsed < 1000) return;
    this.#peakCpuShare = Math.max(this.#peakCpuShare, (cpu - this.#secondCpu) / 1000 / elapsed);
    this.#secondStart = nowMs;
    this.#secondCpu = cpu;
  }

  /** Counts since the last call. */
  tick(rest: Pick<WorkerTick, 'atMs' | 'dropped' | 'inFlight' | 'overdue'>): WorkerTick {
    const tick = { ...rest, ...this.#counted, warmUp: this.#warmUp, response: packHistogram(this.#response) };
    this.#counted = { requests: 0, failed: 0 };
    this.#warmUp = { requests: 0, failed: 0 };
    clear(this.#response);
    return tick;
  }

  totals(): Pick<
    WorkerPart,
    'lag' | 'loopDelay' | 'cpuSeconds' | 'peakCpuShare' | 'maxInFlight' | 'left' | 'lastLeftMs' | 'ownLimits'
  > {
    return {
      lag: toData(this.#lag),
      loopDelay: toData(this.#loopDelay),
      cpuSeconds: (cpuMicroseconds() - this.#cpuStart) / 1e6,
      peakCpuShare: this.#peakCpuShare,
      maxInFlight: this.#maxInFlight,
      left: this.#left,
      lastLeftMs: this.#lastLeftMs,
      ownLimits: Object.fromEntries(this.#ownLimits),
    };
  }
}

/** User and system time of this thread alone. */
function cpuMicroseconds(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}
