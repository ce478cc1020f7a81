// Deliveries to a real HTTP receiver on loopback: what it gets, and what its answers do.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { targetProblem, webhookNotifier } from '../../src/adapters/webhook/webhook-notifier.ts';
import type { WebhookFormat } from '../../src/core/model/verification.ts';
import { alertWith } from '../support/alert-builder.ts';

let server: Server;
let url = '';
let answer: { status: number; headers?: Record<string, string> } = { status: 204 };
const received: { headers: IncomingHttpHeaders; body: string }[] = [];

before(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(answer.status, answer.headers ?? {}).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});
after(() => {
  server.close();
  server.closeAllConnections();
});

const key = Buffer.alloc(32, 5);
const secrets: Readonly<Record<string, string>> = {
  HOOK_SECRET: `whsec_${key.toString('base64')}`,
  HOOK_WORDS: 'whsec_no-base64-but-of-a-length-that-would-do',
};
const secret = (name: string): string | undefined => secrets[name];
const notifier = webhookNotifier({ secret, now: () => 1_700_000_000_500 });
const send = (format: WebhookFormat, secretEnv?: string) =>
  notifier.send(
    alertWith({ target: { name: 'oncall', url, format, ...(secretEnv === undefined ? {} : { secretEnv }) } }),
    {
      signal: AbortSignal.timeout(5_000),
    },
  );

test('a CloudEvent is signed over exactly the bytes that arrive', async () => {
  answer = { status: 204 };
  assert.deepEqual(await send('cloudevents', 'HOOK_SECRET'), { ok: true, value: undefined });
  const last = received.at(-1);
  assert.ok(last);
  assert.equal(last.headers['content-type'], 'application/cloudevents+json');
  const event = JSON.parse(last.body);
  assert.equal(event.specversion, '1.0');
  assert.equal(event.id, last.headers['webhook-id']);
  assert.equal(event.type, 'faultline.requirement.failed.v1');
  assert.equal(event.data.requirement.id, 'CHK-01');
  assert.equal(last.headers['webhook-timestamp'], '1700000000');
  const wanted = createHmac('sha256', key).update(`${event.id}.1700000000.${last.body}`).digest('base64');
  assert.equal(last.headers['webhook-signature'], `v1,${wanted}`);
  assert.ok(last.body.length < 20_000);
});

const shapes: readonly (readonly [WebhookFormat, object])[] = [
  ['alertmanager', { version: '4', status: 'firing', alerts: [{ labels: { requirement: 'CHK-01' } }] }],
  ['grafana', { version: '1', state: 'alerting' }],
  ['slack', { blocks: [{ type: 'header' }, { type: 'section' }] }],
];
for (const [format, wanted] of shapes) {
  test(`format ${format} has the receiver's shape`, async () => {
    answer = { status: 200 };
    assert.ok((await send(format)).ok);
    const body: object = JSON.parse(received.at(-1)?.body ?? '{}');
    assert.partialDeepStrictEqual(body, wanted);
  });
}

for (const [status, kind, retryable] of [
  [500, 'refused', true],
  [429, 'refused', true],
  [404, 'refused', false],
  [302, 'refused', false],
  [410, 'gone', false],
] as const) {
  test(`an answer ${status} is ${kind}, ${retryable ? 'worth another try' : 'final'}`, async () => {
    answer = { status, headers: { 'retry-after': '7', location: 'http://127.0.0.1:1/' } };
    const sent = await send('cloudevents');
    assert.ok(!sent.ok);
    assert.equal(sent.error.kind, kind);
    assert.equal(sent.error.retryable, retryable);
    assert.equal(sent.error.retryAfterMs, status === 410 ? undefined : 7_000);
  });
}

for (const [asked, wanted] of [
  ['Tue, 14 Nov 2023 22:15:20 GMT', 119_500],
  ['Tue, 14 Nov 2023 22:00:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
] as const) {
  test(`Retry-After "${asked}" means ${wanted === undefined ? 'nothing' : `${wanted} ms`}`, async () => {
    answer = { status: 503, headers: { 'retry-after': asked } };
    const sent = await send('slack');
    assert.ok(!sent.ok);
    assert.equal(sent.error.retryAfterMs, wanted);
  });
}

test('a receiver that is down is worth another try, and its address stays secret', async () => {
  const target = { name: 'oncall', url: 'http://127.0.0.1:1/secret-path', format: 'slack' as const };
  const sent = await notifier.send(alertWith({ target }), { signal: AbortSignal.timeout(5_000) });
  assert.ok(!sent.ok && sent.error.retryable);
  assert.ok(!sent.error.message.includes('secret-path'));
});

for (const [what, target, wanted] of [
  ['a secret that is not set', { secretEnv: 'UNSET_SECRET' }, /UNSET_SECRET .* is not set/],
  ['a secret that is no base64', { secretEnv: 'HOOK_WORDS' }, /it is no base64/],
  ['PagerDuty without a key', { format: 'pagerduty' }, /the variable with the routing key/],
  ['GitHub without a token', { format: 'github' }, /the variable with a token/],
  ['an address that is none', { url: 'http://a b/' }, /faultline\/url is not a URL/],
] as const) {
  test(`${what} is a mistake of the configuration that is known beforehand, and nothing is sent`, async () => {
    const count = received.length;
    const alert = alertWith({ target: { name: 'oncall', url, format: 'cloudevents', ...target } });
    const sent = await notifier.send(alert, { signal: AbortSignal.timeout(5_000) });
    assert.ok(!sent.ok && sent.error.kind === 'misconfigured');
    assert.match(sent.error.message, wanted);
    assert.equal(targetProblem(alert.target, { secret }), sent.error.message);
    assert.equal(received.length, count);
  });
}

test('a target that can be sent to has no problem', () => {
  for (const target of [{ format: 'slack' }, { format: 'cloudevents', secretEnv: 'HOOK_SECRET' }] as const)
    assert.equal(targetProblem({ name: 'oncall', url, ...target }, { secret }), undefined);
});
