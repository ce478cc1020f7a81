// A stretch of a scalar's text as a stretch of the file.
import type { LocatedScalar } from './located-node.ts';
import type { Span } from './source-text.ts';

/** `from` and `to` are offsets in the value's text, `to` exclusive. The whole text gives the whole scalar, quotes included. */
export function spanInside(node: LocatedScalar, from: number, to: number): Span {
  const { source } = node.span;
  if (from === 0 && to >= node.text.length) return node.span;
  const start = node.offsetAt(from);
  if (from >= node.text.length) return { source, from: start, to: start + 1 };
  const last = node.offsetAt(Math.min(to, node.text.length) - 1);
  return { source, from: start, to: Math.max(start, last) + 1 };
}
