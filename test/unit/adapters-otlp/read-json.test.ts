import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readOtlpJson } from '../../../src/adapters/shared/otlp/read-json.ts';
import type { SpanRecord } from '../../../src/core/model/trace-set.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const plain = {
  traceId,
  spanId,
  name: 'x',
  kind: 2,
  startTimeUnixNano: '1700000000000000001',
  endTimeUnixNano: '1700000000000000009',
};

function request(...spans: readonly unknown[]): unknown {
  return { resourceSpans: [{ resource: {}, scopeSpans: [{ spans }] }] };
}

function onlySpan(span: unknown): SpanRecord {
  const read = readOtlpJson(request(span));
  assert.ok(read.ok);
  assert.equal(read.value.refused, 0, read.value.firstRefusal);
  return read.value.spans[0] as SpanRecord;
}

describe('OTLP/JSON', () => {
  test('reads a span with its resource, kind, status, times and parent', () => {
    const read = readOtlpJson({
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'cart' } }] },
          scopeSpans: [
            {
              scope: { name: 'lib' },
              spans: [{ ...plain, parentSpanId: '00f067aa0ba902b7', status: { code: 2, message: 'no' } }],
            },
          ],
        },
      ],
    });
    assert.deepEqual(read.ok && read.value.spans, [
      {
        traceId,
        spanId,
        parentSpanId: '00f067aa0ba902b7',
        name: 'x',
        kind: 2,
        status: 2,
        startUnixNanos: 1_700_000_000_000_000_001n,
        endUnixNanos: 1_700_000_000_000_000_009n,
        resource: { 'service.name': 'cart' },
        attributes: {},
      },
    ]);
  });

  const same: readonly (readonly [string, unknown])[] = [
    ['ids in upper case', { ...plain, traceId: traceId.toUpperCase(), spanId: spanId.toUpperCase() }],
    ['ids in base64, as Protobuf writes bytes', { ...plain, ...base64Ids() }],
    ['the kind by its name', { ...plain, kind: 'SPAN_KIND_SERVER' }],
    ['the kind by its short name', { ...plain, kind: 'server' }],
    ['the kind as text', { ...plain, kind: '2' }],
    [
      'field names in snake case',
      {
        trace_id: traceId,
        span_id: spanId,
        name: 'x',
        kind: 2,
        start_time_unix_nano: plain.startTimeUnixNano,
        end_time_unix_nano: plain.endTimeUnixNano,
      },
    ],
    ['an empty or zero parent as none', { ...plain, parentSpanId: '' }],
    ['a parent of zeros as none', { ...plain, parentSpanId: '0000000000000000' }],
    ['unknown fields', { ...plain, flags: 257, traceState: 'a=b', somethingNew: { deep: [1] } }],
  ];
  for (const [title, span] of same) {
    test(`takes ${title}`, () => assert.deepEqual(onlySpan(span), onlySpan(plain)));
  }

  test('keeps nanoseconds exact that are written as numbers', () => {
    const text = JSON.stringify(request(plain)).replace(/"(1700000000000000\d+)"/g, '$1');
    const read = readOtlpJson(text);
    assert.equal(read.ok && read.value.spans[0]?.startUnixNanos, 1_700_000_000_000_000_001n);
    assert.equal(read.ok && read.value.spans[0]?.endUnixNanos, 1_700_000_000_000_000_009n);
  });

  test('reads attributes of every kind; lists become JSON text, what has no value is left out', () => {
    const { attributes } = onlySpan({
      ...plain,
      attributes: [
        { key: 'text', value: { stringValue: 'a' } },
        { key: 'yes', value: { boolValue: true } },
        { key: 'int', value: { intValue: '42' } },
        { key: 'intAsNumber', value: { intValue: -7 } },
        { key: 'huge', value: { intValue: '9007199254740993' } },
        { key: 'double', value: { doubleValue: 1.5 } },
        { key: 'infinite', value: { doubleValue: 'Infinity' } },
        { key: 'list', value: { arrayValue: { values: [{ stringValue: 'x' }, { intValue: '1' }, {}] } } },
        { key: 'map', value: { kvlistValue: { values: [{ key: 'k', value: { boolValue: false } }] } } },
        { key: 'bytes', value: { bytesValue: 'AAE=' } },
        { key: 'none', value: {} },
        { key: 'nothing' },
        { value: { stringValue: 'no key' } },
        { key: '__proto__', value: { stringValue: 'polluted' } },
      ],
    });
    assert.deepEqual(attributes, {
      text: 'a',
      yes: true,
      int: 42,
      intAsNumber: -7,
      huge: '9007199254740993',
      double: 1.5,
      infinite: Number.POSITIVE_INFINITY,
      list: '["x",1,null]',
      map: '{"k":false}',
      bytes: 'AAE=',
    });
  });

  test('follows values down to a depth, not into a stack overflow', () => {
    let value: unknown = { stringValue: 'deep' };
    for (let i = 0; i < 5000; i += 1) value = { arrayValue: { values: [value] } };
    const { attributes } = onlySpan({ ...plain, attributes: [{ key: 'deep', value }] });
    assert.match(String(attributes['deep']), /^\[+null\]+$/);
  });

  test('turns the last exception event into attributes, which never overwrite the own ones', () => {
    const exception = (type: string) => ({
      name: 'exception',
      attributes: [
        { key: 'exception.type', value: { stringValue: type } },
        { key: 'exception.message', value: { stringValue: `${type}!` } },
        { key: 'exception.stacktrace', value: { stringValue: 'at ...' } },
      ],
    });
    const events = [exception('First'), { name: 'log', attributes: [] }, exception('Last')];
    assert.deepEqual(onlySpan({ ...plain, events }).attributes, {
      'exception.type': 'Last',
      'exception.message': 'Last!',
    });
    const own = [{ key: 'exception.type', value: { stringValue: 'Own' } }];
    assert.equal(onlySpan({ ...plain, attributes: own, events }).attributes['exception.type'], 'Own');
  });

  test('keeps links with valid ids', () => {
    const links = [
      { traceId, spanId, attributes: [] },
      { traceId: 'x', spanId },
    ];
    assert.deepEqual(onlySpan({ ...plain, links }).links, [{ traceId, spanId }]);
  });

  test('takes a span that has not ended as one without duration', () => {
    assert.equal(onlySpan({ ...plain, endTimeUnixNano: undefined }).endUnixNanos, 1_700_000_000_000_000_001n);
  });

  test('takes a trace that begins at 0', () => {
    const { startUnixNanos, endUnixNanos } = onlySpan({ ...plain, startTimeUnixNano: '0', endTimeUnixNano: 5000 });
    assert.deepEqual([startUnixNanos, endUnixNanos], [0n, 5000n]);
  });

  const refusals: readonly (readonly [string, unknown, RegExp])[] = [
    ['no trace id', { ...plain, traceId: undefined }, /traceId must be 16 bytes/],
    ['a trace id of zeros', { ...plain, traceId: '0'.repeat(32) }, /traceId must be 16 bytes/],
    ['a trace id that is no hex', { ...plain, traceId: 'z'.repeat(32) }, /traceId must be 16 bytes/],
    ['a span id too long', { ...plain, spanId: 'a'.repeat(17) }, /spanId must be 8 bytes/],
    ['no start', { ...plain, startTimeUnixNano: undefined }, /no valid startTimeUnixNano/],
    ['a start of 0 beside an end in this century', { ...plain, startTimeUnixNano: '0' }, /no valid startTimeUnixNano/],
    [
      'a start of 0 without an end',
      { ...plain, startTimeUnixNano: '0', endTimeUnixNano: undefined },
      /no valid startTimeUnixNano/,
    ],
    ['a start beyond 2262', { ...plain, startTimeUnixNano: '9223372036854775808' }, /no valid startTimeUnixNano/],
    ['a span that is text', 'span', /not an object/],
  ];
  for (const [title, span, why] of refusals) {
    test(`refuses ${title}, and takes its neighbours`, () => {
      const read = readOtlpJson(request(plain, span));
      assert.ok(read.ok);
      assert.equal(read.value.spans.length, 1);
      assert.equal(read.value.refused, 1);
      assert.match(read.value.firstRefusal ?? '', why);
    });
  }

  test('an empty object is an empty request; anything but an object is malformed', () => {
    assert.deepEqual(readOtlpJson('{}'), { ok: true, value: { spans: [], refused: 0 } });
    for (const body of ['', '[]', 'null', '7', '{"resourceSpans":{}}', '{"resourceSpans":[{}']) {
      const read = readOtlpJson(body);
      assert.ok(!read.ok && read.error.kind === 'malformed', body);
    }
  });

  test('takes the list names of OTLP before 0.19', () => {
    const read = readOtlpJson({ resourceSpans: [{ instrumentationLibrarySpans: [{ spans: [plain] }] }] });
    assert.equal(read.ok && read.value.spans.length, 1);
  });
});

function base64Ids(): { traceId: string; spanId: string } {
  return {
    traceId: Buffer.from(traceId, 'hex').toString('base64'),
    spanId: Buffer.from(spanId, 'hex').toString('base64'),
  };
}
