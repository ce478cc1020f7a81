// fanout: how many calls one request causes, the sign of N+1 queries and chatty services.
import { judgeQuantiles } from '../clauses/judge-quantiles.ts';
import { pointEvidence } from '../evidence/point-evidence.ts';
import type { RequirementType } from '../requirement-type.ts';
import { scopeOf } from './dependency.ts';
import { noNeeds } from './type-options.ts';

export const fanout: RequirementType = {
  name: 'fanout',
  title: 'A request does not cause too many calls',
  doc: `\`callsPerRequest p95 <= 8\` counts, per trace of a uniform sample, the calls on \`where.edge\` or below the spans that \`where.span\` (or \`where.service\`) chooses, and judges the counts like latencies: at most 5% of
requests may cause more than eight. \`max callsPerRequest\` allows none. How a request ended does not matter.`,
  example: `- id: CHK-12
  type: fanout
  where: { edge: "inventory -> db" }
  require: callsPerRequest p95 <= 8`,
  stats: [
    { kind: 'quantile', units: [''], of: ['callsPerRequest'], inSlices: true, over: true },
    { kind: 'named', name: 'max', args: [], units: [''], of: ['callsPerRequest'] },
    { kind: 'named', name: 'mean', args: [], units: [''], of: ['callsPerRequest'] },
  ],
  where: ['edge', 'span', 'service', 'scenario', 'route', 'phase'],
  vantages: ['trace'],
  options: {},
  refs: { query: 'forbidden', dataSourceRef: 'optional', sloRef: 'forbidden' },
  needs: (requirement) => ({
    ...noNeeds,
    measures: [{ key: `${requirement.id}/calls`, measure: 'callsPerRequest', ...scopeOf(requirement) }],
  }),
  judge: (requirement, rule, context) =>
    judgeQuantiles(
      requirement,
      rule,
      pointEvidence(requirement, `${requirement.id}/calls`, context, {
        unit: '',
        noun: 'requests',
        ignoreFailures: true,
      }),
    ),
};
