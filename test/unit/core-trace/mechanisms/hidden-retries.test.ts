// Hidden retries: several SERVER spans for one CLIENT span.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hiddenRetries } from '../../../../src/core/trace/mechanisms/hidden-retries.ts';
import { client, contextOf, type DrawnWork, requests, server } from '../../../support/request-traces.ts';

const ask = (...answers: readonly (readonly [number, number])[]): DrawnWork =>
  server('web', 'GET /', [0, 200], {
    below: [client('web', 'GET', [5, 190], { below: answers.map((at) => server('stock', 'GET /stock', at)) })],
  });

const once = requests(20, () => ask([10, 60]));

test('a mesh that repeats calls shows as servers in turn below one call', () => {
  const [found] = hiddenRetries.detect(
    contextOf({ violating: requests(20, () => ask([10, 60], [70, 120], [130, 180])), reference: once }),
  );
  assert.deepEqual(found?.edge, { caller: 'web', callee: 'stock', operation: 'GET /stock' });
  assert.equal(found?.evidence[0]?.value, 3);
  assert.equal(found?.effectMs, 120);
});

test('servers side by side are hedged, not retried', () => {
  const hedged = requests(20, () => ask([10, 60], [12, 62]));
  assert.deepEqual(hiddenRetries.detect(contextOf({ violating: hedged, reference: once })), []);
});

test('what was always so is not news', () => {
  const twice = requests(20, () => ask([10, 60], [70, 120]));
  assert.deepEqual(hiddenRetries.detect(contextOf({ violating: twice, reference: twice })), []);
});
