// Journeys that wait for a moment (think time), soonest first: a binary heap.
import type { Journey } from '../requests/hot-path.ts';

export class DueHeap {
  readonly #due: number[] = [];
  readonly #journeys: Journey[] = [];

  get size(): number {
    return this.#due.length;
  }

  /** The soonest moment; infinity when nothing waits. */
  get nextMs(): number {
    return this.#due[0] ?? Number.POSITIVE_INFINITY;
  }

  push(dueMs: number, journey: Journey): void {
    let at = this.#due.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((this.#due[parent] as number) <= dueMs) break;
      this.#place(at, this.#due[parent] as number, this.#journeys[parent] as Journey);
      at = parent;
    }
    this.#place(at, dueMs, journey);
  }

  /** Removes and returns the journey of the soonest moment; undefined when nothing waits. */
  pop(): Journey | undefined {
    const top = this.#journeys[0];
    const lastDue = this.#due.pop();
    const last = this.#journeys.pop();
    if (lastDue === undefined || last === undefined || this.#due.length === 0) return top;
    const size = this.#due.length;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && (this.#due[child + 1] as number) < (this.#due[child] as number)) child += 1;
      if ((this.#due[child] as number) >= lastDue) break;
      this.#place(at, this.#due[child] as number, this.#journeys[child] as Journey);
      at = child;
    }
    this.#place(at, lastDue, last);
    return top;
  }

  #place(at: number, dueMs: number, journey: Journey): void {
    this.#due[at] = dueMs;
    this.#journeys[at] = journey;
  }
}
