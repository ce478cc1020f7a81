// What a requirement applies to must exist: scenarios, routes, phases.
import type { Diagnose } from '../diagnostics/diagnose.ts';
import { suggest } from '../diagnostics/did-you-mean.ts';
import { itemsAt, type LocatedNode, type NodePath, spanAt, textAt } from '../yaml/located-node.ts';
import type { CheckedVerification, KnownNames } from './checked-verification.ts';

/** Reports unknown names in the `where` of requirements and in `evaluation.phases`. */
export function checkWhere(checked: CheckedVerification, names: KnownNames, diagnose: Diagnose): void {
  const { root } = checked;
  const judged = ['spec', 'evaluation', 'phases'];
  for (const index of itemsAt(root, judged).keys()) {
    const isKnown = checkPhase(root, [...judged, index], names.phases, diagnose);
    if (isKnown) checkNoWarmUp(checked, [...judged, index], diagnose);
  }
  for (const index of itemsAt(root, ['spec', 'requirements']).keys()) {
    const where = ['spec', 'requirements', index, 'where'];
    checkScenario(root, [...where, 'scenario'], names.scenarios, diagnose);
    checkRoute(checked, where, diagnose);
    const isKnown = checkPhase(root, [...where, 'phase'], names.phases, diagnose);
    if (isKnown) checkJudged(root, [...where, 'phase'], names, diagnose);
  }
}

const NO_WORKLOAD = 'without a `workload` there are no scenarios and no phases';

function checkScenario(
  root: LocatedNode,
  path: NodePath,
  known: readonly string[] | undefined,
  diagnose: Diagnose,
): void {
  const name = textAt(root, path);
  if (name === undefined || known === undefined || known.includes(name)) return;
  diagnose(
    'SPEC_REF_SCENARIO',
    spanAt(root, path),
    `there is no scenario named \`${name}\``,
    suggest(name, known, NO_WORKLOAD),
  );
}

/** Whether the phase at a path exists; an unknown one is reported. */
function checkPhase(
  root: LocatedNode,
  path: NodePath,
  known: readonly string[] | undefined,
  diagnose: Diagnose,
): boolean {
  const name = textAt(root, path);
  if (name === undefined || known === undefined) return false;
  if (known.includes(name)) return true;
  diagnose(
    'SPEC_REF_PHASE',
    spanAt(root, path),
    `there is no phase named \`${name}\``,
    suggest(name, known, NO_WORKLOAD),
  );
  return false;
}

/** A warm-up is never judged, whoever lists it. */
function checkNoWarmUp({ root, fields }: CheckedVerification, path: NodePath, diagnose: Diagnose): void {
  const name = textAt(root, path);
  const phase = fields?.spec.workload?.workload.phases.find((each) => each.name === name);
  if (phase?.role !== 'warm-up') return;
  diagnose(
    'SPEC_PHASE_NOT_JUDGED',
    spanAt(root, path),
    `\`${name}\` is a warm-up, which is never judged`,
    'remove it here, or its `role`',
  );
}

/** A phase that does not count can decide nothing. Not said while the list of phases that count has mistakes itself. */
function checkJudged(root: LocatedNode, path: NodePath, { phases = [], judged }: KnownNames, diagnose: Diagnose): void {
  const name = textAt(root, path) ?? '';
  if (judged === undefined || judged.includes(name) || !judged.every((phase) => phases.includes(phase))) return;
  const help = `add it to \`evaluation.phases\`: [${[...judged, name].join(', ')}]`;
  diagnose(
    'SPEC_PHASE_NOT_JUDGED',
    spanAt(root, path),
    `the phase \`${name}\` is not judged, so this could never be decided`,
    help,
  );
}

/** Routes are the names of steps: of the scenario, if one is named. */
function checkRoute({ root, fields }: CheckedVerification, where: NodePath, diagnose: Diagnose): void {
  const route = textAt(root, [...where, 'route']);
  const scenario = textAt(root, [...where, 'scenario']);
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
