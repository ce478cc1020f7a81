// Names inside rules: phases and other requirements; and requirements that wait for each other.
import type { StatArgument } from '../../core/slo/requirement-type.ts';
import type { Diagnose } from '../diagnostics/diagnose.ts';
import { suggest } from '../diagnostics/did-you-mean.ts';
import { clauseLine } from '../grammar/clause-form.ts';
import { parseRule } from '../grammar/parse-rule.ts';
import type { ParsedClause } from '../grammar/parsed-rule.ts';
import type { Token } from '../grammar/scanner.ts';
import { languageOf, type RequirementLanguage } from '../requirement-language.ts';
import type { ClauseInput } from '../verification-document.ts';
import { itemsAt, type LocatedNode, type NodePath, nodeAt, plainValue, spanAt, textAt } from '../yaml/located-node.ts';
import type { Span } from '../yaml/source-text.ts';
import { spanInside } from '../yaml/span-inside.ts';
import type { CheckedVerification, KnownNames } from './checked-verification.ts';
import { findForm } from './stat-forms.ts';

/** Requirement id to the ids it builds on. */
type Waits = Map<string, Set<string>>;

/** Reports unknown phases and requirements in `require` and `warn`, and circles among requirements. Malformed rules are reported elsewhere. */
export function checkRuleNames({ root, languages }: CheckedVerification, names: KnownNames, diagnose: Diagnose): void {
  const waits: Waits = new Map();
  for (const index of itemsAt(root, ['spec', 'requirements']).keys()) {
    const path = ['spec', 'requirements', index];
    const language = languageOf(languages, textAt(root, [...path, 'type']));
    if (language === undefined) continue;
    const id = textAt(root, [...path, 'id']) ?? '';
    for (const key of ['require', 'warn']) {
      for (const name of namesAt(root, [...path, key], language)) checkName(name, id, names, waits, diagnose);
    }
  }
  for (const index of itemsAt(root, ['spec', 'requirements']).keys()) {
    const id = textAt(root, ['spec', 'requirements', index, 'id']);
    const circle = id === undefined ? undefined : circleFrom(id, waits);
    if (circle === undefined) continue;
    diagnose(
      'SPEC_REF_CYCLE',
      spanAt(root, ['spec', 'requirements', index, 'require']),
      `\`${id}\` waits for itself: ${circle.join(' -> ')}`,
    );
  }
}

interface PlacedName {
  readonly text: string;
  readonly kind: StatArgument;
  readonly span: Span;
}

function checkName(
  { text, kind, span }: PlacedName,
  id: string,
  names: KnownNames,
  waits: Waits,
  diagnose: Diagnose,
): void {
  if (kind === 'phase' && names.phases !== undefined && !names.phases.includes(text)) {
    diagnose('SPEC_REF_PHASE', span, `there is no phase named \`${text}\``, suggest(text, names.phases));
  }
  if (kind !== 'requirement') return;
  if (names.requirements.includes(text)) waits.set(id, (waits.get(id) ?? new Set()).add(text));
  else diagnose('SPEC_REF_REQUIREMENT', span, `there is no requirement \`${text}\``, suggest(text, names.requirements));
}

/** The names of a rule in any of its forms: a line, a clause, several clauses. */
function namesAt(root: LocatedNode, path: NodePath, language: RequirementLanguage): readonly PlacedName[] {
  const node = nodeAt(root, path);
  if (node?.kind === 'list') return node.items.flatMap((_, index) => namesAt(root, [...path, index], language));
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

type NameToken = { readonly token: Token; readonly kind: StatArgument };

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
    ...argsOf(findForm(clause.stat, stats), parts.args),
    ...right,
    ...parts.while.map((token) => ({ token, kind: 'requirement' as const })),
  ];
}

function circleFrom(start: string, waits: Waits): readonly string[] | undefined {
  const seen = new Set<string>();
  const open: (readonly string[])[] = [[start]];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    for (const next of waits.get(path.at(-1)!) ?? []) {
      if (next === start) return [...path, next];
      if (!seen.has(next)) open.push([...path, next]);
      seen.add(next);
    }
  }
  return undefined;
}
