// When the pieces of a streamed answer arrived.

/** Milliseconds on the run's clock; -1 where there was none. */
export interface StreamTimes {
  /** First piece with content. */
  firstTokenMs: number;
  /** Last piece with content. */
  lastTokenMs: number;
  /** Between neighbouring pieces with content. */
  readonly gapsMs: number[];
  /** As the server counts them (`usage`), else the number of pieces with content; -1 until either is known. */
  outputTokens: number;
  /** As the server counts them; -1 when it does not say. */
  inputTokens: number;
}
