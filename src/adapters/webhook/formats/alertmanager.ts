// Alertmanager's webhook payload, version 4, and Grafana's form of it.
import type { Alert } from '../../../core/model/alert.ts';
import { causeOf, labelsOf, summaryOf, titleOf } from './alert-text.ts';
import { fnv1a64 } from './fnv.ts';

const never = '0001-01-01T00:00:00Z';

export function alertmanagerPayload(alert: Alert): unknown {
  const labels = labelsOf(alert);
  const annotations = annotationsOf(alert);
  const groupLabels = { alertname: labels['alertname'], service: labels['service'] };
  return {
    version: '4',
    groupKey: `{}:${JSON.stringify(groupLabels)}`,
    truncatedAlerts: 0,
    status: alert.status,
    receiver: alert.target.name,
    groupLabels,
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: alert.links.report ?? '',
    alerts: [
      {
        status: alert.status,
        labels,
        annotations,
        startsAt: new Date(alert.since).toISOString(),
        endsAt: alert.status === 'resolved' ? new Date(alert.at).toISOString() : never,
        generatorURL: alert.links.report ?? '',
        fingerprint: fnv1a64(JSON.stringify(Object.entries(labels).sort())),
      },
    ],
  };
}

/** Grafana's webhook notifier: the same base as version "1" with title, state and message. */
export function grafanaPayload(alert: Alert): unknown {
  return {
    ...(alertmanagerPayload(alert) as Record<string, unknown>),
    version: '1',
    orgId: 1,
    title: titleOf(alert),
    state: alert.status === 'resolved' ? 'ok' : 'alerting',
    message: [summaryOf(alert), causeOf(alert)].filter((text) => text !== '').join('\n'),
  };
}

function annotationsOf(alert: Alert): Readonly<Record<string, string>> {
  const { report, runbook, trace, dashboard } = alert.links;
  return {
    summary: summaryOf(alert),
    description: causeOf(alert),
    ...(report === undefined ? {} : { report_url: report }),
    ...(runbook === undefined ? {} : { runbook_url: runbook }),
    ...(trace === undefined ? {} : { trace_url: trace }),
    ...(dashboard === undefined ? {} : { dashboard_url: dashboard }),
  };
}
