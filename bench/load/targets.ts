// What the load engine's issue asks for, held against what was measured.

export interface Target {
  readonly what: string;
  readonly measured: string;
  readonly wanted: string;
  readonly met: boolean;
}

export interface Bound {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
  readonly unit?: string;
  readonly digits?: number;
}

/** A value that must not exceed its limit; one that could not be measured (NaN) does not meet it. */
export function atMost({ what, value, limit, unit = '', digits = 2 }: Bound): Target {
  return { what, measured: `${value.toFixed(digits)}${unit}`, wanted: `<= ${limit}${unit}`, met: value <= limit };
}

/** A value that must reach its limit. */
export function atLeast({ what, value, limit, unit = '', digits = 2 }: Bound): Target {
  const figure = (number: number): string =>
    digits === 0 ? Math.round(number).toLocaleString('en') : number.toFixed(digits);
  return {
    what,
    measured: `${figure(value)}${unit}`,
    wanted: `>= ${limit.toLocaleString('en')}${unit}`,
    met: value >= limit,
  };
}

/** A value that must lie within a share of the truth. */
export function near(what: string, value: number, truth: number, share: number): Target {
  const off = Math.abs(value / truth - 1);
  return {
    what,
    measured: `${value.toFixed(1)} ms, truth ${truth.toFixed(1)} ms: off ${(off * 100).toFixed(1)}%`,
    wanted: `within ${(share * 100).toFixed(0)}%`,
    met: off <= share,
  };
}
