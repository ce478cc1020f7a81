// YAML text -> located documents. Syntax errors, duplicate keys, tags, runaway aliases and depth become diagnostics; nothing throws.
import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Parser,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Diagnose } from '../diagnostics/diagnose.ts';
import type { LocatedEntry, LocatedNode, LocatedScalar } from './located-node.ts';
import { scalarOffsets } from './scalar-offsets.ts';
import type { SourceText, Span } from './source-text.ts';
import { explainYamlError } from './yaml-errors.ts';

/** Limits of one file. A document of 1,000 requirements has about 300 KB, 10 levels and 20,000 values. */
export const yamlLimits: { readonly bytes: number; readonly depth: number; readonly values: number } = Object.freeze({
  bytes: 4 * 1024 * 1024,
  depth: 64,
  values: 200_000,
});

/** All documents of a file that could be read. Empty documents (`---` alone) are left out. */
export function readYaml(source: SourceText, diagnose: Diagnose): readonly LocatedNode[] {
  const start = { source, from: 0, to: 0 };
  if (source.text.length > yamlLimits.bytes) {
    diagnose(
      'SPEC_YAML_LIMIT',
      start,
      `a document file holds at most 4 MiB, this one has ${Math.ceil(source.text.length / 1048576)} MiB`,
      'split it: a folder of files is read as one set',
    );
    return [];
  }
  // Uniqueness of keys is checked below: the library compares every key with every other, which takes minutes on a hostile file.
  const composer = new Composer({
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    version: '1.2',
    schema: 'core',
  });
  const documents = [...composer.compose(new Parser().parse(source.text))];
  return documents.flatMap((document) => {
    const [first] = document.errors;
    // What follows the first error mostly follows from it.
    if (first !== undefined) explainYamlError(source, first, diagnose);
    if (first !== undefined || document.contents === null) return [];
    const located = locateDocument(document, source, diagnose);
    return located === undefined || isEmpty(located) ? [] : [located];
  });
}

interface Walk {
  readonly source: SourceText;
  readonly diagnose: Diagnose;
  /** Anchored nodes seen so far, by name. */
  readonly anchors: Map<string, unknown>;
  /** Aliases being followed, to notice one inside itself. */
  readonly following: Set<string>;
  budget: number;
}

function locateDocument(document: Document.Parsed, source: SourceText, diagnose: Diagnose): LocatedNode | undefined {
  const walk: Walk = { source, diagnose, anchors: new Map(), following: new Set(), budget: yamlLimits.values };
  const located = locate(document.contents, walk, 0, { source, from: document.range[0], to: document.range[0] });
  return walk.budget < 0 ? undefined : located;
}

function locate(node: unknown, walk: Walk, depth: number, fallback: Span): LocatedNode {
  const span = spanOf(node, walk.source) ?? fallback;
  walk.budget -= 1;
  if (walk.budget <= 0) {
    if (walk.budget === 0)
      walk.diagnose(
        'SPEC_YAML_LIMIT',
        span,
        `a document holds at most ${yamlLimits.values} values, aliases written out`,
        'split the file, or use fewer aliases of aliases',
      );
    walk.budget = Math.min(walk.budget, -1);
    return emptyScalar(span);
  }
  if (depth > yamlLimits.depth) {
    walk.diagnose('SPEC_YAML_LIMIT', span, `values may be nested ${yamlLimits.depth} levels deep`);
    walk.budget = -1;
    return emptyScalar(span);
  }
  if (isAlias(node)) return followAlias(node.source, walk, depth, span);
  rememberAnchor(node, walk);
  refuseTag(node, walk, span);
  if (isMap(node)) return { kind: 'map', span, entries: locateEntries(node, walk, depth) };
  if (isSeq(node)) return { kind: 'list', span, items: locateItems(node, walk, depth, span) };
  if (isScalar(node)) return locateScalar(node.value, node.source ?? '', node.type, span);
  return emptyScalar(span);
}

function locateItems(list: YAMLSeq, walk: Walk, depth: number, span: Span): readonly LocatedNode[] {
  return list.items.map((item) => (isPair(item) ? emptyScalar(span) : locate(item, walk, depth + 1, span)));
}

function locateEntries(map: YAMLMap, walk: Walk, depth: number): ReadonlyMap<string, LocatedEntry> {
  const entries = new Map<string, LocatedEntry>();
  const merged = new Map<string, LocatedEntry>();
  for (const pair of map.items) {
    const keySpan = spanOf(pair.key, walk.source) ??
      spanOf(map, walk.source) ?? { source: walk.source, from: 0, to: 0 };
    const key = keyText(pair.key, walk, keySpan);
    if (key === undefined) continue;
    const behindKey = { ...keySpan, from: keySpan.to };
    const value = locate(pair.value, walk, depth + 1, behindKey);
    if (key === '<<' && isPlainKey(pair.key)) mergeInto(merged, value, walk, keySpan);
    else if (entries.has(key)) refuseDuplicate(key, keySpan, entries.get(key)!.keySpan, walk);
    else entries.set(key, { keySpan, value });
  }
  for (const [key, entry] of merged) if (!entries.has(key)) entries.set(key, entry);
  return entries;
}

/** `<<: *defaults`, as YAML 1.1 has it and people use it: keys of the mapping itself win. */
function mergeInto(merged: Map<string, LocatedEntry>, value: LocatedNode, walk: Walk, keySpan: Span): void {
  const maps = value.kind === 'list' ? value.items : [value];
  for (const map of maps) {
    if (map.kind !== 'map')
      walk.diagnose('SPEC_TYPE_WRONG', keySpan, 'a merge key takes an alias of a mapping', 'write `<<: *name`');
    else for (const [key, entry] of map.entries) if (!merged.has(key)) merged.set(key, entry);
  }
}

function keyText(key: unknown, walk: Walk, span: Span): string | undefined {
  if (isScalar(key) && key.value !== null && typeof key.value !== 'object') {
    rememberAnchor(key, walk);
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

function isPlainKey(key: unknown): boolean {
  return isScalar(key) && key.type === 'PLAIN';
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
    return emptyScalar(span);
  }
  if (walk.following.has(name)) {
    walk.diagnose('SPEC_YAML_ALIAS', span, `the alias \`*${name}\` contains itself`);
    return emptyScalar(span);
  }
  walk.following.add(name);
  const located = locate(target, walk, depth + 1, span);
  walk.following.delete(name);
  return located;
}

function rememberAnchor(node: unknown, walk: Walk): void {
  const anchor = isMap(node) || isSeq(node) || isScalar(node) ? node.anchor : undefined;
  if (anchor !== undefined) walk.anchors.set(anchor, node);
}

function refuseTag(node: unknown, walk: Walk, span: Span): void {
  const tag = isMap(node) || isSeq(node) || isScalar(node) ? node.tag : undefined;
  if (tag === undefined || /^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/.test(tag)) return;
  walk.diagnose(
    'SPEC_YAML_TAG',
    span,
    `the tag \`${tag}\` has no meaning here`,
    'remove it; a text that starts with `!` must be quoted',
  );
}

function locateScalar(value: unknown, text: string, type: string | undefined, span: Span): LocatedScalar {
  const quote = type === 'QUOTE_DOUBLE' ? '"' : type === 'QUOTE_SINGLE' ? "'" : '';
  const plain = typeof value === 'bigint' ? Number(value) : value;
  const known = typeof plain === 'string' || typeof plain === 'number' || typeof plain === 'boolean' ? plain : null;
  const shown = typeof known === 'string' ? known : text;
  return {
    kind: 'scalar',
    span,
    value: known,
    text: shown,
    isPlain: type === 'PLAIN',
    offsetAt: scalarOffsets(span, shown, quote),
    isUnresolved: false,
  };
}

function emptyScalar(span: Span): LocatedScalar {
  return { kind: 'scalar', span, value: null, text: '', isPlain: true, offsetAt: () => span.from, isUnresolved: false };
}

function isEmpty(node: LocatedNode): boolean {
  return node.kind === 'scalar' && node.value === null && node.text === '';
}

function spanOf(node: unknown, source: SourceText): Span | undefined {
  if (!isMap(node) && !isSeq(node) && !isScalar(node) && !isAlias(node)) return undefined;
  const range = node.range;
  return range ? { source, from: range[0], to: range[1] } : undefined;
}
