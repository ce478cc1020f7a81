// A receiver of signed webhooks that checks Standard Webhooks signatures by itself, with nothing of ours.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedWebhook {
  readonly id: string;
  readonly isSigned: boolean;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface WebhookReceiver {
  readonly url: string;
  /** For the service's environment: whsec_ and base64. */
  readonly secret: string;
  readonly received: readonly ReceivedWebhook[];
  readonly stop: () => Promise<void>;
}

/** Answers 204 to everything; a delivery is `isSigned` when its signature is right and its time is within five minutes of now. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const key = Buffer.from('a secret of thirty-two bytes ....');
  const received: ReceivedWebhook[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const id = String(request.headers['webhook-id']);
      received.push({ id, isSigned: isSigned(request.headers, text, key), body: JSON.parse(text) });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    secret: `whsec_${key.toString('base64')}`,
    received,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** https://github.com/standard-webhooks/standard-webhooks: HMAC-SHA256 over id.timestamp.body, base64, after "v1,". */
function isSigned(headers: IncomingHttpHeaders, body: string, key: Buffer): boolean {
  const seconds = Number(headers['webhook-timestamp']);
  if (!(Math.abs(Date.now() / 1000 - seconds) < 300)) return false;
  const wanted = createHmac('sha256', key).update(`${headers['webhook-id']}.${seconds}.${body}`).digest();
  return String(headers['webhook-signature'])
    .split(' ')
    .filter((each) => each.startsWith('v1,'))
    .map((each) => Buffer.from(each.slice(3), 'base64'))
    .some((given) => given.length === wanted.length && timingSafeEqual(given, wanted));
}
