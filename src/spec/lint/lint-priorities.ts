// Requirements whose place in the verdict is probably not what was meant.
import type { Clause, Requirement } from '../../core/model/requirement.ts';
import type { Verification } from '../../core/model/verification.ts';
import type { Remark } from './lint-context.ts';

export function lintPriorities(verification: Verification, remark: Remark): void {
  const { requirements, workload } = verification;
  if (!requirements.some((requirement) => requirement.priority === 'must')) {
    remark(
      'LINT_NOTHING_JUDGED',
      { path: ['spec', 'requirements'] },
      'no requirement has priority `must`: this verification never fails',
    );
  }
  for (const [index, requirement] of requirements.entries()) {
    const path = ['spec', 'requirements', index];
    if (requirement.priority === 'should' && requirement.warn === undefined) {
      remark(
        'LINT_SHOULD_WITHOUT_WARN',
        { path: [...path, 'priority'] },
        `\`${requirement.id}\` only warns when its limit is broken`,
        'a stricter `warn` limit tells earlier',
      );
    }
    lintWarn(requirement, path, remark);
    if (requirement.type === 'query' && !requirement.require.clauses.some((clause) => clause.inSlices !== undefined)) {
      remark(
        'LINT_POINT_VERDICT',
        { path: [...path, 'require'] },
        'one value of one query is judged without an interval',
        '`type: saturation` judges a query slice by slice: `value <= 5 in 95% of slices`',
      );
    }
    const limit = workload?.safety.errorRate.above;
    if (requirement.type === 'errors' && limit !== undefined) lintSafety(requirement, limit, path, remark);
  }
}

/** `warn` is the stricter limit. */
function lintWarn({ require, warn }: Requirement, path: readonly (string | number)[], remark: Remark): void {
  for (const clause of warn?.clauses ?? []) {
    const twin = require.clauses.find(
      (each) => JSON.stringify(each.stat) === JSON.stringify(clause.stat) && each.op === clause.op,
    );
    if (twin === undefined || !isLooser(clause, twin)) continue;
    remark(
      'LINT_WARN_LOOSER',
      { path: [...path, 'warn'], within: clause.text },
      `\`${clause.text}\` is not stricter than \`${twin.text}\`: it never warns before the requirement fails`,
    );
  }
}

function isLooser(warn: Clause, require: Clause): boolean {
  if (warn.limit.kind !== 'fixed' || require.limit.kind !== 'fixed') return false;
  const [a, b] = [warn.limit.quantity.value, require.limit.quantity.value];
  const isUpper = warn.op === 'lte' || warn.op === 'lt';
  const sameSlices = (warn.inSlices ?? 1) <= (require.inSlices ?? 1);
  return sameSlices && (isUpper ? a >= b : a <= b) && warn.op !== 'eq';
}

function lintSafety({ require }: Requirement, limit: number, path: readonly (string | number)[], remark: Remark): void {
  for (const clause of require.clauses) {
    const { stat, limit: bound, op, text } = clause;
    const isRate =
      stat.kind === 'named' &&
      stat.name === 'rate' &&
      bound.kind === 'fixed' &&
      bound.quantity.unit === 'ratio' &&
      (op === 'lte' || op === 'lt');
    if (!isRate || bound.quantity.value < limit) continue;
    remark(
      'LINT_SAFETY_FIRST',
      { path: [...path, 'require'], within: text },
      `the run is aborted at an error rate above ${limit * 100}%, before \`${text}\` could fail`,
      'raise `safety.abortWhen`, or lower the limit',
    );
  }
}
