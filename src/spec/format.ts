// `faultline fmt`: rules in one form throughout, evenly spaced. Everything else of the file stays as it is, comments and all.
import { stringify } from 'yaml';
import type { Diagnostic } from '../core/model/diagnostic.ts';
import { collectDiagnostics } from './diagnostics/diagnose.ts';
import { clauseLine } from './grammar/clause-form.ts';
import { contradictingKeys } from './grammar/clause-keys.ts';
import { parseRule } from './grammar/parse-rule.ts';
import type { ParsedRule } from './grammar/parsed-rule.ts';
import { clauseInput, printRule } from './print/print-clause.ts';
import type { ClauseInput } from './verification-document.ts';
import { itemsAt, type LocatedNode, type NodePath, nodeAt, plainValue } from './yaml/located-node.ts';
import { readYaml } from './yaml/read-yaml.ts';
import { sourceText } from './yaml/source-text.ts';

/** `line`: `p99 <= 300ms`; `object`: `{ stat: p99, op: lte, value: 300, unit: ms, target: 0.99 }`, for generators. */
export type RuleForm = 'line' | 'object';

export interface Formatted {
  readonly text: string;
  /** What kept the file from being read. Rules that cannot be read are left as they are; checking names them. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Rewrites every `require` and `warn` of a file's verifications. Formatting twice changes nothing. */
export function formatDocument(file: { readonly file: string; readonly text: string }, form: RuleForm): Formatted {
  const { diagnose, diagnostics } = collectDiagnostics();
  const roots = readYaml(sourceText(file.file, file.text), diagnose);
  const edits = new Map(roots.flatMap((root) => rulesOf(root)).flatMap((path) => editOf(path, form)));
  return { text: applied(file.text, [...edits.values()]), diagnostics: diagnostics() };
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

interface RulePlace {
  readonly root: LocatedNode;
  readonly path: NodePath;
}

function rulesOf(root: LocatedNode): readonly RulePlace[] {
  return itemsAt(root, ['spec', 'requirements']).flatMap((_, index) =>
    ['require', 'warn'].map((key) => ({ root, path: ['spec', 'requirements', index, key] })),
  );
}

/** By place, so that a rule behind several aliases is written once. */
function editOf({ root, path }: RulePlace, form: RuleForm): readonly (readonly [number, Edit])[] {
  const node = nodeAt(root, path);
  const rule = node === undefined ? undefined : readRule(node);
  if (node === undefined || rule === undefined) return [];
  const isFlow = path.some((_, length) => isFlowCollection(nodeAt(root, path.slice(0, length))));
  const text = form === 'line' ? lineText(rule, isFlow) : objectText(rule);
  const { from } = node.span;
  const end = node.span.source.text.slice(0, node.span.to).trimEnd().length;
  return [[from, { from, to: end, text }]];
}

function readRule(node: LocatedNode): ParsedRule | undefined {
  const isLine = node.kind === 'scalar';
  const lines = isLine ? [node.value] : [plainValue(node)].flat().map((clause) => clauseText(clause));
  const parsed = lines.map((line) => (typeof line === 'string' ? parseRule(line) : undefined));
  const isRead = parsed.every((each) => each?.ok === true && (isLine || each.value.clauses.length === 1));
  if (parsed.length === 0 || !isRead) return undefined;
  const clauses = parsed.flatMap((each) => (each?.ok === true ? each.value.clauses : []));
  return { clauses, text: '' };
}

function clauseText(clause: unknown): string | undefined {
  const isClause =
    typeof clause === 'object' &&
    clause !== null &&
    'stat' in clause &&
    'op' in clause &&
    typeof clause.stat === 'string';
  // What one of its keys says would be lost.
  if (!isClause || contradictingKeys(clause as ClauseInput) !== undefined) return undefined;
  return clauseLine(clause as ClauseInput).text;
}

function lineText({ clauses }: ParsedRule, isFlow: boolean): string {
  const line = printRule({ clauses: clauses.map(({ clause }) => clause), text: '' });
  return isFlow && /[[\]{},]/.test(line) ? `"${line}"` : line;
}

function objectText({ clauses }: ParsedRule): string {
  const objects = clauses.map(({ clause }) =>
    stringify(clauseInput(clause), { collectionStyle: 'flow', lineWidth: 0 }).trimEnd(),
  );
  return objects.length === 1 ? (objects[0] ?? '') : `[${objects.join(', ')}]`;
}

function isFlowCollection(node: LocatedNode | undefined): boolean {
  const first = node?.kind === 'map' || node?.kind === 'list' ? node.span.source.text[node.span.from] : undefined;
  return first === '{' || first === '[';
}

function applied(text: string, edits: readonly Edit[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.from - b.from)) {
    pieces.push(text.slice(at, edit.from), edit.text);
    at = edit.to;
  }
  return pieces.join('') + text.slice(at);
}
