// The phases whose load a requirement is judged on.
import type { Phase } from '../../core/model/workload.ts';
import type { RequirementFields } from '../schema/requirement-schema.ts';
import type { CheckedVerification } from './checked-verification.ts';

/** In the order of the workload, without warm-ups and recoveries. None without a workload. */
export function judgedLoad({ where }: RequirementFields, { fields }: CheckedVerification): readonly Phase[] {
  const plan = fields?.spec.workload;
  if (fields === undefined || plan === undefined) return [];
  const judged = where.phase === undefined ? (fields.spec.evaluation?.phases ?? plan.judged) : [where.phase];
  return plan.workload.phases.filter(({ name, role }) => role === 'load' && judged.includes(name));
}
