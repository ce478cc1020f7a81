// The limit of a capacity is counted as the load of its phases is: in users, or in journeys a second.
import type { Clause } from '../../core/model/requirement.ts';
import type { Diagnose } from '../diagnostics/diagnose.ts';
import { spanAt } from '../yaml/located-node.ts';
import type { CheckedVerification } from './checked-verification.ts';
import { judgedLoad } from './judged-load.ts';

/** Reports limits in users on phases that have a rate, and the other way round. */
export function checkCapacity(checked: CheckedVerification, diagnose: Diagnose): void {
  const { root, fields } = checked;
  for (const [index, requirement] of (fields?.spec.requirements ?? []).entries()) {
    if (requirement.type !== 'concurrency') continue;
    for (const key of ['require', 'warn'] as const) {
      for (const clause of requirement[key]?.clauses ?? []) {
        const unit = unitOfCapacity(clause);
        const other = judgedLoad(requirement, checked).find(
          ({ pace }) => (pace.kind === 'concurrency') !== (unit === ''),
        );
        if (unit === undefined || other === undefined) continue;
        const isUsers = unit === '';
        diagnose(
          'SPEC_RULE_UNIT',
          spanAt(root, ['spec', 'requirements', index, key]),
          `\`${clause.text}\` counts ${isUsers ? 'users' : 'journeys a second'}, and the phase \`${other.name}\` is driven by ${isUsers ? 'a rate' : 'users'}`,
          isUsers
            ? 'write the limit as a rate such as `32/s`, or judge phases that have a `concurrency`'
            : 'write the limit in users, as a number alone, or judge phases that have a `rate`',
        );
      }
    }
  }
}

/** Undefined for any other statistic. */
function unitOfCapacity({ stat, limit }: Clause): string | undefined {
  if (stat.kind !== 'named' || stat.name !== 'capacity' || limit.kind !== 'fixed') return undefined;
  return limit.quantity.unit;
}
