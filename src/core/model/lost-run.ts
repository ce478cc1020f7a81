// The record of a run whose process was gone before the run was judged.
import type { Run, RunPlan } from './run.ts';
import { unjudgedRun } from './unjudged-run.ts';

/** Only its plan is known. It ends where it began, as nobody saw its end. */
export function lostRun(plan: RunPlan): Run {
  return unjudgedRun(plan, {
    status: 'interrupted',
    verdict: 'inconclusive',
    endedAt: plan.startedAt,
    message: 'its process was gone before anything was judged; how long it ran is not known',
    notAttributable: 'the run was interrupted before anything was judged',
  });
}
