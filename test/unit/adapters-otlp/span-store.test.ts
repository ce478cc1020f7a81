import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ingestJson, ingestProtobuf } from '../../../src/adapters/otlp/ingest.ts';
import { SpanStore } from '../../../src/adapters/otlp/span-store.ts';
import { writeOtlpProtobuf } from '../../../src/adapters/shared/otlp/write-protobuf.ts';
import type { SpanRecord } from '../../../src/core/model/trace-set.ts';
import { spanRecord } from '../../support/span-records.ts';

const prefix = 'aaaaaaaaaaaaaaaa';
const own = (number: number): string => prefix + number.toString(16).padStart(16, '0');
const other = (number: number): string => 'b'.repeat(16) + number.toString(16).padStart(16, '0');
const limits = { maxSpans: 10, maxBytes: 64 * 2 ** 20, maxSpansPerTrace: 1000 };

function trace(traceId: string, spans: number, given: Partial<SpanRecord> = {}): readonly SpanRecord[] {
  return Array.from({ length: spans }, (_, i) =>
    spanRecord({ traceId, spanId: (i + 1).toString(16).padStart(16, '0'), ...given }),
  );
}

function take(store: SpanStore, spans: readonly SpanRecord[]) {
  const ingested = ingestProtobuf(store, writeOtlpProtobuf(spans));
  assert.ok(ingested.ok);
  return ingested.value;
}

describe('the receiver’s store', () => {
  test('gives back the spans of a trace, whichever requests brought them', () => {
    const store = new SpanStore(limits, undefined);
    take(store, trace(own(1), 2));
    take(store, [spanRecord({ traceId: own(2) })]);
    take(store, [spanRecord({ traceId: own(1), spanId: 'f'.repeat(16), resource: { 'service.name': 'cart' } })]);
    const spans = store.spansOf(own(1));
    assert.deepEqual(
      spans.map((span) => span.spanId.at(-1)),
      ['1', '2', 'f'],
    );
    assert.deepEqual(
      spans.map((span) => span.resource['service.name']),
      ['checkout', 'checkout', 'cart'],
    );
    assert.deepEqual(store.spansOf(own(3)), []);
  });

  test('keeps what JSON brought as it keeps Protobuf', () => {
    const store = new SpanStore(limits, undefined);
    const span = {
      traceId: own(1),
      spanId: 'c'.repeat(16),
      name: 'x',
      startTimeUnixNano: '5',
      endTimeUnixNano: '9',
      attributes: [{ key: 'n', value: { intValue: '1' } }],
    };
    const ingested = ingestJson(
      store,
      JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span, { ...span, spanId: '' }] }] }] }),
    );
    assert.deepEqual(ingested.ok && [ingested.value.taken, ingested.value.refused], [1, 1]);
    assert.deepEqual(store.spansOf(own(1))[0]?.attributes, { n: 1 });
  });

  test('when full, drops whole traces of others first, oldest arrival first', () => {
    const store = new SpanStore(limits, prefix);
    take(store, trace(own(1), 3));
    take(store, trace(other(1), 3));
    take(store, trace(other(2), 3));
    take(store, trace(own(2), 3));
    assert.deepEqual(store.traceIds(), [own(2), own(1), other(2)]);
    take(store, trace(own(3), 3));
    assert.deepEqual(store.traceIds(), [own(3), own(2), own(1)]);
    take(store, trace(own(4), 3));
    assert.deepEqual(store.traceIds(), [own(4), own(3), own(2)]);
    assert.deepEqual(store.counts(), {
      heldSpans: 9,
      heldTraces: 3,
      heldBytes: store.counts().heldBytes,
      evictedSpans: 9,
      evictedTraces: 3,
    });
  });

  test('refuses spans of others when only the run’s own are left to drop', () => {
    const store = new SpanStore(limits, prefix);
    take(store, trace(own(1), 10));
    assert.deepEqual(take(store, trace(other(1), 2)), {
      taken: 0,
      refused: 2,
      message: 'the receiver is full of traces of its own run',
    });
    assert.deepEqual(store.traceIds(), [own(1)]);
  });

  test('never drops a trace to make room for its own next span', () => {
    const store = new SpanStore(limits, prefix);
    assert.equal(take(store, trace(own(1), 12)).refused, 2);
    assert.equal(store.spansOf(own(1)).length, 10);
  });

  test('takes so many spans of one trace and no more', () => {
    const store = new SpanStore({ ...limits, maxSpansPerTrace: 4 }, undefined);
    const { taken, refused, message } = take(store, trace(own(1), 6));
    assert.deepEqual([taken, refused], [4, 2]);
    assert.match(message, /more spans than/);
  });

  test('stays within its bytes, and gives buffers back', () => {
    const store = new SpanStore({ maxSpans: 1e6, maxBytes: 2 ** 20, maxSpansPerTrace: 1000 }, undefined);
    const attributes = { text: 'x'.repeat(1000) };
    for (let i = 0; i < 5000; i += 1) take(store, [spanRecord({ traceId: own(i), attributes })]);
    const { heldBytes, heldSpans, evictedSpans } = store.counts();
    assert.ok(heldBytes <= 2 ** 20 + 2 ** 18, `${heldBytes}`);
    assert.ok(heldSpans > 400 && heldSpans + evictedSpans === 5000, `${heldSpans}`);
    assert.equal(store.spansOf(own(4999))[0]?.attributes['text'], attributes.text);
  });

  test('holds a span larger than a buffer', () => {
    const store = new SpanStore(limits, undefined);
    const text = 'y'.repeat(600_000);
    take(store, [spanRecord({ traceId: own(1), attributes: { text } })]);
    take(store, [spanRecord({ traceId: own(2) })]);
    assert.equal(store.spansOf(own(1))[0]?.attributes['text'], text);
    assert.equal(store.spansOf(own(2)).length, 1);
  });

  test('takes all of a request or, when it is malformed, nothing', () => {
    const store = new SpanStore(limits, undefined);
    const body = Buffer.concat([writeOtlpProtobuf(trace(own(1), 2)), Buffer.from([0x0a, 0x7f])]);
    assert.ok(!ingestProtobuf(store, body).ok);
    assert.equal(store.counts().heldSpans, 0);
  });

  test('a resource lives as long as spans of it are held', () => {
    const store = new SpanStore({ ...limits, maxSpans: 2 }, undefined);
    for (let i = 0; i < 50; i += 1)
      take(store, [spanRecord({ traceId: own(i), resource: { 'service.name': `s${i % 3}` } })]);
    assert.deepEqual(
      store.traceIds().map((id) => store.spansOf(id)[0]?.resource['service.name']),
      ['s1', 's0'],
    );
  });

  test('another prefix may become the run’s', () => {
    const store = new SpanStore(limits, prefix);
    store.prefer('bbbb');
    take(store, trace(other(1), 5));
    take(store, trace(own(1), 5));
    take(store, trace(other(2), 5));
    assert.deepEqual(store.traceIds(), [other(2), other(1)]);
  });
});
