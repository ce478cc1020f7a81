// What a requirement applies to must exist: scenarios, routes, phases; and its type must be able to use it.
import type { Where } from '../../core/model/requirement.ts';
import type { Diagnose } from '../diagnostics/diagnose.ts';
import { suggest } from '../diagnostics/did-you-mean.ts';
import { languageOf } from '../requirement-language.ts';
import { itemsAt, keySpanAt, type LocatedNode, nodeAt, spanAt, textAt } from '../yaml/located-node.ts';
import type { CheckedVerification, KnownNames } from './checked-verification.ts';

/** Reports unknown names in `where`, in `evaluation.phases`, and fields of `where` or vantage points that the type would ignore. */
export function checkWhere(
  { root, fields, languages }: CheckedVerification,
  names: KnownNames,
  diagnose: Diagnose,
): void {
  checkJudgedPhases(root, names, diagnose);
  for (const index of itemsAt(root, ['spec', 'requirements']).keys()) {
    const path = ['spec', 'requirements', index] as const;
    const type = textAt(root, [...path, 'type']);
    const language = languageOf(languages, type);
    const where = [...path, 'where'];
    const scenario = textAt(root, [...where, 'scenario']);
    if (scenario !== undefined)
      checkName(scenario, names.scenarios, [...where, 'scenario'], 'SPEC_REF_SCENARIO', 'scenario');
    const phase = textAt(root, [...where, 'phase']);
    if (phase !== undefined) checkPhase(phase, [...where, 'phase']);
    checkRoute(where, scenario);
    if (language === undefined) continue;
    const present = nodeAt(root, where);
    for (const key of present?.kind === 'map' ? present.entries.keys() : []) {
      if (!WHERE_FIELDS.includes(key as keyof Where) || language.where.includes(key as keyof Where)) continue;
      const help =
        language.where.length === 0
          ? 'it applies to the whole run'
          : `\`${type}\` can use ${language.where.join(', ')}`;
      diagnose(
        'SPEC_WHERE_UNSUPPORTED',
        keySpanAt(root, where, key),
        `a requirement of type \`${type}\` cannot be restricted by \`${key}\``,
        help,
      );
    }
    const source = textAt(root, [...path, 'source']);
    if (source !== undefined && VANTAGES.includes(source) && !language.vantages.some((vantage) => vantage === source)) {
      diagnose(
        'SPEC_SOURCE_UNSUPPORTED',
        spanAt(root, [...path, 'source']),
        `\`${type}\` cannot be judged from \`${source}\``,
        `it can from ${language.vantages.join(', ')}`,
      );
    }
  }

  function checkPhase(phase: string, at: readonly (string | number)[]): void {
    if (!names.hasWorkload || names.phases === undefined) return;
    if (!names.phases.includes(phase))
      diagnose(
        'SPEC_REF_PHASE',
        spanAt(root, at),
        `there is no phase named \`${phase}\``,
        suggest(phase, names.phases),
      );
    else if (names.judged !== undefined && !names.judged.includes(phase)) {
      diagnose(
        'SPEC_PHASE_NOT_JUDGED',
        spanAt(root, at),
        `the phase \`${phase}\` is not judged, so this could never be decided`,
        `add it to \`evaluation.phases\`: [${[...names.judged, phase].join(', ')}]`,
      );
    }
  }

  function checkName(
    name: string,
    known: readonly string[] | undefined,
    at: readonly (string | number)[],
    code: 'SPEC_REF_SCENARIO',
    noun: string,
  ): void {
    if (known === undefined || known.includes(name)) return;
    diagnose(code, spanAt(root, at), `there is no ${noun} named \`${name}\``, suggest(name, known));
  }

  function checkRoute(where: readonly (string | number)[], scenario: string | undefined): void {
    const route = textAt(root, [...where, 'route']);
    const workload = fields?.spec.workload?.workload;
    if (route === undefined || workload === undefined) return;
    const scenarios = workload.scenarios.filter((each) => scenario === undefined || each.name === scenario);
    const routes = [...new Set(scenarios.flatMap((each) => each.steps.map((step) => step.name)))];
    if (scenarios.length === 0 || routes.includes(route)) return;
    const place = scenario === undefined ? 'no step' : `no step of \`${scenario}\``;
    diagnose(
      'SPEC_REF_ROUTE',
      spanAt(root, [...where, 'route']),
      `${place} is named \`${route}\``,
      suggest(route, routes),
    );
  }
}

const WHERE_FIELDS: readonly (keyof Where)[] = ['scenario', 'route', 'phase', 'service', 'span', 'edge', 'labels'];
const VANTAGES = ['client', 'server', 'trace'];

function checkJudgedPhases(root: LocatedNode, names: KnownNames, diagnose: Diagnose): void {
  const path = ['spec', 'evaluation', 'phases'];
  for (const index of itemsAt(root, path).keys()) {
    const phase = textAt(root, [...path, index]);
    if (phase === undefined || names.phases === undefined || names.phases.includes(phase)) continue;
    diagnose(
      'SPEC_REF_PHASE',
      spanAt(root, [...path, index]),
      `there is no phase named \`${phase}\``,
      suggest(phase, names.phases),
    );
  }
}
