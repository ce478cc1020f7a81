// Goodput that a system keeps which answers everything, only late.
import type { Requirement } from '../../core/model/requirement.ts';
import type { Verification } from '../../core/model/verification.ts';
import { isLower } from '../../core/slo/clauses/mean-clause.ts';
import type { Remark } from './lint-context.ts';

/** An open model sends on whatever the replies do, and a reply counts where its request was due: without a limit on time a queue that only grows passes until requests time out. */
export function lintGoodput({ requirements, workload }: Verification, remark: Remark): void {
  if (workload === undefined || requirements.some(limitsTime)) return;
  for (const [index, requirement] of requirements.entries()) {
    const { type, source, options, require } = requirement;
    if (type !== 'throughput' || source !== 'client' || options['within'] !== undefined) continue;
    const clause = require.clauses.find(
      ({ stat, op }) => stat.kind === 'named' && stat.name === 'goodput' && isLower(op),
    );
    if (clause === undefined) continue;
    remark(
      'LINT_LATE_IS_GOOD',
      { path: ['spec', 'requirements', index, 'require'], within: clause.text },
      'replies count as good however late they come, and no requirement here limits how late',
      'write `within: 1s`, or whatever is late for your users',
    );
  }
}

const limitsTime = ({ type, source }: Requirement): boolean => type === 'latency' && source === 'client';
