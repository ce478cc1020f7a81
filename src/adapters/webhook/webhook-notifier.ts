// Posts an alert to a webhook in the receiver's own format.
import type { Alert } from '../../core/model/alert.ts';
import { assertNever, err, ok, type Result } from '../../core/model/result.ts';
import type { NotificationTarget, WebhookFormat } from '../../core/model/verification.ts';
import type { Notifier, NotifyError } from '../../ports/notifier.ts';
import { alertmanagerPayload, grafanaPayload } from './formats/alertmanager.ts';
import { cloudEvent } from './formats/cloudevents.ts';
import { githubDispatch } from './formats/github.ts';
import { pagerDutyEvent } from './formats/pagerduty.ts';
import { slackMessage } from './formats/slack.ts';
import { keysOf, signatureOf } from './standard-webhooks.ts';

export interface WebhookOptions {
  /** Reads the secret that a target names; the value is never kept nor logged. */
  readonly secret: (name: string) => string | undefined;
  readonly now: () => number;
}

export function webhookNotifier(options: WebhookOptions): Notifier {
  return {
    send: async (alert, { signal }) => {
      const request = requestFor(alert, options);
      if (!request.ok) return err({ kind: 'misconfigured', message: request.error, retryable: false });
      try {
        const response = await fetch(alert.target.url, {
          method: 'POST',
          redirect: 'manual',
          signal,
          ...request.value,
        });
        await response.body?.cancel();
        return judgeReply(alert, response, options.now());
      } catch (cause) {
        const isTimeout = cause instanceof Error && (cause.name === 'TimeoutError' || cause.name === 'AbortError');
        const message = `${alert.target.name}: ${isTimeout ? 'no answer in time' : reasonOf(cause)}`;
        return err({ kind: isTimeout ? 'timeout' : 'unreachable', message, retryable: true });
      }
    },
  };
}

/** Why nothing can ever be sent to a target, whatever the receiver does; undefined when that is not so. Neither address nor secret is repeated. */
export function targetProblem(target: NotificationTarget, options: Pick<WebhookOptions, 'secret'>): string | undefined {
  const secret = secretOf(target, options);
  return secret.ok ? undefined : secret.error;
}

/** What the target's format needs; undefined where it needs none and none is named. */
function secretOf(
  { name, url, format, secretEnv }: NotificationTarget,
  options: Pick<WebhookOptions, 'secret'>,
): Result<string | undefined, string> {
  if (!URL.canParse(url)) return err(`${name}: its faultline/url is not a URL`);
  const secret = secretEnv === undefined ? undefined : options.secret(secretEnv);
  if (secretEnv !== undefined && (secret === undefined || secret === ''))
    return err(`${name}: the environment variable ${secretEnv} that holds its secret is not set`);
  const ownKey = ownKeys[format];
  if (ownKey !== undefined)
    return secret === undefined
      ? err(`${name}: format ${format} needs faultline/secretEnv to name the variable with ${ownKey}`)
      : ok(secret);
  const keys = secret === undefined || format === 'slack' ? ok([]) : keysOf(secret);
  return keys.ok ? ok(secret) : err(`${name}: ${keys.error}`);
}

/** Formats whose secret is the receiver's own key, and not one to sign with. */
const ownKeys: Readonly<Partial<Record<WebhookFormat, string>>> = {
  pagerduty: 'the routing key',
  github: 'a token',
};

interface WebhookRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Every format is signed when the target names a secret, but those whose secret is the receiver's own key, and Slack's, which reads no signature. */
function requestFor(alert: Alert, options: WebhookOptions): Result<WebhookRequest, string> {
  const secret = secretOf(alert.target, options);
  if (!secret.ok) return secret;
  const headers = { 'content-type': 'application/json', 'user-agent': 'faultline' };
  const { format } = alert.target;
  switch (format) {
    case 'cloudevents':
      return sign(
        alert,
        JSON.stringify(cloudEvent(alert)),
        { ...headers, 'content-type': 'application/cloudevents+json' },
        secret.value,
        options,
      );
    case 'alertmanager':
      return sign(alert, JSON.stringify(alertmanagerPayload(alert)), headers, secret.value, options);
    case 'grafana':
      return sign(alert, JSON.stringify(grafanaPayload(alert)), headers, secret.value, options);
    case 'slack':
      return ok({ headers, body: JSON.stringify(slackMessage(alert)) });
    case 'pagerduty':
      return ok({ headers, body: JSON.stringify(pagerDutyEvent(alert, secret.value ?? '')) });
    case 'github':
      return ok({
        headers: {
          ...headers,
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${secret.value ?? ''}`,
        },
        body: JSON.stringify(githubDispatch(alert)),
      });
    default:
      return assertNever(format);
  }
}

function sign(
  alert: Alert,
  body: string,
  headers: Readonly<Record<string, string>>,
  secret: string | undefined,
  options: WebhookOptions,
): Result<WebhookRequest, string> {
  const timestamp = Math.floor(options.now() / 1000);
  const identity = { 'webhook-id': alert.id, 'webhook-timestamp': String(timestamp) };
  if (secret === undefined) return ok({ headers: { ...headers, ...identity }, body });
  const signature = signatureOf(secret, { id: alert.id, timestamp, body });
  if (!signature.ok) return err(`${alert.target.name}: ${signature.error}`);
  return ok({ headers: { ...headers, ...identity, 'webhook-signature': signature.value }, body });
}

/** 2xx is success; 410 means never again; 408, 425, 429 and 5xx are worth another try; redirects are not followed. */
function judgeReply(alert: Alert, response: Response, now: number): Result<void, NotifyError> {
  const { status } = response;
  if (status >= 200 && status < 300) return ok(undefined);
  const message = `${alert.target.name}: the receiver answered ${status}`;
  if (status === 410) return err({ kind: 'gone', message, retryable: false });
  const retryable = status >= 500 || status === 408 || status === 425 || status === 429;
  const retryAfterMs = retryAfterOf(response, now);
  return err({ kind: 'refused', message, retryable, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}

/** Seconds or a date (RFC 9110, 10.2.3), as ms from now; a date that is over asks for nothing. Undefined for what is neither. */
function retryAfterOf(response: Response, now: number): number | undefined {
  const text = response.headers.get('retry-after') ?? '';
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** The URL is left out: webhook URLs are secrets. */
function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return inner instanceof Error && 'code' in inner ? String(inner.code) : 'the receiver could not be reached';
}
