// PagerDuty Events API v2: one incident for one alert key.
import type { Alert } from '../../../core/model/alert.ts';
import { causeOf, namedLinks, pathOf, summaryOf } from './alert-text.ts';

const longestSummary = 1_024;

/** `routingKey`: the integration key, 32 characters. */
export function pagerDutyEvent(alert: Alert, routingKey: string): unknown {
  const { report } = alert.links;
  return {
    routing_key: routingKey,
    event_action: alert.status === 'resolved' ? 'resolve' : 'trigger',
    dedup_key: alert.key,
    payload: {
      summary: summaryOf(alert, longestSummary),
      source: alert.plan.service,
      severity: alert.verdict.priority === 'must' ? 'critical' : 'warning',
      timestamp: new Date(alert.at).toISOString(),
      component: alert.cause?.service ?? alert.plan.service,
      group: alert.plan.verification,
      class: 'slo',
      custom_details: {
        rule: alert.verdict.rule,
        verdict: alert.verdict.verdict,
        where: pathOf(alert),
        cause: causeOf(alert),
        run: alert.plan.runId,
      },
    },
    client: 'Faultline',
    ...(report === undefined ? {} : { client_url: report }),
    links: namedLinks(alert).map(({ name, url }) => ({ href: url, text: name })),
  };
}
