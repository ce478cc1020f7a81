// The names in a rule and where each of them is written: phases, requirements, words of the type.
import type { StatArgument } from '../../core/slo/requirement-type.ts';
import { clauseLine } from '../grammar/clause-form.ts';
import { parseRule } from '../grammar/parse-rule.ts';
import type { ParsedClause } from '../grammar/parsed-rule.ts';
import type { Token } from '../grammar/scanner.ts';
import type { RequirementLanguage } from '../requirement-language.ts';
import type { ClauseInput } from '../verification-document.ts';
import { type LocatedNode, type NodePath, nodeAt, plainValue, spanAt } from '../yaml/located-node.ts';
import type { Span } from '../yaml/source-text.ts';
import { spanInside } from '../yaml/span-inside.ts';
import { findForm } from './stat-forms.ts';

/** `statistic`: the statistic's own word. */
type NameKind = StatArgument | 'statistic';

/** A name and where it is written. */
export interface PlacedName {
  readonly text: string;
  readonly kind: NameKind;
  readonly span: Span;
}

/** The names of a rule in any of its forms: a line, a clause, several clauses. */
export function namesOfRule(root: LocatedNode, path: NodePath, language: RequirementLanguage): readonly PlacedName[] {
  const node = nodeAt(root, path);
  if (node?.kind === 'list') return node.items.flatMap((_, index) => namesOfRule(root, [...path, index], language));
  if (node?.kind === 'map') return namesOfObject(root, path, node, language);
  if (node?.kind !== 'scalar' || typeof node.value !== 'string' || node.isUnresolved) return [];
  return namesOfLine(node.value, language).map(({ token, kind }) => ({
    text: token.text,
    kind,
    span: spanInside(node, token.from, token.to),
  }));
}

function namesOfObject(
  root: LocatedNode,
  path: NodePath,
  node: LocatedNode,
  language: RequirementLanguage,
): readonly PlacedName[] {
  const clause = plainValue(node) as ClauseInput;
  if (!isReadable(clause)) return [];
  const { text, stretches } = clauseLine(clause);
  return namesOfLine(text, language).map(({ token, kind }) => {
    const key = stretches.find((stretch) => token.from >= stretch.from && token.to <= stretch.to)?.key ?? 'stat';
    return { text: token.text, kind, span: spanAt(root, [...path, key]) };
  });
}

/** The schema has its say elsewhere; here it only matters that the line can be made. */
function isReadable({ stat, op, while: ids, times }: ClauseInput): boolean {
  const isRight = times === undefined || (typeof times === 'object' && times !== null);
  return typeof stat === 'string' && typeof op === 'string' && (ids === undefined || Array.isArray(ids)) && isRight;
}

type NameToken = { readonly token: Token; readonly kind: NameKind };

function namesOfLine(line: string, language: RequirementLanguage): readonly NameToken[] {
  const parsed = parseRule(line);
  return parsed.ok ? parsed.value.clauses.flatMap((clause) => namesOfClause(clause, language)) : [];
}

/** Arguments by their form, and the ids of `while`. */
function namesOfClause({ clause, parts }: ParsedClause, { stats }: RequirementLanguage): readonly NameToken[] {
  const argsOf = (form: ReturnType<typeof findForm>, tokens: readonly Token[]): readonly NameToken[] =>
    form?.kind === 'named'
      ? tokens.flatMap((token, index) => (form.args[index] === undefined ? [] : [{ token, kind: form.args[index] }]))
      : [];
  const right = clause.limit.kind === 'multiple' ? argsOf(findForm(clause.limit.stat, stats), parts.limitArgs) : [];
  return [
    { token: parts.stat, kind: 'statistic' },
    ...argsOf(findForm(clause.stat, stats), parts.args),
    ...right,
    ...parts.while.map((token) => ({ token, kind: 'requirement' as const })),
  ];
}
