// What a basket is, and how the shop's customers fill theirs.

export interface BasketLine {
  readonly sku: string;
  readonly department: Department;
  readonly quantity: number;
}

export const DEPARTMENTS = ['fresh', 'frozen', 'pantry', 'household'] as const;
export type Department = (typeof DEPARTMENTS)[number];

/** Article numbers run from. */
export const ARTICLES = 400;

const SMALL_BASKET_SHARE = 0.25;

/** A quarter of the baskets hold three lines of one department, the rest are weekly shopping: 24 to 32 lines of all four. */
export function fillBasket(firstSku: string | undefined): readonly BasketLine[] {
  const isSmall = Math.random() < SMALL_BASKET_SHARE;
  const size = isSmall ? 3 : 24 + Math.floor(Math.random() * 9);
  const departments = isSmall ? DEPARTMENTS.slice(0, 1) : DEPARTMENTS;
  return Array.from({ length: size }, (_, line) => ({
    sku: line === 0 && firstSku !== undefined ? firstSku : `A-${1 + Math.floor(Math.random() * ARTICLES)}`,
    department: departments[line % departments.length] ?? 'fresh',
    quantity: 1 + (line % 3),
  }));
}
