// Burn-rate limits that no error rate can reach.
import type { Verification } from '../../core/model/verification.ts';
import { canFire } from '../../core/slo/statistics/burn-rate.ts';
import type { Remark } from './lint-context.ts';

export function lintBudgets(verification: Verification, remark: Remark): void {
  for (const [index, requirement] of verification.requirements.entries()) {
    const slo = verification.slos.find((each) => each.name === requirement.sloRef);
    if (slo === undefined) continue;
    for (const { stat, op, limit, text } of requirement.require.clauses) {
      const isBurn =
        stat.kind === 'named' && stat.name === 'burnRate' && limit.kind === 'fixed' && (op === 'lte' || op === 'lt');
      if (!isBurn || canFire(limit.quantity.value, slo.target)) continue;
      const most = Number((1 / (1 - slo.target)).toPrecision(4));
      const message = `this can never fail: at target ${slo.target} a burn rate is at most ${most}`;
      remark(
        'LINT_ALERT_IMPOSSIBLE',
        { path: ['spec', 'requirements', index, 'require'], within: text },
        message,
        `choose a limit below ${most}`,
      );
    }
  }
}
