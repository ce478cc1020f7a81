// `${NAME}`, `${NAME:-default}` and `${file:path}` in a document's texts, filled in on the nodes so that positions stay true.
import type { Diagnose } from '../diagnostics/diagnose.ts';
import type { LocatedNode, LocatedScalar, NodePath } from './located-node.ts';
import type { Span } from './source-text.ts';

export interface VariableSources {
  readonly environment: (name: string) => string | undefined;
  /** The text of a file, relative to the document's folder; undefined when it cannot be read. */
  readonly file: (path: string, document: string) => string | undefined;
}

/** A copy of the document with references filled in. Sub-trees for which `isTemplate` holds are left alone: their `${name}` belong to the load engine. */
export function resolveVariables(
  root: LocatedNode,
  sources: VariableSources,
  isTemplate: (path: NodePath) => boolean,
  diagnose: Diagnose,
): LocatedNode {
  const visit = (node: LocatedNode, path: NodePath): LocatedNode => {
    if (isTemplate(path)) return node;
    if (node.kind === 'list') return { ...node, items: node.items.map((item, index) => visit(item, [...path, index])) };
    if (node.kind === 'map')
      return {
        ...node,
        entries: new Map(
          [...node.entries].map(([key, entry]) => [key, { ...entry, value: visit(entry.value, [...path, key]) }]),
        ),
      };
    return typeof node.value === 'string' && node.value.includes('${') ? fillIn(node, sources, diagnose) : node;
  };
  return visit(root, []);
}

interface Filled {
  text: string;
  /** For each character of the filled text, its index in the written one. */
  readonly origins: number[];
  isUnresolved: boolean;
}

function fillIn(node: LocatedScalar, sources: VariableSources, diagnose: Diagnose): LocatedScalar {
  const written = node.text;
  const filled: Filled = { text: '', origins: [], isUnresolved: false };
  let at = 0;
  while (at < written.length) {
    const open = written.indexOf('${', at);
    const isEscaped = open > at && written[open - 1] === '$';
    append(filled, written.slice(at, open === -1 ? written.length : isEscaped ? open - 1 : open), at);
    if (open === -1) break;
    const close = isEscaped ? open + 1 : written.indexOf('}', open);
    if (isEscaped) appendValue(filled, '${', open);
    else if (close === -1) {
      diagnose(
        'SPEC_VARIABLE_SYNTAX',
        spanBetween(node, open, open + 2),
        'the `}` of this `${` is missing',
        'write `$${` for a plain `${`',
      );
      return { ...node, isUnresolved: true };
    } else appendReference(filled, node, open, close, sources, diagnose);
    at = close + 1;
  }
  const { text, origins, isUnresolved } = filled;
  const offsetAt = (index: number): number => node.offsetAt(origins[index] ?? written.length);
  return { ...node, text, value: node.isPlain ? plainValueOf(text) : text, offsetAt, isUnresolved };
}

function appendReference(
  filled: Filled,
  node: LocatedScalar,
  open: number,
  close: number,
  sources: VariableSources,
  diagnose: Diagnose,
): void {
  const inner = node.text.slice(open + 2, close);
  const value = lookUp(inner, spanBetween(node, open, close + 1), sources, diagnose);
  if (value === undefined) filled.isUnresolved = true;
  appendValue(filled, value ?? node.text.slice(open, close + 1), open);
}

function lookUp(inner: string, span: Span, sources: VariableSources, diagnose: Diagnose): string | undefined {
  if (inner.startsWith('file:')) {
    const path = inner.slice('file:'.length);
    const text = sources.file(path, span.source.file);
    if (text === undefined)
      diagnose(
        'SPEC_FILE_MISSING',
        span,
        `the file \`${path}\` cannot be read`,
        'the path is relative to the document',
      );
    return text?.replace(/\r?\n$/, '');
  }
  const match = /^(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s.exec(inner);
  if (match === null) {
    diagnose(
      'SPEC_VARIABLE_SYNTAX',
      span,
      `\`\${${inner}}\` is not a reference`,
      'write `${NAME}`, `${NAME:-default}` or `${file:path}`; `$${` writes a plain `${`',
    );
    return undefined;
  }
  const [, name = '', fallback] = match;
  const value = sources.environment(name);
  if (value !== undefined && (value !== '' || fallback === undefined)) return value;
  if (fallback !== undefined) return fallback;
  const help = `set it, or give a default: \`\${${name}:-value}\``;
  diagnose('SPEC_VARIABLE_MISSING', span, `the environment variable \`${name}\` is not set`, help);
  return undefined;
}

function append(filled: Filled, text: string, from: number): void {
  for (let i = 0; i < text.length; i += 1) filled.origins.push(from + i);
  filled.text += text;
}

/** A value that stands for a reference: every character of it points at the reference's start. */
function appendValue(filled: Filled, value: string, from: number): void {
  for (let i = 0; i < value.length; i += 1) filled.origins.push(from);
  filled.text += value;
}

/** An unquoted value is read again, as YAML reads plain scalars: `${PORT}` may be a number. */
function plainValueOf(text: string): string | number | boolean {
  if (/^[-+]?(0|[1-9]\d*)(\.\d+)?$/.test(text)) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  return text;
}

function spanBetween(node: LocatedScalar, from: number, to: number): Span {
  return { source: node.span.source, from: node.offsetAt(from), to: node.offsetAt(to - 1) + 1 };
}
