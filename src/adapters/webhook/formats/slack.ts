// Slack incoming webhook with blocks; the text is the fallback for notifications.
import type { Alert } from '../../../core/model/alert.ts';
import { causeOf, clip, namedLinks, pathOf, summaryOf, titleOf } from './alert-text.ts';

const longestHeader = 150;
const longestField = 1_900;

export function slackMessage(alert: Alert): unknown {
  const mark = alert.status === 'resolved' ? '✅' : '🔴';
  const cause = causeOf(alert);
  const path = pathOf(alert);
  const where = alert.status === 'resolved' || path === '' ? [] : [field(`*Where* ${escapeText(path)}`)];
  const links = namedLinks(alert);
  return {
    text: escapeText(summaryOf(alert)),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: clip(`${mark} ${titleOf(alert)}`, longestHeader) } },
      {
        type: 'section',
        fields: [
          field(escapeText(alert.verdict.explanation)),
          field(`*Rule* ${escapeText(alert.verdict.rule)}`),
          ...where,
        ],
      },
      ...(cause === '' ? [] : [{ type: 'section', text: field(escapeText(cause)) }]),
      ...(links.length === 0
        ? []
        : [
            {
              type: 'actions',
              elements: links.map(({ name, url }) => ({
                type: 'button',
                text: { type: 'plain_text', text: name },
                url,
              })),
            },
          ]),
      {
        type: 'context',
        elements: [field(escapeText(`run ${alert.plan.runId} | ${alert.plan.service} in ${alert.plan.environment}`))],
      },
    ],
  };
}

const field = (text: string): unknown => ({ type: 'mrkdwn', text: clip(text, longestField) });

/** Slack's three control characters. */
const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
