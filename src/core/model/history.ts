// What earlier runs say about a requirement: since when it is broken, what mended it, when its level changed.
import type { CanonicalUnit } from './requirement.ts';
import type { UnixMillis } from './units.ts';

/** Which run, and of which commit where that is known. */
export interface RunMark {
  readonly runId: string;
  readonly at: UnixMillis;
  readonly commit?: string;
}

/** A break, like a bug: opened by the first run that failed, closed by the first that passed. */
export interface Regression {
  /** The first failed run. */
  readonly since: RunMark;
  /** How many runs failed, this one included where it did. */
  readonly runs: number;
  /** The last run that kept the requirement before: the break came after it. Absent: none is known. */
  readonly lastKept?: RunMark;
}

/** A change of level over the history of runs. Advisory: no verdict is decided by it. */
export interface LevelChange {
  /** The first run of the new level. */
  readonly since: RunMark;
  /** The last run of the old level. */
  readonly before: RunMark;
  /** Statistic, such as `p99`, and its means before and after, in `unit`. */
  readonly stat: string;
  readonly from: number;
  readonly to: number;
  readonly unit: CanonicalUnit;
  /** to / from - 1. */
  readonly change: number;
  /** Runs looked at. */
  readonly runs: number;
}

/** One requirement; a field is absent where nothing is to be told. */
export interface RequirementHistory {
  readonly requirement: string;
  /** It is broken, as far as is known: a run that cannot tell leaves it open. */
  readonly open?: Regression;
  /** This run kept it after a break. */
  readonly closed?: Regression;
  readonly change?: LevelChange;
}
