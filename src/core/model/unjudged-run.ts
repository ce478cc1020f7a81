// The record of a run of which nothing was judged.
import type { Run, RunPlan } from './run.ts';

type End = Pick<Run, 'status' | 'verdict' | 'endedAt'> & { readonly message: string; readonly notAttributable: string };

/** Nothing was judged, so nothing passed. */
export function unjudgedRun(plan: RunPlan, { notAttributable, ...end }: End): Run {
  return {
    plan,
    window: { start: plan.startedAt, end: end.endedAt },
    phases: [],
    validity: { ok: false, reasons: [end.message], droppedShare: 0, sendLagP99Ms: 0, traceCoverage: 0 },
    verdicts: [],
    attribution: {
      findings: [],
      services: [],
      completeness: { traces: 0, spans: 0, ratio: 1, withoutEntry: 0, skewCorrected: 0 },
      notAttributable,
    },
    byRequirement: [],
    steps: [],
    timeline: [],
    dropped: [],
    gaps: [],
    baselines: [],
    ...end,
  };
}
