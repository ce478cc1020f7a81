// Bootstrap over groups of traces: how sure a mean difference is.
import { seededRandom } from './random.ts';

/** Weighted sums of some quantities over groups of traces. */
export interface GroupedSums {
  /** groups x columns, row by row. */
  readonly sums: Float64Array;
  /** Per group: the weight summed. */
  readonly weights: Float64Array;
}

export interface Estimate {
  /** Weighted mean of `observed` minus that of `expected`. */
  readonly mean: number;
  /** Standard deviation of the resampled means. */
  readonly error: number;
  /** Central 95% of the resampled means. */
  readonly interval: readonly [number, number];
}

export interface ResampleOptions {
  readonly columns: number;
  readonly resamples: number;
  readonly seed: number;
}

/**
 * Draws groups with replacement from both sides and gives for each column the mean difference with its interval. Cost: resamples x groups x columns.
 * A side without weight counts as zero.
 */
export function resample(
  observed: GroupedSums,
  expected: GroupedSums,
  options: ResampleOptions,
): (column: number) => Estimate {
  const { columns, resamples, seed } = options;
  const random = seededRandom(seed);
  const drawn = Array.from({ length: resamples }, () => {
    const difference = drawMeans(observed, columns, random);
    const other = drawMeans(expected, columns, random);
    for (let column = 0; column < columns; column += 1)
      difference[column] = (difference[column] ?? 0) - (other[column] ?? 0);
    return difference;
  });
  const observedMeans = means(observed, columns);
  const expectedMeans = means(expected, columns);
  return (column) => {
    const values = Float64Array.from(drawn, (draw) => draw[column] ?? 0).sort();
    const centre = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
    const spread = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / Math.max(1, values.length - 1);
    return {
      mean: (observedMeans[column] ?? 0) - (expectedMeans[column] ?? 0),
      error: Math.sqrt(spread),
      interval: [
        values[Math.floor(0.025 * (values.length - 1))] ?? 0,
        values[Math.ceil(0.975 * (values.length - 1))] ?? 0,
      ],
    };
  };
}

function means({ sums, weights }: GroupedSums, columns: number): Float64Array {
  const total = new Float64Array(columns);
  weights.forEach((_, group) => {
    addRow(total, sums, group, columns);
  });
  return scaled(
    total,
    weights.reduce((sum, weight) => sum + weight, 0),
  );
}

function drawMeans({ sums, weights }: GroupedSums, columns: number, random: () => number): Float64Array {
  const total = new Float64Array(columns);
  let weight = 0;
  for (let draw = 0; draw < weights.length; draw += 1) {
    const group = Math.floor(random() * weights.length);
    weight += weights[group] ?? 0;
    addRow(total, sums, group, columns);
  }
  return scaled(total, weight);
}

function addRow(total: Float64Array, sums: Float64Array, group: number, columns: number): void {
  for (let column = 0; column < columns; column += 1)
    total[column] = (total[column] ?? 0) + (sums[group * columns + column] ?? 0);
}

const scaled = (total: Float64Array, weight: number): Float64Array =>
  weight === 0 ? total : total.map((sum) => sum / weight);
