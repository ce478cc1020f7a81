import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readJaegerAnswer } from '../../../src/adapters/jaeger/read-jaeger-answer.ts';

const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'x', startTimeUnixNano: '5' };
const result = JSON.stringify({ result: { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] } });

describe('an answer of Jaeger’s query API', () => {
  test('gives its spans, from one document or from several', () => {
    for (const [text, count] of [
      [result, 1],
      [`${result}\n${result}\n`, 2],
      ['{"result":{}}', 0],
    ] as const) {
      const read = readJaegerAnswer({ status: 200, text });
      assert.equal(read.ok && read.value.length, count);
    }
  });

  test('that says "not found" gives none', () => {
    const text = '{"error":{"httpCode":404,"message":"No traces found"}}';
    assert.deepEqual(readJaegerAnswer({ status: 404, text }), { ok: true, value: [] });
  });

  const others: readonly (readonly [string, number, string, RegExp])[] = [
    ['a web page', 200, '<!doctype html><title>Jaeger UI</title>', /no JSON/],
    ['somebody else’s 404', 404, '404 page not found', /no JSON/],
    ['another error', 500, '{"error":{"httpCode":500,"message":"storage is down"}}', /storage is down/],
    ['some other JSON', 200, '{"status":"ok"}', /no result/],
  ];
  for (const [title, status, text, why] of others) {
    test(`is not ${title}`, () => {
      const read = readJaegerAnswer({ status, text });
      assert.ok(!read.ok);
      assert.match(read.error, why);
    });
  }
});
