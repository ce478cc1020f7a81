// Uninstrumented dependency: slow, and nobody sees inside.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slowDependency } from '../../../../src/core/trace/mechanisms/slow-dependency.ts';
import { uninstrumentedDependency } from '../../../../src/core/trace/mechanisms/uninstrumented-dependency.ts';
import { client, contextOf, type DrawnWork, query, requests, server } from '../../../support/request-traces.ts';

const charge = (ms: number, jitter: number): DrawnWork =>
  server('payments', 'POST /payments', [0, ms + 10 + jitter], {
    below: [client('payments', 'POST', [5, ms + 5 + jitter], { attributes: { 'peer.service': 'bank' } })],
  });

test('a callee without spans is named by what its callers call it', () => {
  const context = contextOf({
    violating: requests(30, (jitter) => charge(500, jitter)),
    reference: requests(30, (jitter) => charge(20, jitter)),
  });
  const [found] = uninstrumentedDependency.detect(context);
  assert.equal(found?.service, 'bank');
  assert.deepEqual(found?.path, ['payments', 'bank']);
  assert.equal(found?.confidence, 'high');
  assert.deepEqual(slowDependency.detect(context), []);
});

test('a database is slow, not uninstrumented: its clients’ spans are all there ever is', () => {
  const load = (ms: number, jitter: number): DrawnWork =>
    server('shop', 'GET /', [0, ms + 10 + jitter], { below: [query('shop', 'SELECT 1', [5, ms + 5 + jitter])] });
  const context = contextOf({
    violating: requests(30, (jitter) => load(500, jitter)),
    reference: requests(30, (jitter) => load(20, jitter)),
  });
  assert.deepEqual(uninstrumentedDependency.detect(context), []);
  assert.equal(slowDependency.detect(context)[0]?.service, 'stock.db');
});
