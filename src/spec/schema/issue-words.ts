// What was wanted and what was found, in the words of people who write YAML.
import { type LocatedNode, type NodePath, nodeAt, textAt } from '../yaml/located-node.ts';

/** A value as a message names it. */
export function describeNode(node: LocatedNode | undefined): string {
  if (node === undefined) return 'nothing';
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return 'a mapping';
  if (node.value === null) return 'nothing';
  const shown = node.text.length > 60 ? `${node.text.slice(0, 57)}...` : node.text;
  return typeof node.value === 'number' ? `the number ${shown}` : `\`${shown}\``;
}

/** A schema type as a message names it. */
export function describeType(expected: string): string {
  const words: Readonly<Record<string, string>> = {
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    object: 'a mapping',
    record: 'a mapping',
    array: 'a list',
  };
  return words[expected] ?? expected;
}

/** What to write so that a value becomes what is wanted, where that can be told. */
export function helpForType(wanted: string, node: LocatedNode | undefined): string | undefined {
  if (node === undefined) return undefined;
  const first = node.span.source.text[node.span.from];
  const wantsText = /a text|such as/.test(wanted);
  if (wantsText && node.kind === 'list' && first === '[') return 'a text that starts with `[` must be quoted';
  if (wantsText && node.kind === 'map' && first === '{') return 'a text that starts with `{` must be quoted';
  if (node.kind !== 'scalar') return undefined;
  if (node.value === null) return 'fill it in, or remove the key';
  if (wanted === 'a mapping' && /[<>]=?/.test(node.text))
    return 'several conditions stand in one line: `p99 <= 300ms and p50 <= 80ms`';
  if (wanted === 'true or false' && /^(yes|no|on|off)$/i.test(node.text)) {
    return `YAML 1.2 reads \`${node.text}\` as a text; write ${/^(yes|on)$/i.test(node.text) ? 'true' : 'false'}`;
  }
  if (wantsText && typeof node.value !== 'string') return `quote it: "${node.text}"`;
  if (wanted === 'a list') return `write [${node.text}]`;
  const isNumber = /number/.test(wanted) && typeof node.value === 'string' && /^[-+]?\d+(\.\d+)?$/.test(node.text);
  return isNumber ? `write ${node.text} without quotes` : undefined;
}

/** `one of a, b, c`. */
export function oneOf(values: readonly string[]): string {
  return values.length === 1 ? `\`${values[0]}\`` : `one of ${values.join(', ')}`;
}

/** The mapping at a path as a message names it: `` `CHK-01` ``, `an item of phases`, `` `workload` ``. */
export function describeOwner(root: LocatedNode, path: NodePath): string {
  const last = path.at(-1);
  if (last === undefined) return 'the document';
  if (typeof last === 'string') return `\`${last}\``;
  const name = textAt(root, [...path, 'id']) ?? textAt(root, [...path, 'name']);
  if (name !== undefined && nodeAt(root, path)?.kind === 'map') return `\`${name}\``;
  return `an item of \`${path.findLast((step) => typeof step === 'string') ?? 'the list'}\``;
}
