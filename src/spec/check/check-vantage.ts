// Whether a requirement's type can be judged from where it is asked to be, and on what it is restricted to.
import type { Vantage, Where } from '../../core/model/requirement.ts';
import type { Diagnose } from '../diagnostics/diagnose.ts';
import { languageOf, type RequirementLanguage } from '../requirement-language.ts';
import { itemsAt, keySpanAt, type LocatedNode, type NodePath, nodeAt, spanAt, textAt } from '../yaml/located-node.ts';
import type { CheckedVerification, KnownNames } from './checked-verification.ts';

/** Reports fields of `where` and vantage points that the type would ignore, and requirements on requests that nobody sends. */
export function checkVantage(
  { root, languages }: CheckedVerification,
  { hasWorkload }: KnownNames,
  diagnose: Diagnose,
): void {
  for (const index of itemsAt(root, ['spec', 'requirements']).keys()) {
    const path = ['spec', 'requirements', index];
    const language = languageOf(languages, textAt(root, [...path, 'type']));
    if (language === undefined) continue;
    checkFields(root, path, language, diagnose);
    checkSource(root, path, language, hasWorkload, diagnose);
  }
}

const WHERE_FIELDS: readonly (keyof Where)[] = ['scenario', 'route', 'phase', 'service', 'span', 'edge', 'labels'];
const VANTAGES: readonly string[] = ['client', 'server', 'trace'];

/** What each vantage point can tell apart. A query of one's own says itself what it is about. */
const TOLD_APART: Readonly<Record<Vantage, readonly (keyof Where)[]>> = {
  client: ['scenario', 'route', 'phase'],
  server: ['service', 'route', 'phase', 'labels'],
  trace: ['scenario', 'route', 'phase'],
};

function checkFields(root: LocatedNode, path: NodePath, language: RequirementLanguage, diagnose: Diagnose): void {
  const where = [...path, 'where'];
  const present = nodeAt(root, where);
  if (present?.kind !== 'map') return;
  const { name, where: usable } = language;
  const source = sourceOf(root, path, language);
  const seen = language.vantages.find((vantage) => vantage === source);
  // Of a vantage point that the type does not have, more is said elsewhere.
  const told = seen === undefined ? usable : toldApart(root, path, language, seen);
  for (const field of WHERE_FIELDS.filter((each) => present.entries.has(each) && !told.includes(each))) {
    const isOfType = usable.includes(field);
    const judged = !isOfType || language.vantages.length < 2 ? '' : ` judged from \`${source}\``;
    diagnose(
      'SPEC_WHERE_UNSUPPORTED',
      keySpanAt(root, where, field),
      `a requirement of type \`${name}\`${judged} cannot be restricted by \`${field}\``,
      isOfType && nodeAt(root, [...path, 'query']) !== undefined
        ? 'its own `query` decides what is measured: restrict it there'
        : whereHelp(told, field, language),
    );
  }
}

/** Fields that the type judges by when it looks from there. */
function toldApart(
  root: LocatedNode,
  path: NodePath,
  { name, where, vantages }: RequirementLanguage,
  source: Vantage,
): readonly (keyof Where)[] {
  // Types of spans choose them by all that their `where` has; costs and slopes count requests of our own beside their queries.
  if (vantages.length === 1 && source === 'trace') return where;
  if (name === 'cost' || name === 'stability') return where;
  if (source === 'server' && nodeAt(root, [...path, 'query']) !== undefined)
    return where.filter((field) => field === 'phase');
  return where.filter((field) => TOLD_APART[source].includes(field));
}

function whereHelp(
  told: readonly (keyof Where)[],
  field: keyof Where,
  { name, where, vantages }: RequirementLanguage,
): string {
  const by = told.length === 0 ? 'it applies to the whole run' : `\`${name}\` can be restricted by ${told.join(', ')}`;
  const others = vantages.filter((vantage) => where.includes(field) && TOLD_APART[vantage].includes(field));
  return others.length === 0 ? by : `${by}; by ${field} with \`source: ${others.join('` or `source: ')}\``;
}

function sourceOf(root: LocatedNode, path: NodePath, { vantages }: RequirementLanguage): string {
  return textAt(root, [...path, 'source']) ?? vantages[0] ?? 'client';
}

/** Costs, capacities and slopes of the load are of requests of our own, from wherever the rest is seen. */
function countsOwn(root: LocatedNode, path: NodePath, name: string): boolean {
  const rule = textAt(root, [...path, 'require']) ?? textAt(root, [...path, 'require', 'stat']) ?? '';
  if (name === 'concurrency') return /\bcapacity\b/.test(rule);
  return name === 'cost' || (name === 'stability' && /\bslope\(\s*(p\d+(\.\d+)?|mean|rate)\s*\)/.test(rule));
}

function checkSource(
  root: LocatedNode,
  path: NodePath,
  language: RequirementLanguage,
  hasWorkload: boolean,
  diagnose: Diagnose,
): void {
  const { name, vantages } = language;
  const source = sourceOf(root, path, language);
  if (!VANTAGES.includes(source)) return;
  if (!vantages.some((vantage) => vantage === source)) {
    diagnose(
      'SPEC_SOURCE_UNSUPPORTED',
      spanAt(root, [...path, 'source']),
      `\`${name}\` cannot be judged from \`${source}\``,
      `it can from ${vantages.join(', ')}`,
    );
  } else if ((source === 'client' || countsOwn(root, path, name)) && !hasWorkload) {
    const others = vantages
      .filter((vantage) => vantage !== 'client' && vantage !== source)
      .map((vantage) => `\`source: ${vantage}\``);
    const help = others.length === 0 ? 'add a `workload`' : `write ${others.join(' or ')}, or add a \`workload\``;
    diagnose(
      'SPEC_WORKLOAD_NEEDED',
      spanAt(root, [...path, 'type']),
      `\`${name}\` is judged on requests of our own, and this verification sends none`,
      help,
    );
  }
}
