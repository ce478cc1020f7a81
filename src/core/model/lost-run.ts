// The record of a run whose process was gone before the run was judged.
import type { Run, RunPlan } from './run.ts';

/** Only its plan is known: nothing was judged, so nothing passed. It ends where it began, as nobody saw its end. */
export function lostRun(plan: RunPlan): Run {
  const message = 'its process was gone before anything was judged; how long it ran is not known';
  return {
    plan,
    status: 'interrupted',
    verdict: 'inconclusive',
    endedAt: plan.startedAt,
    window: { start: plan.startedAt, end: plan.startedAt },
    phases: [],
    validity: { ok: false, reasons: [message], droppedShare: 0, sendLagP99Ms: 0, traceCoverage: 0 },
    verdicts: [],
    attribution: {
      findings: [],
      services: [],
      completeness: { traces: 0, spans: 0, ratio: 1, withoutEntry: 0, skewCorrected: 0 },
      notAttributable: 'the run was interrupted before anything was judged',
    },
    byRequirement: [],
    steps: [],
    timeline: [],
    dropped: [],
    gaps: [],
    baselines: [],
    message,
  };
}
