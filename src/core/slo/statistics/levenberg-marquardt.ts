// Fits the parameters of a curve to points by least squares.

export interface CurveFit {
  readonly parameters: readonly number[];
  /** Sum of squared residuals. */
  readonly squares: number;
  readonly converged: boolean;
}

export interface CurveProblem {
  readonly curve: (x: number, parameters: readonly number[]) => number;
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  readonly start: readonly number[];
  /** No parameter goes below its entry. */
  readonly lowest: readonly number[];
}

const mostSteps = 500;

/**
 * Levenberg-Marquardt with Marquardt's scaling by the diagonal, so parameters of very different size move alike (D. W. Marquardt, SIAM J. Applied Mathematics 11, 1963).
 * A step that would leave the allowed region is cut back to its edge.
 */
export function fitCurve(problem: CurveProblem): CurveFit {
  let parameters = [...problem.start];
  let squares = squaresOf(problem, parameters);
  let damping = 1e-3;
  for (let step = 0; step < mostSteps; step++) {
    const moved = tryStep(problem, parameters, damping);
    const improved = moved ? squaresOf(problem, moved) : Number.POSITIVE_INFINITY;
    if (moved && improved < squares) {
      const gain = (squares - improved) / Math.max(squares, 1e-300);
      parameters = moved;
      squares = improved;
      damping = Math.max(1e-12, damping / 10);
      if (gain < 1e-12) return { parameters, squares, converged: true };
    } else {
      damping *= 10;
      // No direction leads down any more: this is the bottom.
      if (damping > 1e12) return { parameters, squares, converged: true };
    }
  }
  return { parameters, squares, converged: false };
}

function tryStep(problem: CurveProblem, parameters: readonly number[], damping: number): number[] | undefined {
  const size = parameters.length;
  const normal = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  const gradient = new Array<number>(size).fill(0);
  problem.xs.forEach((x, i) => {
    const residual = (problem.ys[i] ?? 0) - problem.curve(x, parameters);
    const slopes = slopesAt(problem, x, parameters);
    slopes.forEach((a, row) => {
      gradient[row] = (gradient[row] ?? 0) + a * residual;
      slopes.forEach((b, column) => {
        const line = normal[row] as number[];
        line[column] = (line[column] ?? 0) + a * b;
      });
    });
  });
  normal.forEach((line, i) => {
    line[i] = (line[i] ?? 0) * (1 + damping) + 1e-300;
  });
  const delta = solve(normal, gradient);
  return delta && parameters.map((value, i) => Math.max(problem.lowest[i] ?? value, value + (delta[i] ?? 0)));
}

function slopesAt(problem: CurveProblem, x: number, parameters: readonly number[]): readonly number[] {
  const here = problem.curve(x, parameters);
  return parameters.map((value, i) => {
    const reach = Math.max(1e-8, Math.abs(value) * 1e-6);
    const moved = parameters.map((other, j) => (i === j ? other + reach : other));
    return (problem.curve(x, moved) - here) / reach;
  });
}

function squaresOf(problem: CurveProblem, parameters: readonly number[]): number {
  return problem.xs.reduce((sum, x, i) => sum + ((problem.ys[i] ?? 0) - problem.curve(x, parameters)) ** 2, 0);
}

/** Gaussian elimination with row exchange. Undefined when singular. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] | undefined {
  const rows = matrix.map((line, i) => [...line, right[i] ?? 0]);
  for (let column = 0; column < rows.length; column++) {
    const best = rows.reduce(
      (most, line, i) => (i >= column && Math.abs(line[column] ?? 0) > Math.abs(rows[most]?.[column] ?? 0) ? i : most),
      column,
    );
    [rows[column], rows[best]] = [rows[best] as number[], rows[column] as number[]];
    const pivot = rows[column] as number[];
    const lead = pivot[column] ?? 0;
    if (lead === 0 || !Number.isFinite(lead)) return undefined;
    rows.forEach((line, i) => {
      if (i === column) return;
      const factor = (line[column] ?? 0) / lead;
      for (let j = column; j < line.length; j++) line[j] = (line[j] ?? 0) - factor * (pivot[j] ?? 0);
    });
  }
  return rows.map((line, i) => (line.at(-1) ?? 0) / (line[i] ?? 1));
}
