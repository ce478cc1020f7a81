import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readJaegerJson } from '../../../src/adapters/file/read-jaeger-json.ts';

const span = {
  traceID: 'af7651916cd43dd8448eb211c80319c',
  spanID: '7ad6b7169203331',
  operationName: 'GET /',
  startTime: 1_700_000_000_000_001,
  duration: 250,
  processID: 'p1',
  tags: [{ key: 'span.kind', type: 'string', value: 'client' }],
};

function read(given: object) {
  const { spans, refused } = readJaegerJson([
    { spans: [{ ...span, ...given }], processes: { p1: { serviceName: 'web', tags: [{ key: 'host', value: 'h' }] } } },
  ]);
  assert.equal(refused, 0);
  return spans[0];
}

describe('Jaeger JSON', () => {
  test('gives ids their leading zeros back, times in microseconds, and the process as resource', () => {
    assert.deepEqual(read({}), {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: '07ad6b7169203331',
      parentSpanId: undefined,
      name: 'GET /',
      kind: 3,
      status: 0,
      startUnixNanos: 1_700_000_000_000_001_000n,
      endUnixNanos: 1_700_000_000_000_251_000n,
      resource: { host: 'h', 'service.name': 'web' },
      attributes: {},
    });
  });

  const failed: readonly (readonly [string, object, number])[] = [
    ['error = true', { key: 'error', type: 'bool', value: true }, 2],
    ['error = "true"', { key: 'error', type: 'string', value: 'true' }, 2],
    ['error = false', { key: 'error', type: 'bool', value: false }, 0],
    ['otel.status_code = ERROR', { key: 'otel.status_code', value: 'ERROR' }, 2],
    ['otel.status_code = OK', { key: 'otel.status_code', value: 'OK' }, 1],
  ];
  for (const [title, tag, status] of failed) {
    test(`${title} is status ${status}`, () => assert.equal(read({ tags: [tag] })?.status, status));
  }

  test('the first CHILD_OF within the trace is the parent; the others are links', () => {
    const reference = (refType: string, traceID: string, spanID: string) => ({ refType, traceID, spanID });
    const record = read({
      references: [
        reference('CHILD_OF', 'f'.repeat(32), '1'.repeat(16)),
        reference('FOLLOWS_FROM', span.traceID, '2'.repeat(16)),
        reference('CHILD_OF', span.traceID, '3'.repeat(16)),
      ],
    });
    assert.equal(record?.parentSpanId, '3'.repeat(16));
    assert.deepEqual(
      record?.links?.map((link) => link.spanId[0]),
      ['1', '2'],
    );
    assert.equal(
      read({ references: [reference('FOLLOWS_FROM', span.traceID, '2'.repeat(16))] })?.parentSpanId,
      '2'.repeat(16),
    );
  });

  test('an exception in the logs becomes attributes', () => {
    const fields = [
      { key: 'event', value: 'exception' },
      { key: 'exception.type', value: 'Timeout' },
    ];
    assert.deepEqual(read({ logs: [{ timestamp: 1, fields }] })?.attributes, { 'exception.type': 'Timeout' });
  });

  test('takes a trace that begins at 0, when it says how long it lasts', () => {
    const { startUnixNanos, endUnixNanos } = read({ startTime: 0, duration: 100 }) ?? {};
    assert.deepEqual([startUnixNanos, endUnixNanos], [0n, 100_000n]);
  });

  for (const [title, times] of [
    ['a start of 0 without a duration', { startTime: 0, duration: undefined }],
    ['an empty start', { startTime: '', duration: 100 }],
  ] as const) {
    test(`refuses ${title}`, () => {
      const { spans, refused } = readJaegerJson([{ spans: [{ ...span, ...times }], processes: {} }]);
      assert.deepEqual([spans.length, refused], [0, 1]);
    });
  }

  test('refuses spans without ids or start', () => {
    const { spans, refused, firstRefusal } = readJaegerJson([
      {
        spans: [
          { ...span, spanID: 'zz' },
          { ...span, startTime: undefined },
        ],
        processes: {},
      },
    ]);
    assert.deepEqual([spans.length, refused], [0, 2]);
    assert.match(firstRefusal ?? '', /no valid traceID or spanID/);
  });
});
