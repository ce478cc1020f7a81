// Requests that wait for a connection, with their intended times kept. A ring that grows to a bound.

import { stepsLeft } from '../journeys/journey.ts';
import type { Journey, PhasedStep } from '../requests/hot-path.ts';

/** A request that waited in vain. */
export interface Waiting {
  readonly phased: PhasedStep;
  readonly dueMs: number;
  readonly journey: Journey | undefined;
}

export class RequestQueue {
  readonly limit: number;
  #phased: (PhasedStep | undefined)[] = new Array(256);
  #journeys: (Journey | undefined)[] = new Array(256);
  #due: Float64Array = new Float64Array(256);
  #head = 0;
  #length = 0;
  /** The time-out of all that ever waited, in ms; NaN when they differ. */
  #timeout: number | undefined;

  constructor(limit: number) {
    this.limit = limit;
  }

  get length(): number {
    return this.#length;
  }

  get isFull(): boolean {
    return this.#length >= this.limit;
  }

  /** The caller has checked `isFull` for arrivals; later steps of journeys under way are always taken. */
  push(phased: PhasedStep, dueMs: number, journey: Journey | undefined): void {
    if (this.#length === this.#due.length) this.#grow();
    const at = (this.#head + this.#length) & (this.#due.length - 1);
    this.#phased[at] = phased;
    this.#journeys[at] = journey;
    this.#due[at] = dueMs;
    this.#length += 1;
    const { timeout } = phased.step.source;
    this.#timeout ??= timeout;
    if (this.#timeout !== timeout) this.#timeout = Number.NaN;
  }

  get headPhased(): PhasedStep {
    return this.#phased[this.#head] as PhasedStep;
  }

  get headJourney(): Journey | undefined {
    return this.#journeys[this.#head];
  }

  get headDueMs(): number {
    return this.#due[this.#head] as number;
  }

  /** Removes the head. */
  shift(): void {
    this.#phased[this.#head] = undefined;
    this.#journeys[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#due.length - 1);
    this.#length -= 1;
  }

  /** Removes what has waited longer than its step's time-out, and returns it, the longest waiting first. */
  takeExpired(nowMs: number): readonly Waiting[] {
    const expired: Waiting[] = [];
    // With one time-out for all, whatever waits behind one that has time left has time left, too.
    const stopsAtFirst = !Number.isNaN(this.#timeout);
    const waiting = this.#length;
    for (let i = 0; i < waiting; i += 1) {
      const { headPhased: phased, headDueMs: dueMs, headJourney: journey } = this;
      const isExpired = nowMs - dueMs > phased.step.source.timeout;
      if (!isExpired && stopsAtFirst) break;
      this.shift();
      if (isExpired) expired.push({ phased, dueMs, journey });
      else this.push(phased, dueMs, journey);
    }
    return expired;
  }

  /**
   * Empties the queue; returns how many requests that were to be counted are lost with it: those that waited, and the later steps of their journeys.
   * `onLost` is told of each journey.
   */
  drop(onLost?: (journey: Journey) => void): number {
    let lost = 0;
    for (; this.#length > 0; this.shift()) {
      const journey = this.headJourney;
      if (journey !== undefined) onLost?.(journey);
      if (this.headPhased.recorder !== undefined) lost += journey === undefined ? 1 : stepsLeft(journey);
    }
    return lost;
  }

  #grow(): void {
    const size = this.#due.length;
    const rotate = <T>(items: readonly T[]): T[] => [...items.slice(this.#head), ...items.slice(0, this.#head)];
    const due = new Float64Array(size * 2);
    due.set(this.#due.subarray(this.#head));
    due.set(this.#due.subarray(0, this.#head), size - this.#head);
    this.#due = due;
    this.#phased = rotate(this.#phased);
    this.#journeys = rotate(this.#journeys);
    this.#phased.length = size * 2;
    this.#journeys.length = size * 2;
    this.#head = 0;
  }
}
