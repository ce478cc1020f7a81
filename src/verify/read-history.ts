// Looks a finished run up in the history of its verification.
import type { RequirementHistory } from '../core/model/history.ts';
import type { Run } from '../core/model/run.ts';
import { requirementHistories } from '../core/slo/history/requirement-history.ts';
import type { RunStore } from '../ports/run-store.ts';

/** Earlier runs that are read: enough for a change of level and for breaks of some days. */
const depth = 40;

/** Empty when the store cannot be read: a report without history is still a report. */
export async function readHistory(run: Run, store: RunStore): Promise<readonly RequirementHistory[]> {
  const { verification, environment, runId, mode } = run.plan;
  const listed = await store.list({ verification, environment, limit: 2 * depth });
  if (!listed.ok) return [];
  const judged = listed.value.filter(
    (summary) => summary.runId !== runId && (summary.status === 'completed' || summary.status === 'aborted'),
  );
  const earlier: Run[] = [];
  for (const summary of judged.slice(0, depth)) {
    const found = await store.get(summary.runId);
    if (found.ok && found.value.plan.mode === mode) earlier.unshift(found.value);
  }
  return requirementHistories([...earlier, run]);
}
