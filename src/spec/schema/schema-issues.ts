// The schema library's issues as diagnostics at the node they concern, in the words of this language.
import type * as z from 'zod';
import type { Diagnose } from '../diagnostics/diagnose.ts';
import type { DiagnosticCode } from '../diagnostics/diagnostic-codes.ts';
import { didYouMean, listed, suggest } from '../diagnostics/did-you-mean.ts';
import {
  keySpanAt,
  type LocatedNode,
  type LocatedScalar,
  type NodePath,
  nodeAt,
  spanAt,
} from '../yaml/located-node.ts';
import type { Span } from '../yaml/source-text.ts';

type Issue = z.core.$ZodIssue;

export interface IssueContext {
  readonly root: LocatedNode;
  readonly diagnose: Diagnose;
  /** Code for unknown keys: an error in our kind, a warning in OpenSLO. */
  readonly unknownKey: DiagnosticCode;
  /** Path of what was validated, from the document's root. */
  readonly base: NodePath;
}

/** Reports every issue once. Issues at values that hold an unset variable are left out: their content is unknown. */
export function reportIssues(issues: readonly Issue[], context: IssueContext): void {
  for (const issue of issues) reportIssue(issue, [], context);
}

function reportIssue(issue: Issue, prefix: NodePath, context: IssueContext): void {
  const path = [...prefix, ...(issue.path as NodePath)];
  const full = [...context.base, ...path];
  const node = nodeAt(context.root, full);
  if (node?.kind === 'scalar' && node.isUnresolved) return;
  if (issue.code === 'unrecognized_keys') return reportUnknownKeys(issue.keys, issue.message.split(' '), full, context);
  if (node === undefined && path.length > 0) return reportMissing(full, context);
  if (issue.code === 'invalid_union') return reportUnion(issue, path, node, context);
  if (issue.code === 'custom') return reportCustom(issue, full, node, context);
  const span = spanAt(context.root, full);
  const found = describeNode(node);
  switch (issue.code) {
    case 'invalid_type':
      return context.diagnose(
        'SPEC_TYPE_WRONG',
        span,
        `wanted ${describeType(issue.expected)}, found ${found}`,
        helpForType(issue.expected, node),
      );
    case 'invalid_value': {
      const values = issue.values.map(String);
      const help = node?.kind === 'scalar' ? suggest(node.text, values, 'value') : undefined;
      return context.diagnose(
        'SPEC_VALUE_UNKNOWN',
        span,
        `wanted ${oneOf(values)}, found ${found}`,
        help?.startsWith('known') ? undefined : help,
      );
    }
    case 'too_small':
      if (issue.origin === 'array')
        return context.diagnose(
          'SPEC_LIST_EMPTY',
          span,
          `wanted a list of at least ${issue.minimum} item${issue.minimum === 1 ? '' : 's'}`,
        );
      return context.diagnose(
        'SPEC_VALUE_RANGE',
        span,
        `wanted ${issue.origin === 'string' ? 'a text' : `a number ${issue.inclusive ? 'of at least' : 'above'} ${issue.minimum}`}, found ${found}`,
      );
    case 'too_big':
      return context.diagnose(
        'SPEC_VALUE_RANGE',
        span,
        `wanted ${issue.origin === 'number' ? 'a number of' : 'a length of'} at most ${issue.maximum}, found ${found}`,
      );
    default:
      return context.diagnose('SPEC_TYPE_WRONG', span, issue.message);
  }
}

/** `known` comes with the issue: see mapping.ts. */
function reportUnknownKeys(
  keys: readonly string[],
  known: readonly string[],
  path: NodePath,
  context: IssueContext,
): void {
  const where = path.findLast((step) => typeof step === 'string');
  for (const key of keys) {
    const span = keySpanAt(context.root, path, key);
    const place = where === undefined ? 'at the top of the document' : `in \`${where}\``;
    context.diagnose(
      context.unknownKey,
      span,
      `unknown key \`${key}\` ${place}`,
      unknownKeyHelp(key, known, path, context),
    );
  }
}

function unknownKeyHelp(
  key: string,
  known: readonly string[],
  path: NodePath,
  context: IssueContext,
): string | undefined {
  const parent = nodeAt(context.root, path);
  const value = parent?.kind === 'map' ? parent.entries.get(key)?.value : undefined;
  const isCutByComma =
    value?.kind === 'scalar' &&
    value.value === null &&
    parent !== undefined &&
    parent.span.source.text[parent.span.from] === '{';
  if (isCutByComma) return 'a comma inside `{ }` starts a new key; quote the text before it';
  const present = parent?.kind === 'map' ? new Set(parent.entries.keys()) : new Set<string>();
  const free = known.filter((candidate) => !present.has(candidate));
  return didYouMean(key, free) ?? (known.length === 0 ? undefined : `known keys: ${listed(known)}`);
}

function reportMissing(path: NodePath, context: IssueContext): void {
  const key = String(path.at(-1));
  const parent = path.slice(0, -1);
  const owner = parent.findLast((step) => typeof step === 'string');
  const place = owner === undefined ? 'the document' : `\`${owner}\``;
  context.diagnose('SPEC_KEY_MISSING', spanAt(context.root, parent), `${place} needs the key \`${key}\``);
}

/** Of an alternative of forms, the one that the value was probably meant to have. */
function reportUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: NodePath,
  node: LocatedNode | undefined,
  context: IssueContext,
): void {
  const full = [...context.base, ...path];
  const { options, discriminator } = issue as { options?: readonly unknown[]; discriminator?: string };
  if (discriminator !== undefined && options !== undefined) {
    const values = options.map(String);
    const help = node?.kind === 'scalar' ? suggest(node.text, values, discriminator) : `known: ${listed(values)}`;
    context.diagnose(
      'SPEC_VALUE_UNKNOWN',
      spanAt(context.root, full),
      `unknown ${discriminator} ${describeNode(node)}`,
      help,
    );
    return;
  }
  const close = issue.errors.filter(
    (branch) => !branch.some((inner) => inner.path.length === 0 && isKindMismatch(inner)),
  );
  const best = close.toSorted((a, b) => a.length - b.length)[0];
  if (best !== undefined) {
    for (const inner of best) reportIssue(inner, path, context);
    return;
  }
  const wanted = [...new Set(issue.errors.flatMap((branch) => branch.map((inner) => wantedBy(inner))))];
  context.diagnose(
    'SPEC_TYPE_WRONG',
    spanAt(context.root, full),
    `wanted ${wanted.join(', or ')}; found ${describeNode(node)}`,
    helpForType(wanted.join(' '), node),
  );
}

function isKindMismatch(issue: Issue): boolean {
  return (
    issue.code === 'invalid_type' ||
    (issue.code === 'custom' && issue.params?.['wanted'] !== undefined) ||
    issue.code === 'invalid_value'
  );
}

function wantedBy(issue: Issue): string {
  if (issue.code === 'custom') return String(issue.params?.['wanted'] ?? issue.message);
  if (issue.code === 'invalid_type') return describeType(issue.expected);
  return issue.code === 'invalid_value' ? oneOf(issue.values.map(String)) : issue.message;
}

function reportCustom(
  issue: Extract<Issue, { code: 'custom' }>,
  path: NodePath,
  node: LocatedNode | undefined,
  context: IssueContext,
): void {
  const params = (issue.params ?? {}) as {
    readonly code?: DiagnosticCode;
    readonly help?: string;
    readonly from?: number;
    readonly to?: number;
    readonly wanted?: string;
  };
  if (params.code === undefined) {
    const wanted = params.wanted ?? issue.message;
    return context.diagnose(
      'SPEC_TYPE_WRONG',
      spanAt(context.root, path),
      `wanted ${wanted}, found ${describeNode(node)}`,
      helpForType(wanted, node),
    );
  }
  const span =
    node?.kind === 'scalar' && params.from !== undefined
      ? spanInside(node, params.from, params.to)
      : spanAt(context.root, path);
  context.diagnose(params.code, span, issue.message, params.help);
}

/** A stretch of a scalar's text as a stretch of the file; the whole scalar when the stretch is the whole text. */
export function spanInside(node: LocatedScalar, from: number, to: number = Number.MAX_SAFE_INTEGER): Span {
  if (from === 0 && to >= node.text.length) return node.span;
  const start = node.offsetAt(from);
  const end = node.offsetAt(Math.min(to, node.text.length) - 1) + 1;
  return { source: node.span.source, from: start, to: from >= node.text.length ? start + 1 : Math.max(start, end) };
}

function describeNode(node: LocatedNode | undefined): string {
  if (node === undefined) return 'nothing';
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return 'a mapping';
  if (node.value === null) return 'nothing';
  const shown = node.text.length > 60 ? `${node.text.slice(0, 57)}...` : node.text;
  if (typeof node.value === 'string') return `\`${shown}\``;
  return typeof node.value === 'number' ? `the number ${shown}` : `\`${shown}\` (yes or no)`;
}

function describeType(expected: string): string {
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

function helpForType(expected: string, node: LocatedNode | undefined): string | undefined {
  const isText = /string|text|such as|rule|selector/.test(expected);
  if (expected === 'boolean' && node?.kind === 'scalar' && /^(yes|no|on|off)$/i.test(node.text))
    return `YAML 1.2 reads \`${node.text}\` as a text; write true or false`;
  if (isText && node?.kind === 'list' && node.span.source.text[node.span.from] === '[')
    return 'a text that starts with `[` must be quoted';
  if (isText && node?.kind === 'map' && node.span.source.text[node.span.from] === '{')
    return 'a text that starts with `{` must be quoted';
  if (isText && node?.kind === 'scalar' && typeof node.value === 'number') return `quote it: "${node.text}"`;
  if (expected === 'array' && node?.kind === 'scalar' && node.value !== null) return `write [${node.text}]`;
  return undefined;
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? `\`${values[0]}\`` : `one of ${values.join(', ')}`;
}
