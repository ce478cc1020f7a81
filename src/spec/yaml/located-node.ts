// A YAML document as plain data that remembers where each piece stands. The rest of the room reads only this, never the YAML library's nodes.
import type { Span } from './source-text.ts';

export type LocatedNode = LocatedMap | LocatedList | LocatedScalar;

interface LocatedMap {
  readonly kind: 'map';
  readonly span: Span;
  /** In the order of the text, each key once. */
  readonly entries: ReadonlyMap<string, LocatedEntry>;
}

export interface LocatedEntry {
  readonly keySpan: Span;
  readonly value: LocatedNode;
}

interface LocatedList {
  readonly kind: 'list';
  readonly span: Span;
  readonly items: readonly LocatedNode[];
}

export interface LocatedScalar {
  readonly kind: 'scalar';
  readonly span: Span;
  readonly value: string | number | boolean | null;
  /** As written, without quotes, after substitution: `012` for the number 12. */
  readonly text: string;
  readonly isPlain: boolean;
  /** Offset in the file of a place in the value's text (its length: just behind). */
  readonly offsetAt: (index: number) => number;
  /** Holds a reference to an environment variable that is not set: its content cannot be judged. */
  readonly isUnresolved: boolean;
}

/** Keys and list indexes from the document's root. */
export type NodePath = readonly (string | number)[];

/** The node at a path, or undefined where the document has none. */
export function nodeAt(root: LocatedNode, path: NodePath): LocatedNode | undefined {
  let node: LocatedNode | undefined = root;
  for (const step of path) {
    if (node?.kind === 'map') node = node.entries.get(String(step))?.value;
    else if (node?.kind === 'list' && typeof step === 'number') node = node.items[step];
    else return undefined;
  }
  return node;
}

/** Where a value stands for a caret: a scalar whole, a mapping or list at its key, else at its own first character. */
export function spanAt(root: LocatedNode, path: NodePath): Span {
  const node = nodeAt(root, path);
  if (node === undefined) return path.length === 0 ? headOf(root) : spanAt(root, path.slice(0, -1));
  if (node.kind === 'scalar' && node.span.to > node.span.from) return node.span;
  const parent = nodeAt(root, path.slice(0, -1));
  const key = path.at(-1);
  if (parent?.kind === 'map' && key !== undefined) return parent.entries.get(String(key))?.keySpan ?? headOf(node);
  return headOf(node);
}

/** The key's own place, for problems with the key itself. */
export function keySpanAt(root: LocatedNode, path: NodePath, key: string): Span {
  const parent = nodeAt(root, path);
  const entry = parent?.kind === 'map' ? parent.entries.get(key) : undefined;
  return entry?.keySpan ?? spanAt(root, path);
}

/** The first key of a mapping, the first item of a list: where the eye finds it. */
function headOf(node: LocatedNode): Span {
  if (node.kind === 'scalar') return node.span;
  const { source, from, to } = node.span;
  const first = node.kind === 'map' ? node.entries.values().next().value?.keySpan : undefined;
  if (first !== undefined && first.source === source && source.text[from] !== '{') return first;
  return { source, from, to: Math.min(to, from + 1) };
}

/** The text of a scalar at a path, if it is a text. */
export function textAt(root: LocatedNode, path: NodePath): string | undefined {
  const node = nodeAt(root, path);
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

/** The nodes of a list at a path; none when it is absent or no list. */
export function itemsAt(root: LocatedNode, path: NodePath): readonly LocatedNode[] {
  const node = nodeAt(root, path);
  return node?.kind === 'list' ? node.items : [];
}

/** The plain value, as JSON would hold it. */
export function plainValue(node: LocatedNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainValue);
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plainValue(entry.value)]));
}
