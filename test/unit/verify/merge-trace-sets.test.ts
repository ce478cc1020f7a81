// Spans of one trace from several places come together as one tree.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sample } from '../../../src/core/model/load.ts';
import { recordsOf } from '../../../src/core/model/records-of.ts';
import { spansOf } from '../../../src/core/model/span-view.ts';
import { missingParent, rootParent, type SpanRecord } from '../../../src/core/model/trace-set.ts';
import { traceSet } from '../../../src/core/model/trace-set-builder.ts';
import { millis, unixMillis } from '../../../src/core/model/units.ts';
import { clientSpans } from '../../../src/verify/client-spans.ts';
import { mergeTraceSets } from '../../../src/verify/merge-trace-sets.ts';

const traceId = 'a'.repeat(32);
const span = (fields: Partial<SpanRecord>): SpanRecord => ({
  traceId,
  spanId: '00000000000000b1',
  name: 'POST /checkout',
  kind: 2,
  status: 0,
  startUnixNanos: 1_700_000_000_000_000_000n,
  endUnixNanos: 1_700_000_000_050_000_000n,
  resource: { 'service.name': 'gateway' },
  attributes: { 'http.route': '/checkout' },
  ...fields,
});
const sample: Sample = {
  traceId,
  spanId: '00000000000000a1',
  sampled: true,
  scenario: 'buy',
  step: 'POST /checkout',
  phase: 'peak',
  scheduledAt: millis(0),
  sentAt: millis(0),
  endedAt: millis(60),
  outcome: { kind: 'reply', status: 200, good: true },
};

test('the server span finds the client span that it was called by', () => {
  const server = traceSet([span({ parentSpanId: sample.spanId })]);
  assert.equal(server.parent[0], missingParent);
  const merged = mergeTraceSets([server, clientSpans([sample], unixMillis(1_700_000_000_000))]);
  const [root, entry] = spansOf(merged, 0);
  assert.equal(root?.service, 'faultline');
  assert.equal(root?.parent, rootParent);
  assert.equal(entry?.service, 'gateway');
  assert.equal(entry?.parent, root?.index);
});

test('a span that comes twice is kept once, as the set has it that knows more', () => {
  const short = traceSet([span({ attributes: {} })]);
  const long = traceSet([span({})]);
  for (const sets of [
    [short, long],
    [long, short],
  ]) {
    const merged = mergeTraceSets(sets);
    assert.deepEqual(
      spansOf(merged, 0).map((each) => each.attributes),
      [{ 'http.route': '/checkout' }],
    );
    assert.equal(merged.repeated, 0);
  }
});

test('halves of one call that share an id come together, from whichever sets, and stay so', () => {
  const client = span({ kind: 3, resource: { 'service.name': 'shop' } });
  const server = span({});
  const query = span({ spanId: '00000000000000c1', parentSpanId: '00000000000000b1', name: 'SELECT', kind: 3 });
  const whole = traceSet([client, server, query]);
  for (const sets of [
    [traceSet([client]), traceSet([server, query])],
    [traceSet([server, query]), traceSet([client])],
    [whole, traceSet([server, query])],
    [traceSet([query, server]), whole],
  ]) {
    const merged = mergeTraceSets(sets);
    assert.deepEqual(
      spansOf(merged, 0).map(({ service, name, parent }) => [service, name, parent]),
      spansOf(whole, 0).map(({ service, name, parent }) => [service, name, parent]),
    );
    assert.equal(merged.repeated, 0);
  }
});

test('a set taken apart and put together again is the same', () => {
  const set = traceSet([
    span({ parentSpanId: '00000000000000ff' }),
    span({
      spanId: '00000000000000b2',
      parentSpanId: '00000000000000b1',
      links: [{ traceId: 'b'.repeat(32), spanId: 'c'.repeat(16) }],
    }),
  ]);
  assert.deepEqual(traceSet(recordsOf(set)), set);
});
