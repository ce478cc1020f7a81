// Where each phase lies on the run's clock.
import type { Pace, Phase } from '../model/workload.ts';

/** A phase between `startMs` (inclusive) and `endMs` on the run's clock, which starts with the warm-up. */
export interface TimedPhase {
  readonly name: string;
  readonly role: Phase['role'];
  readonly pace: Pace;
  readonly startMs: number;
  readonly endMs: number;
}

/** The phases one after another from `startMs` on. */
export function timeline(phases: readonly Phase[], startMs: number): readonly TimedPhase[] {
  let at = startMs;
  return phases.map(({ name, role, pace, duration }) => {
    const timed: TimedPhase = { name, role, pace, startMs: at, endMs: at + duration };
    at += duration;
    return timed;
  });
}

/** Index of the phase that holds the moment `atMs`; the first before the start, the last after the end; -1 without phases. */
export function phaseAt(phases: readonly TimedPhase[], atMs: number): number {
  for (let i = 0; i < phases.length; i += 1) {
    if (atMs < (phases[i] as TimedPhase).endMs) return i;
  }
  return phases.length - 1;
}
