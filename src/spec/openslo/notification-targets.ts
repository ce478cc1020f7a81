// OpenSLO notification targets that alerts can really be sent to: `target: webhook` with an address in the annotations.
import type { NotificationTarget, WebhookFormat } from '../../core/model/verification.ts';
import type { OpenSloDocuments } from './openslo-documents.ts';

export const webhookFormats: readonly WebhookFormat[] = [
  'cloudevents',
  'alertmanager',
  'slack',
  'pagerduty',
  'grafana',
  'github',
];

/** Targets with `faultline/url`; those without cannot be sent to and are left out. */
export function notificationTargets(openslo: OpenSloDocuments): readonly NotificationTarget[] {
  return [...openslo.targets.values()].flatMap(({ metadata }) => {
    const url = metadata.annotations['faultline/url'];
    if (url === undefined) return [];
    const secretEnv = metadata.annotations['faultline/secretEnv'];
    const format = webhookFormats.find((known) => known === metadata.annotations['faultline/format']) ?? 'cloudevents';
    return [{ name: metadata.name, url, format, ...(secretEnv === undefined ? {} : { secretEnv }) }];
  });
}
