// Slopes of queries: a limit with a unit needs a query whose metrics say that they are in such a unit.
import { slopeFactor } from '../../core/slo/evidence/series-unit.ts';
import { slopeQuery, slopeUnit } from '../../core/slo/types/stability.ts';
import type { Diagnose } from '../diagnostics/diagnose.ts';
import { spanAt } from '../yaml/located-node.ts';
import type { CheckedVerification } from './checked-verification.ts';

/** Reports limits in ms/h or MiB/h on queries whose own unit is not known, or another. */
export function checkSlopeUnits({ root, fields }: CheckedVerification, diagnose: Diagnose): void {
  for (const [index, requirement] of (fields?.spec.requirements ?? []).entries()) {
    if (requirement.type !== 'stability') continue;
    for (const key of ['require', 'warn'] as const) {
      for (const clause of requirement[key]?.clauses ?? []) {
        const query = slopeQuery(clause, requirement);
        const unit = slopeUnit(clause);
        if (query === undefined || slopeFactor(query, unit) !== undefined) continue;
        const wanted = unit === 'B/h' ? 'bytes, as `..._bytes` would' : 'time, as `..._seconds` would';
        diagnose(
          'SPEC_RULE_UNIT',
          spanAt(root, ['spec', 'requirements', index, key]),
          `\`${clause.text}\`: the metrics of its query do not say that they are ${wanted}`,
          "write the limit as a number without a unit, an hour, in the query's own unit",
        );
      }
    }
  }
}
