// Everything about one document that no schema can say: names that must exist, ids that must differ, plans that break their own limits.
import type { Diagnose } from '../diagnostics/diagnose.ts';
import { itemsAt, type LocatedNode, nodeAt, textAt } from '../yaml/located-node.ts';
import { checkCapacity } from './check-capacity.ts';
import { checkDuplicates } from './check-duplicates.ts';
import { checkLinks } from './check-links.ts';
import { checkLoad } from './check-load.ts';
import { checkOptions } from './check-options.ts';
import { checkQueries } from './check-queries.ts';
import { checkRuleNames } from './check-rule-names.ts';
import { checkSlopeUnits } from './check-slope-units.ts';
import { checkStreams } from './check-streams.ts';
import { checkTemplates } from './check-templates.ts';
import { checkVantage } from './check-vantage.ts';
import { checkWatched } from './check-watched.ts';
import { checkWhere } from './check-where.ts';
import type { CheckedVerification, KnownNames } from './checked-verification.ts';

/** Reports every problem of the document's inner logic. */
export function checkVerification(checked: CheckedVerification, diagnose: Diagnose): void {
  const names = knownNames(checked);
  checkDuplicates(checked.root, diagnose);
  checkWhere(checked, names, diagnose);
  checkVantage(checked, names, diagnose);
  checkOptions(checked, names, diagnose);
  checkStreams(checked, diagnose);
  checkQueries(checked, diagnose);
  checkRuleNames(checked, names, diagnose);
  checkLinks(checked, diagnose);
  checkTemplates(checked, diagnose);
  checkLoad(checked, diagnose);
  checkSlopeUnits(checked, diagnose);
  checkCapacity(checked, diagnose);
  checkWatched(checked, diagnose);
}

function knownNames({ root, fields }: CheckedVerification): KnownNames {
  const workload = fields?.spec.workload;
  const scenarios =
    workload?.workload.scenarios.map((scenario) => scenario.name) ??
    namesIn(root, ['spec', 'workload', 'scenarios'], 'name');
  const phases =
    workload?.workload.phases.map((phase) => phase.name) ?? namesIn(root, ['spec', 'workload', 'phases'], 'name');
  const listed =
    nodeAt(root, ['spec', 'evaluation', 'phases']) === undefined
      ? workload?.judged
      : namesIn(root, ['spec', 'evaluation', 'phases']);
  const hasWorkload =
    nodeAt(root, ['spec', 'workload']) !== undefined || nodeAt(root, ['spec', 'workloadRef']) !== undefined;
  return {
    requirements: new Set(namesIn(root, ['spec', 'requirements'], 'id')),
    hasWorkload,
    // Without a workload there are none: that is known, too.
    ...knownList('scenarios', scenarios, hasWorkload),
    ...knownList('phases', phases, hasWorkload),
    ...(listed === undefined ? {} : { judged: listed }),
  };
}

function knownList<Key extends 'scenarios' | 'phases'>(
  key: Key,
  names: readonly string[] | undefined,
  hasWorkload: boolean,
): { readonly [K in Key]?: readonly string[] } {
  if (names === undefined && hasWorkload) return {};
  return { [key]: names ?? [] } as { readonly [K in Key]: readonly string[] };
}

/** Texts of a list, or a field of each of its mappings; undefined when there is no list. */
function namesIn(root: LocatedNode, path: readonly string[], field?: string): readonly string[] | undefined {
  if (nodeAt(root, path)?.kind !== 'list') return undefined;
  return itemsAt(root, path).flatMap(
    (_, index) => textAt(root, field === undefined ? [...path, index] : [...path, index, field]) ?? [],
  );
}
