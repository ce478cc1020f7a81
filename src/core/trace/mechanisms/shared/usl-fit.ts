// Fits the Universal Scalability Law to throughput at several concurrencies.

export interface UslPoint {
  readonly concurrency: number;
  readonly throughput: number;
}

export interface UslFit {
  /** Throughput of one worker, per second. */
  readonly gain: number;
  /** Contention and coherence, both >= 0. */
  readonly contention: number;
  readonly coherence: number;
  /** Where throughput peaks; undefined when it never does. */
  readonly peakConcurrency?: number;
  readonly peakThroughput?: number;
}

/** Less is rounding: a peak at a million workers is none. */
const negligible = 1e-9;

/**
 * X(N) = g N / (1 + a (N - 1) + b N (N - 1)), fitted as the plane N / X = 1/g + a/g (N - 1) + b/g N (N - 1) by least squares; a negative
 * coefficient is taken as 0 and the rest fitted again. Undefined with fewer than 3 different concurrencies or without throughput. ANALYSIS.md 1.9.
 */
export function fitUsl(points: readonly UslPoint[]): UslFit | undefined {
  const usable = points.filter(({ concurrency, throughput }) => concurrency > 0 && throughput > 0);
  if (new Set(usable.map(({ concurrency }) => concurrency)).size < 3) return undefined;
  const rows = usable.map(({ concurrency: n, throughput }) => ({ x: [1, n - 1, n * (n - 1)], y: n / throughput }));
  const free = [0, 1, 2];
  let solution = leastSquares(rows, free);
  while (solution !== undefined && free.length > 1) {
    const negative = free.find((column, at) => column > 0 && (solution?.[at] ?? 0) < 0);
    if (negative === undefined) break;
    free.splice(free.indexOf(negative), 1);
    solution = leastSquares(rows, free);
  }
  const at = (column: number): number => solution?.[free.indexOf(column)] ?? 0;
  if (solution === undefined || at(0) <= 0) return undefined;
  const gain = 1 / at(0);
  const contention = at(1) * gain;
  const coherence = at(2) * gain;
  const peakConcurrency =
    coherence > negligible && contention < 1 ? Math.sqrt((1 - contention) / coherence) : undefined;
  if (peakConcurrency === undefined || peakConcurrency < 1) return { gain, contention, coherence };
  const n = peakConcurrency;
  const peakThroughput = (gain * n) / (1 + contention * (n - 1) + coherence * n * (n - 1));
  return { gain, contention, coherence, peakConcurrency, peakThroughput };
}

interface Row {
  readonly x: readonly number[];
  readonly y: number;
}

/** Normal equations of the chosen columns, solved by elimination; undefined when they depend on each other. */
function leastSquares(rows: readonly Row[], columns: readonly number[]): readonly number[] | undefined {
  const size = columns.length;
  const system = columns.map((a) => [
    ...columns.map((b) => rows.reduce((sum, { x }) => sum + (x[a] ?? 0) * (x[b] ?? 0), 0)),
    rows.reduce((sum, { x, y }) => sum + (x[a] ?? 0) * y, 0),
  ]);
  for (let pivot = 0; pivot < size; pivot += 1) {
    const best = system
      .map((row, index) => ({ index, size: Math.abs(row[pivot] ?? 0) }))
      .slice(pivot)
      .reduce((a, b) => (b.size > a.size ? b : a));
    if (best.size < 1e-12) return undefined;
    [system[pivot], system[best.index]] = [system[best.index] ?? [], system[pivot] ?? []];
    const chosen = system[pivot] ?? [];
    for (let row = 0; row < size; row += 1) {
      if (row === pivot) continue;
      const factor = (system[row]?.[pivot] ?? 0) / (chosen[pivot] ?? 1);
      system[row] = (system[row] ?? []).map((value, at) => value - factor * (chosen[at] ?? 0));
    }
  }
  return system.map((row, at) => (row[size] ?? 0) / (row[at] ?? 1));
}
