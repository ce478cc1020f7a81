// In observe mode the entry spans of the traces found stand for the requests that nobody here sent.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SpanRecord, spanKind, spanStatus } from '../../../src/core/model/trace-set.ts';
import { traceSet } from '../../../src/core/model/trace-set-builder.ts';
import { unixMillis } from '../../../src/core/model/units.ts';
import { prepareTraces } from '../../../src/core/trace/prepare/prepared-traces.ts';
import { searchedSamples } from '../../../src/verify/searched-samples.ts';

const windowStart = unixMillis(1_700_000_000_000);
const window = { start: windowStart, end: unixMillis(windowStart + 60_000) };

const span = (fields: Partial<SpanRecord>): SpanRecord => ({
  traceId: 'a'.repeat(32),
  spanId: '00000000000000b1',
  name: 'POST /checkout',
  kind: spanKind.server,
  status: spanStatus.unset,
  startUnixNanos: 1_700_000_002_000_000_000n,
  endUnixNanos: 1_700_000_002_050_000_000n,
  resource: { 'service.name': 'gateway' },
  attributes: { 'http.response.status_code': 200 },
  ...fields,
});

test('the first server span of a trace is a request, timed from the start of the window', () => {
  const set = traceSet([
    span({}),
    span({ spanId: '00000000000000c1', parentSpanId: '00000000000000b1', name: 'SELECT', kind: spanKind.client }),
  ]);
  const [sample, ...others] = searchedSamples(prepareTraces(set), window);
  assert.equal(others.length, 0);
  assert.deepEqual(
    [sample?.step, sample?.scheduledAt, sample?.sentAt, sample?.endedAt, sample?.spanId],
    ['POST /checkout', 2000, 2000, 2050, '00000000000000b1'],
  );
  assert.deepEqual(sample?.outcome, { kind: 'reply', status: 200, good: true });
});

test('a consumer span begins a request as well; a trace with neither is left out', () => {
  const set = traceSet([
    span({ kind: spanKind.consumer, name: 'orders receive' }),
    span({ traceId: 'b'.repeat(32), kind: spanKind.internal }),
  ]);
  assert.deepEqual(
    searchedSamples(prepareTraces(set), window).map(({ step }) => step),
    ['orders receive'],
  );
});

test('an entry span in error is a request that was not good, whatever its status code', () => {
  const [sample] = searchedSamples(
    prepareTraces(traceSet([span({ status: spanStatus.error, attributes: {} })])),
    window,
  );
  assert.deepEqual(sample?.outcome, { kind: 'reply', status: 0, good: false });
});

for (const attributes of [
  { 'http.response.status_code': 503 },
  { 'http.status_code': 503 },
  { 'rpc.grpc.status_code': 13 },
  { error: true },
  { 'otel.status_code': 'ERROR' },
]) {
  test(`an entry span with ${JSON.stringify(attributes)} is a request that was not good, without a status of its own`, () => {
    const [sample] = searchedSamples(prepareTraces(traceSet([span({ attributes })])), window);
    assert.ok(sample?.outcome.kind === 'reply');
    assert.equal(sample.outcome.good, false);
    const status = Object.keys(attributes).some((key) => key.startsWith('http')) ? 503 : 0;
    assert.equal(sample.outcome.status, status);
  });
}
