// Uniform samples and worst-of lists of a stream, cheap enough to ask at every request.
import type { Random } from './random.ts';

/**
 * A uniform sample of at most `size` items. `offer` says whether the next item of the stream belongs in the sample; if so, the caller builds it and
 * calls `put`. Between two accepted items `offer` only counts (Li's algorithm L, ACM TOMS 20(4), 1994).
 */
export interface Reservoir<T> {
  readonly offer: () => boolean;
  readonly put: (item: T) => void;
  readonly items: T[];
  /** Items offered so far. */
  seen: number;
}

export function createReservoir<T>(size: number, random: Random): Reservoir<T> {
  const items: T[] = [];
  let weight = 1;
  let nextAccepted = size === 0 ? Number.POSITIVE_INFINITY : 0;

  function offer(): boolean {
    reservoir.seen += 1;
    return items.length < size || reservoir.seen >= nextAccepted;
  }

  function put(item: T): void {
    if (items.length < size) items.push(item);
    else items[Math.floor(random.next() * size)] = item;
    if (items.length < size) return;
    weight *= (1 - random.next()) ** (1 / size);
    nextAccepted = reservoir.seen + 1 + Math.floor(Math.log(1 - random.next()) / Math.log(1 - weight));
  }

  const reservoir: Reservoir<T> = { offer: size === 0 ? never : offer, put, items, seen: 0 };
  function never(): boolean {
    reservoir.seen += 1;
    return false;
  }
  return reservoir;
}

/** A part of a stream: a uniform sample of `seen` items. */
export interface SampledPart<T> {
  readonly items: readonly T[];
  readonly seen: number;
}

/** A uniform sample of all parts together: each draw chooses a part by how many of its items are still undrawn. */
export function mergeReservoirs<T>(parts: readonly SampledPart<T>[], size: number, random: Random): readonly T[] {
  const left = parts.map((part) => ({ seen: part.seen, items: [...part.items] }));
  const merged: T[] = [];
  while (merged.length < size) {
    const total = left.reduce((sum, part) => sum + (part.items.length === 0 ? 0 : part.seen), 0);
    if (total <= 0) break;
    let at = random.next() * total;
    const part = left.find((candidate) => {
      if (candidate.items.length === 0) return false;
      at -= candidate.seen;
      return at < 0;
    });
    if (part === undefined) break;
    const index = Math.floor(random.next() * part.items.length);
    merged.push(...part.items.splice(index, 1));
    part.seen -= 1;
  }
  return merged;
}

/** The `size` items with the largest keys, largest first. `accepts` is one comparison once the list is full. */
export interface WorstList<T> {
  readonly accepts: (key: number) => boolean;
  readonly put: (key: number, item: T) => void;
  readonly items: () => readonly { readonly key: number; readonly item: T }[];
}

export function createWorstList<T>(size: number): WorstList<T> {
  const entries: { readonly key: number; readonly item: T }[] = [];
  let floor = size === 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return {
    accepts: (key) => key > floor,
    put(key, item) {
      let at = entries.length;
      while (at > 0 && (entries[at - 1] as { readonly key: number }).key < key) at -= 1;
      entries.splice(at, 0, { key, item });
      if (entries.length > size) entries.pop();
      if (entries.length === size) floor = entries[size - 1]?.key ?? floor;
    },
    items: () => entries,
  };
}
