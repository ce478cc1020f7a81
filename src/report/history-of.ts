// What a run knows of a requirement's history.
import type { RequirementHistory } from '../core/model/history.ts';
import type { Run } from '../core/model/run.ts';

export function historyOf(run: Run, requirement: string): RequirementHistory | undefined {
  return run.history?.find((each) => each.requirement === requirement);
}
