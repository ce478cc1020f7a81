// Compares two samples stratum by stratum and says how surely they differ.

/** Sums and sums of squares; the cell of a stratum and a key is stratum x width + key. */
export interface Moments {
  readonly sum: Float64Array;
  readonly squares: Float64Array;
}

export interface StratumCount {
  readonly violating: number;
  readonly reference: number;
}

/** Per key. Every stratum is compared with itself and weighs what it weighs among the violating sample. */
export interface StratifiedDifference {
  readonly violating: Float64Array;
  readonly reference: Float64Array;
  /**
   * How surely violating - reference is not chance, in standard deviations of a normal distribution; its sign is the difference's. The better of two
   * tests: Student's t with Welch's and Satterthwaite's degrees of freedom, which believes few but clear-cut values, and the permutation test within
   * strata (normal approximation, as Cochran, Mantel and Haenszel have it), which adds up many small strata.
   */
  readonly certainty: Float64Array;
}

export function stratifiedDifference(
  sums: { readonly violating: Moments; readonly reference: Moments },
  counts: readonly StratumCount[],
  width: number,
): StratifiedDifference {
  const total = counts.reduce((sum, count) => sum + count.violating, 0);
  const violating = new Float64Array(width);
  const reference = new Float64Array(width);
  const certainty = new Float64Array(width);
  for (let key = 0; key < width; key += 1) {
    const welch = { difference: 0, variance: 0, doubt: 0 };
    const permuted = { excess: 0, variance: 0 };
    counts.forEach((count, stratum) => {
      if (count.violating === 0) return;
      const cell = stratum * width + key;
      const weight = count.violating / total;
      const after = sampleAt(sums.violating, cell, count.violating);
      const before = sampleAt(sums.reference, cell, count.reference);
      violating[key] = (violating[key] ?? 0) + weight * after.mean;
      reference[key] = (reference[key] ?? 0) + weight * before.mean;
      welch.difference += weight * (after.mean - before.mean);
      for (const sample of [after, before]) {
        const part = weight * weight * varianceOfMean(sample);
        welch.variance += part;
        welch.doubt += (part * part) / Math.max(1, sample.count - 1);
      }
      addPermuted(permuted, after, before);
    });
    const t = studentAsNormal(welch);
    const z = permuted.variance > 0 ? permuted.excess / Math.sqrt(permuted.variance) : 0;
    certainty[key] = Math.abs(z) > Math.abs(t) ? z : t;
  }
  return { violating, reference, certainty };
}

interface Sample {
  readonly count: number;
  readonly mean: number;
  /** Sum of squares about the mean. */
  readonly scatter: number;
}

function sampleAt({ sum, squares }: Moments, cell: number, count: number): Sample {
  const mean = count > 0 ? (sum[cell] ?? 0) / count : 0;
  return { count, mean, scatter: Math.max(0, (squares[cell] ?? 0) - count * mean * mean) };
}

/** Equal values do not prove that there is no spread: at least this part of the mean is assumed. */
const leastSpread = 0.05;

/** A single value cannot tell its spread: it is taken as its own standard deviation, which is what counts of rare events have. */
function varianceOfMean({ count, mean, scatter }: Sample): number {
  if (count === 0) return 0;
  if (count === 1) return mean * mean;
  return Math.max(scatter / (count - 1), (leastSpread * mean) ** 2) / count;
}

/** Violating sum against its expectation, and the variance of that, when labels are dealt at random within the stratum. */
function addPermuted(permuted: { excess: number; variance: number }, after: Sample, before: Sample): void {
  const count = after.count + before.count;
  if (after.count === 0 || before.count === 0) return;
  const mean = (after.count * after.mean + before.count * before.mean) / count;
  const between = after.count * (after.mean - mean) ** 2 + before.count * (before.mean - mean) ** 2;
  permuted.excess += after.count * (after.mean - mean);
  permuted.variance +=
    (after.count * before.count * (after.scatter + before.scatter + between)) / (count * (count - 1));
}

/** Student's t as the normal deviate of the same probability (Wallace 1959, good to 0.02). */
function studentAsNormal({
  difference,
  variance,
  doubt,
}: {
  difference: number;
  variance: number;
  doubt: number;
}): number {
  if (difference === 0 || variance === 0) return 0;
  const t = difference / Math.sqrt(variance);
  const freedom = doubt > 0 ? (variance * variance) / doubt : Number.POSITIVE_INFINITY;
  if (freedom > 1e6) return t;
  const shrink = (8 * freedom + 1) / (8 * freedom + 3);
  return Math.sign(t) * shrink * Math.sqrt(freedom * Math.log1p((t * t) / freedom));
}
