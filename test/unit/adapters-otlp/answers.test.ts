import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportAnswer, statusAnswer } from '../../../src/adapters/otlp/answers.ts';

test('full success is an empty answer in either encoding', () => {
  assert.equal(exportAnswer('json', 0, '').toString(), '{}');
  assert.equal(exportAnswer('protobuf', 0, '').length, 0);
});

test('refused spans make a partial success', () => {
  assert.deepEqual(JSON.parse(exportAnswer('json', 3, 'why').toString()), {
    partialSuccess: { rejectedSpans: '3', errorMessage: 'why' },
  });
  // partial_success = 1 { rejected_spans = 1: 3, error_message = 2: "why" }
  assert.equal(exportAnswer('protobuf', 3, 'why').toString('hex'), '0a070803120377687900'.slice(0, 18));
});

test('an error is a google.rpc.Status', () => {
  assert.equal(statusAnswer('json', 3, 'bad').toString(), '{"code":3,"message":"bad"}');
  assert.equal(statusAnswer('protobuf', 3, 'bad').toString('hex'), '08031203626164');
});
