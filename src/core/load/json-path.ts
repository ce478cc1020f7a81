// A small JSON path: where a value lies in a reply. `$.items[0].id`, `items[0].id`, `$['odd key'].x`, `items[-1]` (last).
import { err, ok, type Result } from '../model/result.ts';

/** Keys and indexes from the root; a negative index counts from the end. */
export type JsonPath = readonly (string | number)[];

const TOKEN = /\.?([A-Za-z_$][\w$-]*)|\[\s*(-?\d{1,9})\s*\]|\[\s*'([^']*)'\s*\]|\[\s*"([^"]*)"\s*\]/y;

/** Parses a path; the error says where it stops making sense. Wildcards, filters and slices are not supported. */
export function parseJsonPath(text: string): Result<JsonPath, string> {
  const path: (string | number)[] = [];
  let at = text.startsWith('$') ? 1 : 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) {
      return err(`JSON path "${text}" is not understood at position ${at + 1}: wanted .name, [0] or ['name']`);
    }
    const [whole, name, index, single, double] = match;
    path.push(index === undefined ? ((name ?? single ?? double) as string) : Number(index));
    at += whole.length;
  }
  return ok(path);
}

/** The value at the path; undefined when there is none. Never looks at inherited properties. */
export function valueAt(root: unknown, path: JsonPath): unknown {
  let value = root;
  for (const key of path) {
    if (Array.isArray(value)) value = typeof key === 'number' ? value.at(key) : undefined;
    else if (typeof value === 'object' && value !== null && Object.hasOwn(value, key)) {
      value = (value as Record<string, unknown>)[key];
    } else return undefined;
  }
  return value;
}
