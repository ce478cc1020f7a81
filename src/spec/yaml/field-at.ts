// The path of what stands at an offset: for texts that were made from a module, whose lines nobody knows.
import { type Document, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { NodePath } from './located-node.ts';
import type { SourceText } from './source-text.ts';

/** `spec.requirements[0].require`. */
export function writtenPath(path: NodePath): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '');
}

/** The deepest key or item around the offset; empty for the document itself. */
export function fieldAt(source: SourceText, offset: number): string {
  const documents = parsed.get(source) ?? [parseAllDocuments(source.text)].flat();
  parsed.set(source, documents);
  const found = documents.find(({ range }) => range !== undefined && range !== null && offset < range[2]);
  return writtenPath(pathIn(found?.contents, offset));
}

/** A text of many problems is read once. */
const parsed = new WeakMap<SourceText, readonly Document[]>();

function pathIn(node: unknown, offset: number): NodePath {
  if (isSeq(node)) {
    const index = node.items.findIndex((item) => endOf(item) > offset);
    return index === -1 ? [] : [index, ...pathIn(node.items[index], offset)];
  }
  if (!isMap(node)) return [];
  const pair = node.items.find(({ key, value }) => Math.max(endOf(key), endOf(value)) > offset);
  // Before the first key the mapping itself is meant: what it lacks is said there.
  if (pair === undefined || !isScalar(pair.key) || offset < (pair.key.range?.[0] ?? 0)) return [];
  if (offset === node.range?.[0])
    return isScalar(pair.value) && offset > (pair.key.range?.[1] ?? 0) ? [String(pair.key.value)] : [];
  return [String(pair.key.value), ...pathIn(pair.value, offset)];
}

function endOf(node: unknown): number {
  return isMap(node) || isSeq(node) || isScalar(node) ? (node.range?.[1] ?? 0) : 0;
}
