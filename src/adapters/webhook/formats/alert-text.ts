// The sentences that every chat, pager and mail format shares.
import type { Alert } from '../../../core/model/alert.ts';

/** `CHK-01 failed: p95 412 ms > 300 ms`; at most `longest` characters. */
export function summaryOf(alert: Alert, longest = 250): string {
  const word = alert.status === 'resolved' ? 'recovered' : stateWord(alert);
  return clip(`${alert.verdict.requirement} ${word}: ${alert.verdict.explanation}`, longest);
}

/** Where it broke, in one sentence; empty when nobody knows. */
export function causeOf(alert: Alert, longest = 500): string {
  return alert.status === 'resolved' ? '' : clip(alert.cause?.explanation ?? '', longest);
}

/** gateway > checkout > payments */
export function pathOf(alert: Alert): string {
  return alert.cause?.path.join(' > ') ?? '';
}

export function titleOf(alert: Alert): string {
  return `${alert.plan.verification}: ${alert.verdict.requirement} ${alert.status === 'resolved' ? 'recovered' : stateWord(alert)}`;
}

/** What a person can open, the most useful first. */
export function namedLinks({ links }: Alert): readonly { readonly name: string; readonly url: string }[] {
  const named = [
    ['Report', links.report],
    ['Runbook', links.runbook],
    ['Trace', links.trace],
    ['Dashboard', links.dashboard],
  ] as const;
  return named.flatMap(([name, url]) => (url === undefined ? [] : [{ name, url }]));
}

/** Labels name an alert and stay equal from firing to resolved; values never belong here. */
export function labelsOf(alert: Alert): Readonly<Record<string, string>> {
  return {
    alertname: 'SLORequirementFailed',
    service: alert.plan.service,
    verification: alert.plan.verification,
    requirement: alert.verdict.requirement,
    environment: alert.plan.environment,
    severity: alert.verdict.priority === 'must' ? 'page' : 'ticket',
  };
}

export function clip(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

function stateWord(alert: Alert): string {
  return alert.event === 'fail' ? 'failed' : `is ${alert.event}`;
}
