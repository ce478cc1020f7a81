// The product's own spans, sent to the embedded receiver as to any other endpoint.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type OtlpReceiver, otlpReceiver } from '../../src/adapters/otlp/receiver.ts';
import { noRunTelemetry, otlpRunTelemetry } from '../../src/adapters/telemetry/run-telemetry.ts';
import type { Sample } from '../../src/core/model/load.ts';
import type { RunPlan } from '../../src/core/model/run.ts';
import { spansOf } from '../../src/core/model/span-view.ts';
import { type Span, spanStatus } from '../../src/core/model/trace-set.ts';
import { millis, unixMillis } from '../../src/core/model/units.ts';
import { freePorts } from '../support/peers/start-peer.ts';

const plan = { runId: 'run-1', verification: 'shop' } as RunPlan;
const sample: Sample = {
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  sampled: true,
  scenario: 'buy',
  step: 'POST /checkout',
  phase: 'load',
  scheduledAt: millis(1000),
  sentAt: millis(1001.5),
  endedAt: millis(1101.5),
  outcome: { kind: 'reply', status: 500, good: false },
};

async function receiver(): Promise<OtlpReceiver> {
  const opened = await otlpReceiver({ host: '127.0.0.1', httpPort: 0 });
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

async function allSpans(source: OtlpReceiver): Promise<readonly Span[]> {
  const window = { start: unixMillis(0), end: unixMillis(Date.now() + 60_000) };
  const found = await source.search(
    { window, limit: 100 },
    { timeout: millis(5000), signal: new AbortController().signal },
  );
  assert.ok(found.ok);
  return found.value.traceIds.flatMap((_id, trace) => spansOf(found.value, trace));
}

describe('the telemetry of a run', () => {
  test('has a span for each stage within the span of the run', async () => {
    const end = await receiver();
    const telemetry = otlpRunTelemetry({ endpoint: end.endpoint });
    const given = await telemetry.stage('faultline.run', async () => {
      await telemetry.stage('faultline.load', async () => undefined);
      return telemetry.stage('faultline.judge', async () => 42);
    });
    assert.equal(given, 42);
    await telemetry.flush();
    const spans = await allSpans(end);
    await end.close();
    const run = spans.find((span) => span.name === 'faultline.run');
    assert.deepEqual(
      new Set(spans.map((span) => span.name)),
      new Set(['faultline.run', 'faultline.load', 'faultline.judge']),
    );
    assert.equal(run?.parent, -1);
    assert.ok(spans.every((span) => span.service === 'faultline' && span.traceId === run?.traceId));
    assert.ok(spans.every((span) => span === run || span.parent === run?.index));
  });

  test('a stage that throws marks its span, and throws on', async () => {
    const end = await receiver();
    const telemetry = otlpRunTelemetry({ endpoint: `${end.endpoint}/` });
    await assert.rejects(
      telemetry.stage('faultline.observe', async () => {
        throw new TypeError('no');
      }),
      /no/,
    );
    await telemetry.flush();
    const [span] = await allSpans(end);
    await end.close();
    assert.deepEqual([span?.status, span?.attributes['exception.type']], [spanStatus.error, 'TypeError']);
  });

  test('sends the client spans of sampled requests under the ids that were sent, with their true times', async () => {
    const end = await receiver();
    const telemetry = otlpRunTelemetry({ endpoint: end.endpoint });
    telemetry.clientSpans(plan, unixMillis(1_700_000_000_000), [
      sample,
      { ...sample, spanId: 'c'.repeat(16), sampled: false },
    ]);
    await telemetry.flush();
    const found = await end.byIds([sample.traceId], { timeout: millis(5000), signal: new AbortController().signal });
    await end.close();
    assert.ok(found.ok);
    assert.equal(found.value.startUnixNanos[0], 1_700_000_001_001_500_000n);
    const [span, ...others] = spansOf(found.value, 0);
    assert.equal(others.length, 0);
    assert.deepEqual(
      [span?.spanId, span?.name, span?.kind, span?.status, span?.end, span?.service],
      [sample.spanId, 'POST /checkout', 3, spanStatus.error, 100e6, 'faultline'],
    );
    assert.deepEqual(
      [span?.attributes['http.response.status_code'], span?.attributes['faultline.run']],
      [500, 'run-1'],
    );
  });

  test('of two runs at one time goes to each one’s own endpoint', async () => {
    const [one, two] = [await receiver(), await receiver()];
    const first = otlpRunTelemetry({ endpoint: one.endpoint });
    const second = otlpRunTelemetry({ endpoint: two.endpoint });
    await Promise.all([first.stage('first', async () => undefined), second.stage('second', async () => undefined)]);
    await Promise.all([first.flush(), second.flush()]);
    assert.deepEqual(
      (await allSpans(one)).map((span) => span.name),
      ['first'],
    );
    assert.deepEqual(
      (await allSpans(two)).map((span) => span.name),
      ['second'],
    );
    await Promise.all([one.close(), two.close()]);
  });

  test('without anybody at the endpoint, the run goes on and flush ends in time', async () => {
    const [port] = await freePorts(1);
    const telemetry = otlpRunTelemetry({ endpoint: `http://127.0.0.1:${port}` });
    assert.equal(await telemetry.stage('faultline.run', async () => 1), 1);
    telemetry.clientSpans(plan, unixMillis(0), [sample]);
    const began = performance.now();
    await telemetry.flush();
    assert.ok(performance.now() - began < 5500);
  });

  test('switched off, does nothing but the work', async () => {
    assert.equal(await noRunTelemetry.stage('x', async () => 7), 7);
    noRunTelemetry.clientSpans(plan, unixMillis(0), [sample]);
    await noRunTelemetry.flush();
  });
});
