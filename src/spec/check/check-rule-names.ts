// Names inside rules: phases and other requirements; and requirements that wait for each other.
import type { Diagnose } from '../diagnostics/diagnose.ts';
import { suggest } from '../diagnostics/did-you-mean.ts';
import { languageOf, type RequirementLanguage } from '../requirement-language.ts';
import { itemsAt, type LocatedNode, type NodePath, nodeAt, spanAt, textAt } from '../yaml/located-node.ts';
import type { CheckedVerification, KnownNames } from './checked-verification.ts';
import { namesOfRule, type PlacedName } from './names-of-rule.ts';

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
      for (const name of namesOfRule(root, [...path, key], language)) {
        checkName(name, id, names, waits, diagnose);
        checkWord(name, { root, path, language }, diagnose);
      }
    }
  }
  checkUntil(root, names, diagnose);
  const circles = findCircles(waits);
  for (const index of circles.length === 0 ? [] : itemsAt(root, ['spec', 'requirements']).keys()) {
    const id = textAt(root, ['spec', 'requirements', index, 'id']);
    const circle = circles.find(([first]) => first === id);
    if (circle === undefined) continue;
    const message = `\`${id}\` waits for itself: ${[...circle, id].join(' -> ')}`;
    diagnose('SPEC_REF_CYCLE', spanAt(root, ['spec', 'requirements', index, 'require']), message);
  }
}

/** The requirement that ends a breakpoint search. */
function checkUntil(root: LocatedNode, { requirements }: KnownNames, diagnose: Diagnose): void {
  const path = ['spec', 'workload', 'until'];
  const id = textAt(root, path);
  if (id === undefined || requirements.has(id)) return;
  diagnose(
    'SPEC_REF_REQUIREMENT',
    spanAt(root, path),
    `there is no requirement \`${id}\``,
    suggest(id, [...requirements]),
  );
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
  if (names.requirements.has(text)) waits.set(id, (waits.get(id) ?? new Set()).add(text));
  else
    diagnose(
      'SPEC_REF_REQUIREMENT',
      span,
      `there is no requirement \`${text}\``,
      suggest(text, [...names.requirements]),
    );
}

interface PlacedRequirement {
  readonly root: LocatedNode;
  readonly path: NodePath;
  readonly language: RequirementLanguage;
}

/** What a cost is divided by. */
const COSTED = ['goodRequests', 'requests', 'outputTokens', 'inputTokens'];

/** Words that are the type's own: what a cost is divided by, whose slope is meant, statistics that a vantage point does not have. */
function checkWord({ text, kind, span }: PlacedName, requirement: PlacedRequirement, diagnose: Diagnose): void {
  const { root, path, language } = requirement;
  if (kind === 'statistic') {
    if (text !== 'mean' || language.name !== 'latency' || textAt(root, [...path, 'source']) !== 'server') return;
    const message = 'no mean is known of a server’s histogram, only how many requests lie below each edge';
    diagnose('SPEC_SOURCE_UNSUPPORTED', span, message, 'bound a percentile, or judge from `client` or `trace`');
  }
  if (kind !== 'name') return;
  const known = language.name === 'cost' ? COSTED : slopes(requirement);
  if (known === undefined || known.includes(text)) return;
  const message =
    language.name === 'cost'
      ? `a cost is counted by ${COSTED.join(', ')}; found \`${text}\``
      : `there is no query named \`${text}\` whose slope could be taken`;
  diagnose('SPEC_VALUE_UNKNOWN', span, message, suggest(text, known));
}

/** Names whose slope is known: the load's own, and the queries. Undefined where `query` takes any name. */
function slopes({ root, path, language }: PlacedRequirement): readonly string[] | undefined {
  if (language.name !== 'stability' || nodeAt(root, [...path, 'query']) !== undefined) return undefined;
  const queries = nodeAt(root, [...path, 'queries']);
  return ['mean', 'rate', ...(queries?.kind === 'map' ? queries.entries.keys() : [])];
}

/** Each circle of waiting requirements once, from the member that was met first. Depth-first, every edge looked at once. */
function findCircles(waits: Waits): readonly (readonly string[])[] {
  const circles: (readonly string[])[] = [];
  const done = new Set<string>();
  for (const start of waits.keys()) {
    const path = new Set<string>();
    const open = [{ id: start, next: [...(waits.get(start) ?? [])] }];
    if (!done.has(start)) path.add(start);
    else open.pop();
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const next = top.next.pop();
      if (next === undefined) {
        path.delete(top.id);
        done.add(top.id);
        open.pop();
      } else if (path.has(next)) circles.push([...path].slice([...path].indexOf(next)));
      else if (!done.has(next)) {
        path.add(next);
        open.push({ id: next, next: [...(waits.get(next) ?? [])] });
      }
    }
  }
  return circles;
}
