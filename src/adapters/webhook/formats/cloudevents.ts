// CloudEvents 1.0 in structured JSON mode: the product's own format.
import type { Alert } from '../../../core/model/alert.ts';

/** Body of an `application/cloudevents+json` request. `data`: the one requirement of the result document that changed. */
export function cloudEvent(alert: Alert): unknown {
  const { plan, verdict, cause } = alert;
  const word = alert.status === 'resolved' ? 'recovered' : alert.event === 'fail' ? 'failed' : alert.event;
  return {
    specversion: '1.0',
    id: alert.id,
    source: `/faultline/${encodeURIComponent(plan.environment)}/${encodeURIComponent(plan.verification)}`,
    type: `faultline.requirement.${word}.v1`,
    subject: verdict.requirement,
    time: new Date(alert.at).toISOString(),
    datacontenttype: 'application/json',
    data: {
      schema: 'requirement-result/v1',
      runId: plan.runId,
      verification: plan.verification,
      service: plan.service,
      environment: plan.environment,
      ...(plan.commit === undefined ? {} : { commit: plan.commit }),
      status: alert.status,
      since: new Date(alert.since).toISOString(),
      requirement: {
        id: verdict.requirement,
        title: verdict.title,
        type: verdict.type,
        priority: verdict.priority,
        definedAt: { file: verdict.definedAt.file, line: verdict.definedAt.line },
        rule: verdict.rule,
        verdict: verdict.verdict,
        explanation: verdict.explanation,
        clauses: verdict.clauses,
        ...(verdict.margin === undefined ? {} : { margin: verdict.margin }),
      },
      where:
        cause === undefined
          ? []
          : [
              {
                path: cause.path,
                service: cause.service,
                operation: cause.operation,
                mechanism: cause.mechanism,
                ...(cause.edge === undefined ? {} : { edge: cause.edge }),
                effectMs: cause.effectMs,
                share: cause.share,
                confidence: cause.confidence,
                explanation: cause.explanation,
                advice: cause.advice,
                evidence: { traces: cause.traces.slice(0, 5) },
              },
            ],
      links: alert.links,
    },
  };
}
