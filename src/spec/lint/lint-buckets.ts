// Limits that a server's histogram cannot see: between two bucket edges nothing is known.
import type { Verification } from '../../core/model/verification.ts';
import { httpBucketEdges } from '../http-bucket-edges.ts';
import { printDuration } from '../print/print-quantity.ts';
import type { Remark } from './lint-context.ts';

/** Requirements with a query of their own know their histogram's edges better than we do. */
export function lintBuckets(verification: Verification, remark: Remark): void {
  for (const [index, requirement] of verification.requirements.entries()) {
    if (requirement.type !== 'latency' || requirement.source !== 'server' || requirement.query !== undefined) continue;
    for (const clause of requirement.require.clauses) {
      if (clause.limit.kind !== 'fixed' || clause.stat.kind !== 'quantile') continue;
      const { value, text } = clause.limit.quantity;
      if (httpBucketEdges.includes(value)) continue;
      const below = httpBucketEdges.findLast((edge) => edge < value);
      const above = httpBucketEdges.find((edge) => edge > value);
      const nearest = [below, above]
        .filter((edge) => edge !== undefined)
        .map((edge) => printDuration(edge))
        .join(' or ');
      const message = `${text} is no bucket edge of \`http_server_request_duration_seconds\`: it can only be judged where both neighbouring edges agree`;
      remark(
        'LINT_BUCKET_EDGE',
        { path: ['spec', 'requirements', index, 'require'], within: text },
        message,
        `the nearest edges are ${nearest}; or judge from \`source: client\`, which is exact`,
      );
    }
  }
}
