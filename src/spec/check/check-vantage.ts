// Whether a requirement's type can be judged from where it is asked to be, and on what it is restricted to.
import type { Where } from '../../core/model/requirement.ts';
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
    checkFields(root, [...path, 'where'], language, diagnose);
    checkSource(root, path, language, hasWorkload, diagnose);
  }
}

const WHERE_FIELDS: readonly (keyof Where)[] = ['scenario', 'route', 'phase', 'service', 'span', 'edge', 'labels'];
const VANTAGES = ['client', 'server', 'trace'];

function checkFields(
  root: LocatedNode,
  where: NodePath,
  { name, where: usable }: RequirementLanguage,
  diagnose: Diagnose,
): void {
  const present = nodeAt(root, where);
  if (present?.kind !== 'map') return;
  const ignored = WHERE_FIELDS.filter((field) => present.entries.has(field) && !usable.includes(field));
  const help =
    usable.length === 0 ? 'it applies to the whole run' : `\`${name}\` can be restricted by ${usable.join(', ')}`;
  for (const field of ignored) {
    diagnose(
      'SPEC_WHERE_UNSUPPORTED',
      keySpanAt(root, where, field),
      `a requirement of type \`${name}\` cannot be restricted by \`${field}\``,
      help,
    );
  }
}

function checkSource(
  root: LocatedNode,
  path: NodePath,
  { name, vantages }: RequirementLanguage,
  hasWorkload: boolean,
  diagnose: Diagnose,
): void {
  const source = textAt(root, [...path, 'source']) ?? vantages[0] ?? 'client';
  if (!VANTAGES.includes(source)) return;
  if (!vantages.some((vantage) => vantage === source)) {
    diagnose(
      'SPEC_SOURCE_UNSUPPORTED',
      spanAt(root, [...path, 'source']),
      `\`${name}\` cannot be judged from \`${source}\``,
      `it can from ${vantages.join(', ')}`,
    );
  } else if (source === 'client' && !hasWorkload) {
    const others = vantages.filter((vantage) => vantage !== 'client').map((vantage) => `\`source: ${vantage}\``);
    const help = others.length === 0 ? 'add a `workload`' : `write ${others.join(' or ')}, or add a \`workload\``;
    diagnose(
      'SPEC_WORKLOAD_NEEDED',
      spanAt(root, [...path, 'type']),
      `\`${name}\` is judged on requests of our own, and this verification sends none`,
      help,
    );
  }
}
