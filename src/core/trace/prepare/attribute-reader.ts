// Reads chosen attributes of many spans fast: keys are looked up once, spans are compared by number.
import type { AttributeValue, TraceSet } from '../../model/trace-set.ts';

/** Value of the first of the reader's keys that span `index` has; undefined when it has none. */
export type AttributeReader = (index: number) => AttributeValue | undefined;

/** A reader of `keys`, earlier keys preferred. Making it costs one pass over the dictionary. */
export function attributeReader(set: TraceSet, ...keys: readonly string[]): AttributeReader {
  const preference = new Map<number, number>();
  keys.forEach((key, order) => {
    const at = set.strings.indexOf(key);
    if (at >= 0 && !preference.has(at)) preference.set(at, order);
  });
  if (preference.size === 0) return () => undefined;
  return (index) => {
    let found: AttributeValue | undefined;
    let best = keys.length;
    for (let at = set.attributeFirst[index] ?? 0; at < (set.attributeFirst[index + 1] ?? 0); at += 1) {
      const order = preference.get(set.attributeKey[at] ?? 0);
      if (order === undefined || order >= best) continue;
      best = order;
      found = set.values[set.attributeValue[at] ?? 0];
    }
    return found;
  };
}
