// Names that lead to other requirements, SLOs, data sources and notification targets.
import type { RequirementTypeName } from '../../core/model/requirement.ts';
import type { StatArgument } from '../../core/slo/requirement-type.ts';
import type { Diagnose } from '../diagnostics/diagnose.ts';
import { suggest } from '../diagnostics/did-you-mean.ts';
import { parseRule } from '../grammar/parse-rule.ts';
import type { ParsedClause } from '../grammar/parsed-rule.ts';
import type { Token } from '../grammar/scanner.ts';
import type { RequirementLanguage } from '../requirement-language.ts';
import { dataSourceUse } from '../resolve-sources.ts';
import { itemsAt, type LocatedNode, type NodePath, nodeAt, spanAt, textAt } from '../yaml/located-node.ts';
import { spanInside } from '../yaml/span-inside.ts';
import { findForm } from './check-rule.ts';
import type { CheckedVerification, KnownNames } from './checked-verification.ts';

/** Reports every name that leads nowhere, and requirements that wait for each other. */
export function checkLinks(checked: CheckedVerification, names: KnownNames, diagnose: Diagnose): void {
  const { root, openslo } = checked;
  const waits = new Map<string, Set<string>>();
  for (const index of itemsAt(root, ['spec', 'requirements']).keys()) {
    const path = ['spec', 'requirements', index];
    const slo = textAt(root, [...path, 'sloRef']);
    if (slo !== undefined && !openslo.slos.has(slo)) {
      diagnose(
        'SPEC_REF_SLO',
        spanAt(root, [...path, 'sloRef']),
        `there is no SLO document named \`${slo}\` in these files`,
        suggest(slo, [...openslo.slos.keys()], 'SLO'),
      );
    }
    checkDataSource(checked, [...path, 'dataSourceRef'], 'metrics', diagnose);
    for (const key of ['require', 'warn']) checkRuleNames(checked, [...path, key], index, names, waits, diagnose);
  }
  checkSourceNames(checked, diagnose);
  checkTargets(checked, diagnose);
  checkWaiting(root, waits, diagnose);
}

function checkRuleNames(
  { root, languages }: CheckedVerification,
  path: NodePath,
  index: number,
  names: KnownNames,
  waits: Map<string, Set<string>>,
  diagnose: Diagnose,
): void {
  const node = nodeAt(root, path);
  const type = textAt(root, ['spec', 'requirements', index, 'type']) as RequirementTypeName | undefined;
  const language = type === undefined ? undefined : languages[type];
  if (node?.kind !== 'scalar' || typeof node.value !== 'string' || language === undefined || node.isUnresolved) return;
  const parsed = parseRule(node.value);
  if (!parsed.ok) return;
  const id = textAt(root, ['spec', 'requirements', index, 'id']) ?? '';
  for (const clause of parsed.value.clauses) {
    for (const { token, kind } of namesOf(clause, language)) {
      const span = spanInside(node, token.from, token.to);
      if (kind === 'phase' && names.phases !== undefined && !names.phases.includes(token.text)) {
        diagnose(
          'SPEC_REF_PHASE',
          span,
          `there is no phase named \`${token.text}\``,
          suggest(token.text, names.phases, 'phase'),
        );
      }
      if (kind !== 'requirement') continue;
      if (!names.requirements.includes(token.text))
        diagnose(
          'SPEC_REF_REQUIREMENT',
          span,
          `there is no requirement \`${token.text}\``,
          suggest(token.text, names.requirements, 'requirement'),
        );
      else waits.set(id, (waits.get(id) ?? new Set()).add(token.text));
    }
  }
}

/** The words of a clause that are names: arguments by their form, the ids of `while`. */
function namesOf(
  { clause, parts }: ParsedClause,
  language: RequirementLanguage,
): readonly { readonly token: Token; readonly kind: StatArgument }[] {
  const argsOf = (
    form: ReturnType<typeof findForm>,
    tokens: readonly Token[],
  ): readonly { readonly token: Token; readonly kind: StatArgument }[] =>
    form?.kind === 'named'
      ? tokens.flatMap((token, index) => (form.args[index] === undefined ? [] : [{ token, kind: form.args[index] }]))
      : [];
  const right =
    clause.limit.kind === 'multiple' ? argsOf(findForm(clause.limit.stat, language.stats), parts.limitArgs) : [];
  return [
    ...argsOf(findForm(clause.stat, language.stats), parts.args),
    ...right,
    ...parts.while.map((token) => ({ token, kind: 'requirement' as const })),
  ];
}

function checkDataSource(
  { root, openslo }: CheckedVerification,
  path: NodePath,
  use: 'metrics' | 'traces',
  diagnose: Diagnose,
): void {
  const name = textAt(root, path);
  if (name === undefined) return;
  const own =
    use === 'metrics' ? itemsAt(root, ['spec', 'sources', 'metrics']).flatMap((_, index) => ownName(root, index)) : [];
  const document = openslo.dataSources.get(name);
  if (document === undefined && own.includes(name) && path.at(-1) === 'dataSourceRef') return;
  if (document === undefined) {
    const known = [...openslo.dataSources.keys(), ...own];
    diagnose(
      'SPEC_REF_DATA_SOURCE',
      spanAt(root, path),
      `there is no data source named \`${name}\``,
      suggest(name, known, 'data source'),
    );
  } else if (dataSourceUse(document) !== use) {
    const wanted = use === 'metrics' ? 'Prometheus' : 'Jaeger or Tempo';
    diagnose(
      'SPEC_REF_DATA_SOURCE',
      spanAt(root, path),
      `the data source \`${name}\` is of type ${document.spec.type}; ${wanted} is wanted here`,
    );
  }
}

/** The name of an entry of `sources.metrics`, given or by default. */
function ownName(root: LocatedNode, index: number): readonly string[] {
  const path = ['spec', 'sources', 'metrics', index];
  const type = textAt(root, [...path, 'type']);
  const name = textAt(root, [...path, 'name']) ?? type;
  return name === undefined ? [] : [name];
}

function checkSourceNames(checked: CheckedVerification, diagnose: Diagnose): void {
  for (const use of ['traces', 'metrics'] as const) {
    for (const index of itemsAt(checked.root, ['spec', 'sources', use]).keys())
      checkDataSource(checked, ['spec', 'sources', use, index], use, diagnose);
  }
}

function checkTargets({ root, openslo }: CheckedVerification, diagnose: Diagnose): void {
  for (const index of itemsAt(root, ['spec', 'notify']).keys()) {
    const path = ['spec', 'notify', index, 'target'];
    const name = textAt(root, path);
    if (name === undefined) continue;
    const document = openslo.targets.get(name);
    if (document === undefined)
      diagnose(
        'SPEC_REF_TARGET',
        spanAt(root, path),
        `there is no AlertNotificationTarget document named \`${name}\``,
        suggest(name, [...openslo.targets.keys()], 'AlertNotificationTarget'),
      );
  }
}

/** A requirement that builds on itself, directly or through others. */
function checkWaiting(root: LocatedNode, waits: ReadonlyMap<string, ReadonlySet<string>>, diagnose: Diagnose): void {
  for (const index of itemsAt(root, ['spec', 'requirements']).keys()) {
    const id = textAt(root, ['spec', 'requirements', index, 'id']);
    const circle = id === undefined ? undefined : circleFrom(id, waits);
    if (circle !== undefined)
      diagnose(
        'SPEC_REF_CYCLE',
        spanAt(root, ['spec', 'requirements', index, 'require']),
        `\`${id}\` waits for itself: ${circle.join(' -> ')}`,
      );
  }
}

function circleFrom(start: string, waits: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] | undefined {
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
