// A group of traces and how much each of them counts.

/** Traces that are compared as one group. All four columns have one length. */
export interface Population {
  /** Indexes of traces in the PreparedTraces; every one has an entry span. */
  readonly traces: Uint32Array;
  /**
   * Weight of each trace: 1 for violating ones (0 for those that, unlike others, have nothing to be compared with). Reference traces weigh so much that their mix of cohorts is that of the violating ones, so the
   * weighted mean of a per-trace number is what the violating requests would have had. Sums to the number of violating traces with a reference.
   */
  readonly weight: Float64Array;
}
