// Everything about one document that no schema can say: names that must exist, ids that must differ, plans that break their own limits.
import type { Diagnose } from '../diagnostics/diagnose.ts';
import { itemsAt, type LocatedNode, nodeAt, textAt } from '../yaml/located-node.ts';
import { checkDuplicates } from './check-duplicates.ts';
import { checkLinks } from './check-links.ts';
import { checkLoad } from './check-load.ts';
import { checkPrices } from './check-prices.ts';
import { checkRuleNames } from './check-rule-names.ts';
import { checkSlopeUnits } from './check-slope-units.ts';
import { checkTemplates } from './check-templates.ts';
import { checkVantage } from './check-vantage.ts';
import { checkWhere } from './check-where.ts';
import type { CheckedVerification, KnownNames } from './checked-verification.ts';

/** Reports every problem of the document's inner logic. */
export function checkVerification(checked: CheckedVerification, diagnose: Diagnose): void {
  const names = knownNames(checked);
  checkDuplicates(checked.root, diagnose);
  checkWhere(checked, names, diagnose);
  checkVantage(checked, names, diagnose);
  checkRuleNames(checked, names, diagnose);
  checkLinks(checked, diagnose);
  checkTemplates(checked, diagnose);
  checkLoad(checked, diagnose);
  checkPrices(checked, diagnose);
  checkSlopeUnits(checked, diagnose);
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
  return {
    requirements: new Set(namesIn(root, ['spec', 'requirements'], 'id')),
    hasWorkload:
      nodeAt(root, ['spec', 'workload']) !== undefined || nodeAt(root, ['spec', 'workloadRef']) !== undefined,
    ...(scenarios === undefined ? {} : { scenarios }),
    ...(phases === undefined ? {} : { phases }),
    ...(listed === undefined ? {} : { judged: listed }),
  };
}

/** Texts of a list, or a field of each of its mappings; undefined when there is no list. */
function namesIn(root: LocatedNode, path: readonly string[], field?: string): readonly string[] | undefined {
  if (nodeAt(root, path)?.kind !== 'list') return undefined;
  return itemsAt(root, path).flatMap(
    (_, index) => textAt(root, field === undefined ? [...path, index] : [...path, index, field]) ?? [],
  );
}
