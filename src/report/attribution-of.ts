// Which attribution explains a requirement, for every report alike.
import type { Attribution, Finding } from '../core/model/finding.ts';
import type { Run, Waterfall } from '../core/model/run.ts';

export interface Where {
  /** Best explanation first; empty when none is known. */
  readonly findings: readonly Finding[];
  /** Why no cause is named. */
  readonly notAttributable: string | undefined;
  readonly waterfalls: readonly Waterfall[];
}

/** The requirement's own attribution; without one, only the run's reason for not naming a cause. */
export function attributionOf(run: Run, requirement: string): Where {
  const own = run.byRequirement.find((each) => each.requirement === requirement);
  if (own === undefined) return { findings: [], notAttributable: run.attribution.notAttributable, waterfalls: [] };
  return {
    findings: byRank(own.attribution),
    notAttributable: own.attribution.notAttributable,
    waterfalls: own.waterfalls,
  };
}

/** Whether two findings tell of the same cause. */
export function isSameCause(a: Finding, b: Finding): boolean {
  return (
    a.mechanism === b.mechanism &&
    a.service === b.service &&
    a.operation === b.operation &&
    a.edge?.caller === b.edge?.caller &&
    a.edge?.callee === b.edge?.callee
  );
}

const byRank = (attribution: Attribution): readonly Finding[] =>
  [...attribution.findings].sort((a, b) => a.rank - b.rank);
