// Which services cost the violating requests their time: milliseconds on the critical path against complying requests of the same cohort.
import type { ServiceBlame } from '../model/finding.ts';

/** One service's effect, split by where its time is spent. Milliseconds per violating request, mean. */
export interface ServiceEffect extends ServiceBlame {
  /** Part of effectMs spent in the service's own spans. */
  readonly ownMs: number;
  /** Part of effectMs spent between its callers and it (before and after its SERVER spans, or whole calls when it records no spans). */
  readonly gapMs: number;
  /** The service's operation (SERVER span name) with the greatest part of effectMs. */
  readonly operation: string;
  /** The caller with the greatest part, '' when it is the entry. */
  readonly caller: string;
  /** Most frequent path of services from the entry to it, itself included. */
  readonly path: readonly string[];
  /** Trace indexes, greatest effect first, at most 10. */
  readonly traces: readonly number[];
}

export interface Blame {
  /** Mean duration of violating requests minus the mix-adjusted mean of the reference. Milliseconds. */
  readonly excessMs: number;
  /** Ranked; positive effects first. */
  readonly services: readonly ServiceEffect[];
  /** Whether the bootstrap intervals of the first two effects overlap: no single cause. */
  readonly isAmbiguous: boolean;
}
