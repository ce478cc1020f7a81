// What a breakpoint search found: up to which load a requirement held, and from which on it did not.
import type { CanonicalUnit } from './requirement.ts';
import type { Millis } from './units.ts';
import type { InconclusiveReason } from './verdict.ts';

/** `held`: passed; `broke`: failed for certain; `undecided`: too little was seen, or it lies on the limit. */
export type StepState = 'held' | 'broke' | 'undecided';

/** One level of the rise: a phase, or a stretch of a ramp. Times are on the run's clock. */
export interface BreakpointStep {
  readonly phase: string;
  readonly startMs: Millis;
  readonly endMs: Millis;
  /** Planned arrivals a second (of a ramp: in the middle of the stretch), or users at a time. */
  readonly level: number;
  readonly levelUnit: '/s' | 'users';
  readonly state: StepState;
  /** Whether the measured value keeps its limit, sure or not. Absent where nothing was seen. */
  readonly isMet?: boolean;
  /** Why it is undecided, where the judgement of the step says so. */
  readonly reason?: InconclusiveReason;
  readonly samples: number;
  /** The clause that decided, what it measured and its limit, in `unit`. Absent where nothing could be measured. */
  readonly clause?: string;
  readonly value?: number;
  readonly limit?: number;
  readonly unit?: CanonicalUnit;
}

export interface Breakpoint {
  /** Id and rule of the requirement whose failure was looked for. */
  readonly requirement: string;
  readonly rule: string;
  /** Every step that was begun, in the order of the run. */
  readonly steps: readonly BreakpointStep[];
  /** The knee: the last step before the first broken one that held, for certain or as measured (its `state` says which). Absent when none did. */
  readonly lastHeld?: BreakpointStep;
  /** Absent when the load rose to its end and nothing broke: the breaking point lies beyond. */
  readonly firstBroken?: BreakpointStep;
}
