// Accuracy figures: AC@k with intervals and their spread over folds.

/** The place of the true cause in a ranking, 1 is first; 0 when it is not there at all. */
export interface Placed {
  readonly id: string;
  readonly place: number;
}

export interface Accuracy {
  readonly cases: number;
  readonly ac1: number;
  readonly ac3: number;
  readonly ac5: number;
  /** Mean of AC@1 .. AC@5. */
  readonly avg5: number;
  /** 95% Wilson interval of ac1. */
  readonly ac1Interval: readonly [number, number];
}

export function accuracy(placed: readonly Placed[]): Accuracy {
  const at = (k: number): number => share(placed.filter(({ place }) => place >= 1 && place <= k).length, placed.length);
  const right = placed.filter(({ place }) => place === 1).length;
  return {
    cases: placed.length,
    ac1: at(1),
    ac3: at(3),
    ac5: at(5),
    avg5: [1, 2, 3, 4, 5].reduce((sum, k) => sum + at(k), 0) / 5,
    ac1Interval: wilson(right, placed.length),
  };
}

/** NaN-free share: 0 of none. */
export const share = (count: number, of: number): number => (of === 0 ? 0 : count / of);

/** 95% Wilson score interval of a share. */
export function wilson(count: number, of: number): readonly [number, number] {
  if (of === 0) return [0, 1];
  const z = 1.96;
  const p = count / of;
  const centre = (p + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

export interface Spread {
  readonly folds: number;
  readonly lowest: number;
  readonly highest: number;
  /** Standard deviation of AC@1 over folds. */
  readonly deviation: number;
}

/**
 * AC@1 over folds by id. Nothing is trained on the cases, so every fold is as unseen as the others; the spread shows how much a figure owes to the
 * choice of cases.
 */
export function foldSpread(placed: readonly Placed[], folds = 5): Spread {
  const ordered = [...placed].sort((a, b) => (hash(a.id) < hash(b.id) ? -1 : 1));
  const figures = Array.from({ length: folds }, (_, fold) => ordered.filter((_each, at) => at % folds === fold))
    .filter((fold) => fold.length > 0)
    .map((fold) => accuracy(fold).ac1);
  const mean = figures.reduce((sum, each) => sum + each, 0) / Math.max(1, figures.length);
  const variance = figures.reduce((sum, each) => sum + (each - mean) ** 2, 0) / Math.max(1, figures.length - 1);
  return {
    folds: figures.length,
    lowest: Math.min(...figures),
    highest: Math.max(...figures),
    deviation: Math.sqrt(variance),
  };
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return value;
}
