// Chooses among weighted things by a number in [0, 1).

/** A function from a uniform number to an index; each index gets its share of the weights. Weights are at least 0, one of them above. */
export function weightedChoice(weights: readonly number[]): (unit: number) => number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  const edges = weights.map((weight) => {
    sum += weight;
    return sum / total;
  });
  const last = weights.findLastIndex((weight) => weight > 0);
  return (unit) => {
    for (let i = 0; i < last; i += 1) {
      if (unit < (edges[i] as number)) return i;
    }
    return last;
  };
}
