// One parsed YAML document as located nodes: aliases followed, merges made, and what YAML allows but a requirement document does not refused.
import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Diagnose } from '../diagnostics/diagnose.ts';
import type { LocatedEntry, LocatedNode, LocatedScalar } from './located-node.ts';
import { scalarOffsets } from './scalar-offsets.ts';
import type { SourceText, Span } from './source-text.ts';

/** Deepest nesting; a real document has about ten levels. */
const DEEPEST = 64;
/** Most values once aliases are written out; 1,000 requirements have about 20,000. */
export const MOST_VALUES = 200_000;

interface Walk {
  readonly source: SourceText;
  readonly diagnose: Diagnose;
  /** Anchored nodes met so far, by name; a later anchor of the same name takes over. */
  readonly anchors: Map<string, unknown>;
  /** Nodes being located: an alias to one of them would contain itself. */
  readonly open: Set<unknown>;
  /** The outermost alias being followed: what it stands for is elsewhere. */
  alias?: Span | undefined;
  values: number;
  isStopped: boolean;
}

/** Undefined when the document is beyond a limit; it has been said. */
export function locateDocument(
  document: Document.Parsed,
  source: SourceText,
  diagnose: Diagnose,
): LocatedNode | undefined {
  const walk: Walk = { source, diagnose, anchors: new Map(), open: new Set(), values: 0, isStopped: false };
  const located = locate(document.contents, walk, 0, { source, from: document.range[0], to: document.range[0] });
  return walk.isStopped ? undefined : located;
}

/** `fallback` is the place of a value that is not written: behind its key. */
function locate(node: unknown, walk: Walk, depth: number, fallback: Span): LocatedNode {
  const span = spanOf(node, walk.source) ?? fallback;
  walk.values += 1;
  if (!walk.isStopped) checkLimits(walk, depth, walk.alias ?? span);
  if (walk.isStopped) return unreadable(span);
  if (isAlias(node)) return followAlias(node.source, walk, depth, span);
  if (!isMap(node) && !isSeq(node) && !isScalar(node)) return absent(span);
  if (node.anchor !== undefined) walk.anchors.set(node.anchor, node);
  refuseTag(node.tag, walk, span);
  if (isScalar(node)) return locateScalar(node.value, node.source ?? '', node.type, span);
  walk.open.add(node);
  const located: LocatedNode = isMap(node)
    ? { kind: 'map', span, entries: locateEntries(node, walk, depth, span) }
    : { kind: 'list', span, items: locateItems(node, walk, depth, span) };
  walk.open.delete(node);
  return located;
}

function checkLimits(walk: Walk, depth: number, span: Span): void {
  const isTooDeep = depth > DEEPEST;
  if (!isTooDeep && walk.values <= MOST_VALUES) return;
  walk.isStopped = true;
  if (isTooDeep) walk.diagnose('SPEC_YAML_LIMIT', span, `values are nested more than ${DEEPEST} levels deep`);
  else
    walk.diagnose(
      'SPEC_YAML_LIMIT',
      span,
      `the document has more than ${MOST_VALUES} values, aliases written out`,
      'split the file, or use fewer aliases of aliases',
    );
}

function locateItems(list: YAMLSeq, walk: Walk, depth: number, span: Span): readonly LocatedNode[] {
  return list.items.map((item) => (isPair(item) ? unreadable(span) : locate(item, walk, depth + 1, span)));
}

function locateEntries(map: YAMLMap, walk: Walk, depth: number, mapSpan: Span): ReadonlyMap<string, LocatedEntry> {
  const entries = new Map<string, LocatedEntry>();
  const merged = new Map<string, LocatedEntry>();
  for (const pair of map.items) {
    const keySpan = spanOf(pair.key, walk.source) ?? mapSpan;
    const key = keyText(pair.key, walk, keySpan);
    if (key === undefined) continue;
    const value = locate(pair.value, walk, depth + 1, { ...keySpan, from: keySpan.to });
    const earlier = entries.get(key);
    if (key === '<<' && isScalar(pair.key) && pair.key.type === 'PLAIN') mergeInto(merged, value, walk, keySpan);
    else if (earlier === undefined) entries.set(key, { keySpan, value });
    else refuseDuplicate(key, keySpan, earlier.keySpan, walk);
  }
  for (const [key, entry] of merged) if (!entries.has(key)) entries.set(key, entry);
  return entries;
}

function keyText(key: unknown, walk: Walk, span: Span): string | undefined {
  if (isScalar(key) && key.value !== null && typeof key.value !== 'object') {
    if (key.anchor !== undefined) walk.anchors.set(key.anchor, key);
    return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
  }
  walk.diagnose(
    'SPEC_YAML_KEY',
    span,
    'a key is a plain word, found something else',
    'quote texts that start with `{`, `[`, `*`, `?` or `&`',
  );
  return undefined;
}

/** `<<: *defaults`, as YAML 1.1 has it and people use it: keys of the mapping itself win. */
function mergeInto(merged: Map<string, LocatedEntry>, value: LocatedNode, walk: Walk, keySpan: Span): void {
  for (const map of value.kind === 'list' ? value.items : [value]) {
    if (map.kind === 'map') for (const [key, entry] of map.entries) merged.set(key, merged.get(key) ?? entry);
    else if (!(map.kind === 'scalar' && map.isUnresolved))
      walk.diagnose('SPEC_TYPE_WRONG', keySpan, 'a merge key takes an alias of a mapping', 'write `<<: *name`');
  }
}

function refuseDuplicate(key: string, span: Span, first: Span, walk: Walk): void {
  const { line } = walk.source.lines.linePos(first.from);
  walk.diagnose(
    'SPEC_YAML_DUPLICATE_KEY',
    span,
    `\`${key}\` stands twice in this mapping`,
    `the first is on line ${line}; keep one`,
  );
}

function followAlias(name: string, walk: Walk, depth: number, span: Span): LocatedNode {
  const target = walk.anchors.get(name);
  if (target === undefined) {
    walk.diagnose(
      'SPEC_YAML_ALIAS',
      span,
      `there is no anchor \`&${name}\` above this alias`,
      'a text that starts with `*` must be quoted',
    );
    return unreadable(span);
  }
  if (walk.open.has(target)) {
    walk.diagnose('SPEC_YAML_ALIAS', span, `the alias \`*${name}\` contains itself`);
    return unreadable(span);
  }
  const outer = walk.alias;
  walk.alias = outer ?? span;
  const located = locate(target, walk, depth + 1, span);
  walk.alias = outer;
  return located;
}

function refuseTag(tag: string | undefined, walk: Walk, span: Span): void {
  if (tag === undefined || /^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/.test(tag)) return;
  walk.diagnose(
    'SPEC_YAML_TAG',
    span,
    `the tag \`${tag}\` has no meaning here`,
    'remove it; a text that starts with `!` must be quoted',
  );
}

function locateScalar(value: unknown, written: string, type: string | undefined, span: Span): LocatedScalar {
  const quote = type === 'QUOTE_DOUBLE' ? '"' : type === 'QUOTE_SINGLE' ? "'" : '';
  const plain = typeof value === 'bigint' ? Number(value) : value;
  const known = typeof plain === 'string' || typeof plain === 'number' || typeof plain === 'boolean' ? plain : null;
  const text = typeof known === 'string' ? known : written;
  return {
    kind: 'scalar',
    span,
    value: known,
    text,
    isPlain: type === 'PLAIN',
    offsetAt: scalarOffsets(span, text, quote),
    isUnresolved: false,
  };
}

/** A key without a value. */
function absent(span: Span): LocatedScalar {
  return { kind: 'scalar', span, value: null, text: '', isPlain: true, offsetAt: () => span.from, isUnresolved: false };
}

/** A value that has been complained about already: nothing more is said about its content. */
function unreadable(span: Span): LocatedScalar {
  return { ...absent(span), isUnresolved: true };
}

function spanOf(node: unknown, source: SourceText): Span | undefined {
  if (!isMap(node) && !isSeq(node) && !isScalar(node) && !isAlias(node)) return undefined;
  return node.range ? { source, from: node.range[0], to: node.range[1] } : undefined;
}
