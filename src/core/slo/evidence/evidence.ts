// What was seen of one quantity (latency, calls, tokens), whichever clock saw it: the input of every quantile rule.
import type { CanonicalUnit } from '../../model/requirement.ts';
import type { SliceCount } from '../statistics/design-effect.ts';
import type { SliceTotal } from '../statistics/mean-interval.ts';

/** How many lie beyond a limit, slice by slice. `least` and `most` differ when only histogram buckets are known. */
export interface BeyondLimit {
  readonly least: readonly SliceCount[];
  readonly most: readonly SliceCount[];
  /** Set when they differ: "0.3 lies between 0.25 and 0.5". */
  readonly gap?: string;
}

/** What is bad of a limit: which side of it, and whether the limit itself is. */
export interface Side {
  readonly limit: number;
  /** Whether what lies above the limit is bad; else what lies below it. */
  readonly above: boolean;
  /** Whether what lies exactly on it is bad too, as `<` and `>` ask for. A continuous clock and histogram buckets cannot tell, and count it as they can. */
  readonly strict: boolean;
}

/** Everything in `unit`; limits too. A failed event exceeds every limit unless failures are excluded. */
export interface Evidence {
  readonly unit: CanonicalUnit;
  /** What was counted, plural: requests, spans, chunks. */
  readonly noun: string;
  readonly samples: number;
  readonly failed: number;
  /** Length of the slices that `beyond` comes in. */
  readonly sliceMs: number;
  /** Lie on the bad side of a limit. What failed lies above every one. Undefined: this evidence cannot count there. */
  readonly beyond: (side: Side) => BeyondLimit | undefined;
  /** The value at a rank, 1 = smallest, failures last; for display. Infinite among failures, undefined where none is known. */
  readonly valueAt: (rank: number) => number | undefined;
  /** A commoner event of the same traffic, slice by slice, to learn of its bursts: exceeding a level that at least `count` exceed. */
  readonly bursts: (count: number) => readonly SliceCount[] | undefined;
  /** Of what did not fail; undefined where only counts are known. */
  readonly means: () => SliceMeans | undefined;
  /** Remarks that belong into the verdict. */
  readonly notes: readonly string[];
}

/** Sum of the values of each slice and how many they are, in time order. */
export interface SliceMeans {
  readonly slices: readonly SliceTotal[];
  readonly sliceMs: number;
}

/** So many failures may be chance: they leave a mean, which has no value then, open instead of breaking it. */
export const fewFailures = 5;

/** Why there is no evidence. `prerequisite`: there are observations, but not of what is asked. */
export interface NoEvidence {
  readonly reason: 'no-data' | 'stale-data' | 'prerequisite';
  readonly message: string;
}

export const isEvidence = (found: Evidence | NoEvidence): found is Evidence => 'samples' in found;
