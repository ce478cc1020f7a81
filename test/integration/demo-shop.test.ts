// The demo shop: real processes, real traces, real faults, and nothing left behind.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, afterEach, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { FaultName } from '../../demo/faults.ts';
import { OWN_SERVICES } from '../../demo/kit/service-names.ts';
import { type Shop, startShop } from '../../demo/start-shop.ts';
import { type CapturedSpan, captureSpans, type SpanCapture } from '../support/capture-spans.ts';

const SERVER = 2;
const CLIENT = 3;
const ERROR = 2;
/** The shop exports spans every 300 ms; a busy machine takes longer. */
const EXPORT_MS = 900;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Reply {
  readonly status: number;
  readonly ms: number;
}

describe('demo shop', { timeout: 240_000 }, () => {
  let capture: SpanCapture;
  let shop: Shop;

  before(async () => {
    capture = await captureSpans();
    shop = await startShop({ fault: 'none', otlpEndpoint: capture.endpoint });
    await checkouts(10); // compiled code, open connections
  });
  after(async () => {
    await shop?.stop();
    await capture?.close();
  });
  afterEach(() => shop.setFault('none'));

  const checkout = async (headers: Record<string, string> = {}): Promise<Reply> => {
    const started = performance.now();
    const reply = await fetch(`${shop.gatewayUrl}/checkout`, { method: 'POST', headers });
    await reply.arrayBuffer();
    return { status: reply.status, ms: performance.now() - started };
  };

  /** So many checkouts, `concurrency` of them at a time. */
  const checkouts = async (count: number, concurrency = 1): Promise<readonly Reply[]> => {
    const replies: Reply[] = [];
    const worker = async (share: number): Promise<void> => {
      for (let i = 0; i < share; i += 1) replies.push(await checkout());
    };
    await Promise.all(Array.from({ length: concurrency }, () => worker(Math.ceil(count / concurrency))));
    return replies;
  };

  /** Replies and spans of checkouts made while the fault is on. */
  const underFault = async (
    fault: FaultName,
    count: number,
    concurrency = 1,
  ): Promise<{ readonly replies: readonly Reply[]; readonly spans: readonly CapturedSpan[] }> => {
    await shop.setFault(fault);
    const startedMs = Date.now();
    const replies = await checkouts(count, concurrency);
    await sleep(EXPORT_MS);
    return { replies, spans: capture.spans().filter((span) => span.startMs >= startedMs) };
  };

  test('one checkout is one connected trace over all services', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const { status } = await checkout({ traceparent: `00-${traceId}-b7ad6b7169203331-01` });
    assert.equal(status, 201);
    await sleep(EXPORT_MS);
    const trace = capture.spans().filter((span) => span.traceId === traceId);
    const byId = new Map(trace.map((span) => [span.spanId, span]));

    assert.deepEqual(servicesOf(trace, SERVER), [...OWN_SERVICES].sort());
    const outside = trace.filter((span) => !byId.has(span.parentSpanId));
    assert.deepEqual(
      outside.map((span) => `${span.service} ${span.parentSpanId}`),
      ['gateway b7ad6b7169203331'],
      'every span but the gateway entry has its parent in the trace',
    );

    const database = trace.filter((span) => span.attributes['db.system.name'] === 'sqlite');
    assert.deepEqual([...new Set(database.map((span) => span.name))].sort(), [
      'INSERT reservation',
      'SELECT stock',
      'UPDATE stock',
    ]);
    for (const span of database) {
      assert.equal(span.kind, CLIENT);
      assert.equal(span.service, 'inventory');
      assert.equal(span.attributes['db.namespace'], 'stock.db');
      assert.match(String(span.attributes['db.query.text']), /stock|reservation/);
    }

    const bank = trace.find((span) => span.attributes['service.peer.name'] === 'bank');
    assert.equal(bank?.service, 'payments');
    assert.ok(!trace.some((span) => span.parentSpanId === bank?.spanId), 'the bank sends no spans');
    const entry = trace.find((span) => span.service === 'checkout' && span.kind === SERVER);
    assert.equal(entry?.attributes['http.route'], '/checkout');
    assert.equal(entry?.name, 'POST /checkout');
    assert.ok(!trace.some((span) => span.status === ERROR));
  });

  test('the healthy shop is quick and makes no mistakes', async () => {
    const { replies, spans } = await underFault('none', 30, 2);
    assert.deepEqual([...new Set(replies.map((reply) => reply.status))], [201]);
    // About 95 ms on a quiet machine; the limit of slos/checkout.yaml is 400 ms.
    assert.ok(median(replies.map((reply) => reply.ms)) < 400, `median ${median(replies.map((reply) => reply.ms))} ms`);
    const selects = countPerParent(spans.filter((span) => span.name === 'SELECT stock'));
    assert.equal(Math.max(...selects), 1, 'one look-up per basket');
    assert.equal(Math.max(...attemptsPerParent(spans, 'bank')), 1, 'nothing is retried');
  });

  test('metrics carry the conventional names', async () => {
    const text = await (await fetch(shop.metricsUrls.checkout)).text();
    for (const name of [
      'http_server_request_duration_seconds_bucket',
      'http_server_active_requests',
      'http_client_open_connections',
      'http_client_connection_max',
      'http_client_connection_pending_requests',
      'http_client_retries_total',
      'nodejs_eventloop_delay_p99_seconds',
      'process_cpu_seconds_total',
      'nodejs_heap_size_used_bytes',
    ])
      assert.match(text, new RegExp(`^${name}\\{.*service_name="checkout"`, 'm'), name);
    assert.match(text, /http_route="\/checkout",http_response_status_code="201"/);
    const inventory = await (await fetch(shop.metricsUrls.inventory)).text();
    for (const name of ['count', 'max', 'pending_requests', 'wait_time_seconds_bucket'])
      assert.match(inventory, new RegExp(`^db_client_connection_${name}\\{`, 'm'), name);
  });

  test('the fault switch tells what is on and refuses what it does not know', async () => {
    await shop.setFault('error');
    const now = (await (await fetch(shop.adminUrl)).json()) as { fault: string; faults: Record<string, string> };
    assert.equal(now.fault, 'error');
    assert.ok('retry-storm' in now.faults);
    const refused = await fetch(shop.adminUrl, { method: 'POST', body: '{"fault":"gremlins"}' });
    assert.equal(refused.status, 400);
    assert.match(await refused.text(), /slow-dependency/);
  });

  test('slow-dependency: fraud itself takes longer', async () => {
    const { spans } = await underFault('slow-dependency', 20, 4);
    const scores = durations(spans, 'fraud', SERVER);
    assert.ok(scores.filter((ms) => ms > 150).length >= scores.length * 0.4, `scores took ${scores.join(', ')}`);
  });

  test('error: fraud fails with an exception, and everyone above says so', async () => {
    const { replies, spans } = await underFault('error', 60, 4);
    assert.ok(replies.some((reply) => reply.status === 502));
    assert.ok(replies.some((reply) => reply.status === 201));
    const broken = spans.filter((span) => span.service === 'fraud' && span.status === ERROR);
    assert.ok(broken.length > 0);
    for (const span of broken) assert.deepEqual(span.exceptions, ['ModelUnavailableError']);
    const failed = servicesOf(
      spans.filter((span) => span.status === ERROR),
      SERVER,
    );
    assert.deepEqual(failed, ['checkout', 'fraud', 'gateway', 'payments']);
  });

  test('n-plus-one: a query per basket line', async () => {
    const { spans } = await underFault('n-plus-one', 12, 3);
    const selects = countPerParent(spans.filter((span) => span.name === 'SELECT stock'));
    assert.ok(Math.max(...selects) >= 24, `queries per reservation: ${selects.join(', ')}`);
  });

  test('sequential-fanout: calls to pricing no longer overlap', async () => {
    const overlapping = (spans: readonly CapturedSpan[]): number => overlapsPerParent(spans, 'checkout');
    const healthy = await underFault('none', 6);
    assert.ok(overlapping(healthy.spans) > 0);
    const { spans } = await underFault('sequential-fanout', 6);
    assert.equal(overlapping(spans), 0);
  });

  test('pool-wait: client spans to pricing wait for a connection, server spans stay short', async () => {
    const { spans } = await underFault('pool-wait', 40, 20);
    const waits = gaps(spans, 'checkout', 'pricing').map((gap) => gap.pre);
    assert.ok(median(waits) > 60, `median wait ${median(waits)} ms`);
    assert.ok(median(durations(spans, 'pricing', SERVER)) < median(waits) + 60);
  });

  test('network-delay: the way to payments and back takes long, payments itself does not', async () => {
    const { spans } = await underFault('network-delay', 10, 2);
    const found = gaps(spans, 'checkout', 'payments');
    assert.ok(median(found.map((gap) => gap.pre)) > 50, 'there');
    assert.ok(median(found.map((gap) => gap.post)) > 50, 'and back');
    assert.ok(median(durations(spans, 'payments', SERVER)) < 150);
  });

  test('lock: reservations take turns', async () => {
    const { spans } = await underFault('lock', 40, 20);
    const updates = spans.filter((span) => span.name === 'UPDATE stock').sort((a, b) => a.startMs - b.startMs);
    for (const [i, update] of updates.entries()) {
      const before = updates[i - 1];
      if (before !== undefined) assert.ok(update.startMs >= before.startMs + before.durationMs - 2, 'no two at a time');
    }
    assert.ok(median(durations(spans, 'inventory', SERVER)) > 150, 'and wait for theirs');
  });

  test('cpu: a busy pricing keeps everyone waiting', async () => {
    const { spans } = await underFault('cpu', 24, 8);
    const waits = gaps(spans, 'checkout', 'pricing').map((gap) => gap.pre);
    assert.ok(quantile(waits, 0.9) > 100, `p90 wait ${quantile(waits, 0.9)} ms`);
  });

  test('cascading-timeout: callers give up while callees work on', async () => {
    const { replies, spans } = await underFault('cascading-timeout', 16, 4);
    await sleep(EXPORT_MS); // the abandoned work ends later than its callers
    assert.ok(replies.some((reply) => reply.status === 504));
    for (const [caller, callee] of [
      ['gateway', 'checkout'],
      ['checkout', 'payments'],
      ['payments', 'fraud'],
    ] as const) {
      const abandoned = gaps([...spans, ...capture.spans()], caller, callee).filter((gap) => gap.post < -20);
      assert.ok(abandoned.length > 0, `${caller} gives up on ${callee}`);
      assert.equal(abandoned[0]?.client.attributes['error.type'], 'ETIMEDOUT');
    }
  });

  test('retry-storm: three layers try again, and it multiplies', async () => {
    const { spans } = await underFault('retry-storm', 24, 12);
    assert.ok(mean(attemptsPerParent(spans, 'bank')) > 1.5);
    assert.ok(mean(attemptsPerParent(spans, 'payments')) > 1.15);
    const metrics = await (await fetch(shop.metricsUrls.payments)).text();
    assert.match(metrics, /http_client_retries_total\{peer="bank",service_name="payments"\} [1-9]/);
  });

  test('leak: cart remembers everything until the fault is off', async () => {
    const entries = async (): Promise<number> => {
      const text = await (await fetch(shop.metricsUrls.cart)).text();
      return Number(/^cart_audit_entries\{[^}]*\} (\d+)/m.exec(text)?.[1]);
    };
    await underFault('leak', 8, 4);
    const half = await entries();
    await checkouts(8, 4);
    assert.ok(half > 0);
    assert.ok((await entries()) > half);
    await shop.setFault('none');
    assert.equal(await entries(), 0);
  });

  test('metastable: a rush starts a storm that stays when the rush is over, and ends with the fault', async () => {
    const offer = async (perSecond: number, seconds: number): Promise<readonly Reply[]> => {
      const replies: Promise<Reply>[] = [];
      for (let i = 0; i < perSecond * seconds; i += 1) {
        replies.push(checkout());
        await sleep(1_000 / perSecond);
      }
      return Promise.all(replies);
    };
    const badShare = (replies: readonly Reply[]): number =>
      replies.filter((reply) => reply.status >= 500 || reply.ms > 1_000).length / replies.length;

    await shop.setFault('metastable');
    const calm = await offer(4, 13);
    await offer(16, 4);
    const afterwards = await offer(4, 4);
    assert.ok(badShare(calm) < 0.2, `before the rush ${badShare(calm)} were bad`);
    assert.ok(badShare(afterwards) > 0.8, `after the rush ${badShare(afterwards)} were bad`);
    await shop.setFault('none');
    await sleep(2_500); // attempts under way still have their time-outs
    assert.ok(badShare(await checkouts(10)) < 0.2, 'the shop recovers by itself');
  });

  test('stop ends every process, also when the parent is killed', async () => {
    const script = fileURLToPath(new URL('../../demo/shop.ts', import.meta.url));
    const args = [script, '--json', '--port', '0', '--otlp-endpoint', capture.endpoint];
    const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(parent.stdout.setEncoding('utf8'), 'data')) as [string];
    const other = JSON.parse(line) as Pick<Shop, 'gatewayUrl' | 'metricsUrls'>;
    const urls = [`${other.gatewayUrl}/products`, ...Object.values(other.metricsUrls)];
    assert.equal(await answering(urls), urls.length);
    parent.kill('SIGKILL');
    await untilNoneAnswers(urls);

    const own = [`${shop.gatewayUrl}/products`, ...Object.values(shop.metricsUrls)];
    assert.equal(await answering(own), own.length);
    const started = performance.now();
    await shop.stop();
    assert.ok(performance.now() - started < 4_500, 'nobody had to be killed');
    assert.equal(await answering(own), 0);
    shop = { ...shop, setFault: async () => undefined }; // it is gone: nothing for afterEach to switch
  });
});

describe('demo shop that cannot start', () => {
  test('says which process failed and why, and leaves nothing behind', async () => {
    const capture = await captureSpans();
    const taken = Number(new URL(capture.endpoint).port);
    await assert.rejects(
      startShop({ fault: 'none', otlpEndpoint: capture.endpoint, port: taken }),
      /gateway.*EADDRINUSE/s,
    );
    await capture.close();
  });

  test('stops within a moment of being told to', async () => {
    const signal = AbortSignal.timeout(150);
    await assert.rejects(startShop({ fault: 'none', otlpEndpoint: 'http://127.0.0.1:9', signal }), /did not start/);
  });
});

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const median = (values: readonly number[]): number => quantile(values, 0.5);
const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? Number.NaN;

const durations = (spans: readonly CapturedSpan[], service: string, kind: number): readonly number[] =>
  spans.filter((span) => span.service === service && span.kind === kind).map((span) => span.durationMs);

const servicesOf = (spans: readonly CapturedSpan[], kind: number): readonly string[] =>
  [...new Set(spans.filter((span) => span.kind === kind).map((span) => span.service))].sort();

const countPerParent = (spans: readonly CapturedSpan[]): readonly number[] =>
  [...Map.groupBy(spans, (span) => span.parentSpanId).values()].map((siblings) => siblings.length);

/** How many calls to the peer each request makes. */
function attemptsPerParent(spans: readonly CapturedSpan[], peer: 'bank' | 'payments'): readonly number[] {
  const path = peer === 'bank' ? '/charge' : '/payments';
  return countPerParent(spans.filter((span) => span.kind === CLIENT && span.attributes['url.path'] === path));
}

interface Gap {
  readonly client: CapturedSpan;
  readonly pre: number;
  readonly post: number;
}

/** The client span's time before and after the server span it led to. */
function gaps(spans: readonly CapturedSpan[], caller: string, callee: string): readonly Gap[] {
  const servers = new Map(
    spans.filter((span) => span.kind === SERVER && span.service === callee).map((span) => [span.parentSpanId, span]),
  );
  return spans.flatMap((client) => {
    const server = client.service === caller ? servers.get(client.spanId) : undefined;
    if (server === undefined) return [];
    const pre = server.startMs - client.startMs;
    return [{ client, pre, post: client.durationMs - server.durationMs - pre }];
  });
}

/** Pairs of a service's calls to pricing, neighbours under one parent, of which the second begins before the first ends. */
function overlapsPerParent(spans: readonly CapturedSpan[], service: string): number {
  const calls = spans.filter((span) => span.kind === CLIENT && span.service === service);
  let overlaps = 0;
  for (const siblings of Map.groupBy(calls, (span) => span.parentSpanId).values()) {
    siblings.sort((a, b) => a.startMs - b.startMs);
    siblings.forEach((span, i) => {
      const before = siblings[i - 1];
      // Start times are whole milliseconds.
      if (before !== undefined && span.startMs < before.startMs + before.durationMs - 2) overlaps += 1;
    });
  }
  return overlaps;
}

async function answering(urls: readonly string[]): Promise<number> {
  const answers = await Promise.all(
    urls.map((url) =>
      fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
        (reply) => reply.arrayBuffer().then(() => true),
        () => false,
      ),
    ),
  );
  return answers.filter(Boolean).length;
}

async function untilNoneAnswers(urls: readonly string[]): Promise<void> {
  const end = performance.now() + 6_000;
  let left = await answering(urls);
  while (left > 0 && performance.now() < end) {
    await sleep(100);
    left = await answering(urls);
  }
  assert.equal(left, 0, 'processes are left without a parent');
}
