// The JSON documents that scripts read: the result of a run (report.json, the API, webhook data, history) and the attribution alone.
import type { Attribution, Finding } from '../core/model/finding.ts';
import type { Run } from '../core/model/run.ts';
import type { AnalysisJson, FindingJson } from './analysis-document.ts';
import { isoTime } from './format-time.ts';
import type { ResultContext } from './result-context.ts';
import type { ResultDocument } from './result-document.ts';
import { requirementJson } from './result-requirement.ts';
import { worstFirst } from './worst-first.ts';

/** The document as a value, ready for JSON.stringify. */
export function jsonReport(run: Run, context: ResultContext = {}): ResultDocument {
  const { plan, validity } = run;
  return {
    schema: 'requirement-result/v1',
    runId: plan.runId,
    verification: plan.verification,
    service: plan.service,
    environment: plan.environment,
    ...(plan.commit === undefined ? {} : { commit: plan.commit }),
    ...(plan.branch === undefined ? {} : { branch: plan.branch }),
    workloadHash: plan.workloadHash,
    seed: plan.seed,
    trigger: plan.trigger,
    mode: plan.mode,
    ...(plan.target === undefined ? {} : { target: plan.target }),
    startedAt: isoTime(plan.startedAt),
    endedAt: isoTime(run.endedAt),
    window: { start: isoTime(run.window.start), end: isoTime(run.window.end), phases: run.phases },
    status: run.status,
    verdict: run.verdict,
    ...(run.message === undefined ? {} : { message: run.message }),
    validity: {
      ok: validity.ok,
      reasons: validity.reasons,
      ...(validity.touches === undefined ? {} : { touches: validity.touches }),
      ...(validity.failuresStand === undefined ? {} : { failuresStand: validity.failuresStand }),
      droppedIterations: validity.droppedShare,
      traceCoverage: validity.traceCoverage,
      ...(validity.tracesAsked === undefined ? {} : { tracesAsked: validity.tracesAsked }),
      sendLagP99Ms: validity.sendLagP99Ms,
    },
    requirements: worstFirst(run.verdicts).map((verdict) =>
      requirementJson(run, verdict, { links: context.links ?? {} }),
    ),
    attribution: analysisJson(run.attribution),
    ...(run.breakpoint === undefined ? {} : { breakpoint: run.breakpoint }),
    steps: run.steps,
    dropped: run.dropped,
    ...(run.generator === undefined ? {} : { generator: run.generator }),
    gaps: run.gaps,
  };
}

/** Findings by rank, services by blame as given. No fault: `findings` is empty. */
export function analysisJson(attribution: Attribution): AnalysisJson {
  return {
    findings: [...attribution.findings].sort((a, b) => a.rank - b.rank).map(findingJson),
    services: attribution.services.map(({ service, effectMs, share, interval }) => ({
      service,
      effectMs,
      share,
      ...(interval === undefined ? {} : { effectIntervalMs: interval }),
    })),
    completeness: attribution.completeness,
    ...(attribution.notAttributable === undefined ? {} : { notAttributable: attribution.notAttributable }),
  };
}

function findingJson(finding: Finding): FindingJson {
  const { edge, effectInterval, ...rest } = finding;
  return { ...rest, edge: edge ?? null, ...(effectInterval === undefined ? {} : { effectIntervalMs: effectInterval }) };
}
