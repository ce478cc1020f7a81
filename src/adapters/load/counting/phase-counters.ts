// Counts of arrivals for each phase: due, sent, dropped and why.
import type { DropReason } from '../../../core/model/load.ts';

export interface PhaseCounts {
  /** Arrivals that came due (open model) or journeys that were begun (closed model). */
  readonly due: number;
  readonly sent: number;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
}

export class PhaseCounters {
  readonly #due: Float64Array;
  readonly #sent: Float64Array;
  readonly #dropped: Map<DropReason, number>[];
  /** Arrivals dropped since the last look, for snapshots. */
  droppedSinceTick = 0;

  constructor(phases: number) {
    this.#due = new Float64Array(phases);
    this.#sent = new Float64Array(phases);
    this.#dropped = Array.from({ length: phases }, () => new Map());
  }

  due(phase: number): void {
    this.#due[phase] = (this.#due[phase] ?? 0) + 1;
  }

  sent(phase: number): void {
    this.#sent[phase] = (this.#sent[phase] ?? 0) + 1;
  }

  /** Counts what could not be sent; the warm-up (a phase beyond the last) is not counted. */
  drop(phase: number, reason: DropReason, count: number): void {
    const dropped = this.#dropped[phase];
    if (dropped === undefined || count === 0) return;
    dropped.set(reason, (dropped.get(reason) ?? 0) + count);
    this.droppedSinceTick += count;
  }

  counts(): readonly PhaseCounts[] {
    return this.#dropped.map((dropped, phase) => ({
      due: this.#due[phase] as number,
      sent: this.#sent[phase] as number,
      dropped: Object.fromEntries(dropped),
    }));
  }
}
