// Anti-patterns of a single request, told without anything to compare with. Rules and numbers: Sentry's detectors (ANALYSIS.md 1.8).

/** Spans of one parent that together form the pattern, in order of start. */
export interface AntiPattern {
  readonly parent: number;
  readonly spans: readonly number[];
  readonly totalMs: number;
  /** Time that would be saved at most if the pattern were gone; 0 where Sentry does not estimate it. */
  readonly savedMs: number;
}
