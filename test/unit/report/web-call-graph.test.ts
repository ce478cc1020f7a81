import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callGraph, edgeText } from '../../../web/report/call-graph.ts';
import { findingWith, typicalWaterfall, violatingWaterfall } from '../../support/run-builder.ts';

const graph = callGraph([typicalWaterfall, violatingWaterfall], findingWith());
const edge = (caller: string, callee: string) =>
  graph.edges.find((each) => each.caller === caller && each.callee === callee);

test('services and the calls between them come from the violating trace, beside the typical one', () => {
  assert.deepEqual(graph.nodes.map((node) => node.service).sort(), [
    'cart',
    'checkout',
    'fraud',
    'gateway',
    'payments',
  ]);
  assert.equal(graph.edges.length, 4);
  assert.deepEqual(
    [edge('payments', 'fraud')?.calls, edge('payments', 'fraud')?.typicalCalls, edge('payments', 'fraud')?.failed],
    [2, 1, 1],
  );
  const fraud = graph.nodes.find((node) => node.service === 'fraud');
  assert.deepEqual([fraud?.isCulprit, fraud?.criticalMs, fraud?.typicalMs], [true, 179, 28]);
});

test('only the broken edge is broken; the way to it is marked', () => {
  assert.deepEqual(
    graph.edges.filter((each) => each.isBroken).map((each) => `${each.caller} ${each.callee}`),
    ['payments fraud'],
  );
  assert.deepEqual([edge('gateway', 'checkout')?.isOnPath, edge('checkout', 'cart')?.isOnPath], [true, false]);
});

test('an edge tells what is unusual about it, and nothing else', () => {
  assert.deepEqual(graph.edges.map(edgeText).sort(), ['', '', '', '✗ ×2 (×1) 1 failed']);
});

test('a broken edge that the trace does not show is drawn all the same', () => {
  const finding = findingWith({
    service: 'bank',
    path: ['payments', 'bank'],
    edge: { caller: 'payments', callee: 'bank', operation: 'POST /pay' },
  });
  const withBank = callGraph([violatingWaterfall], finding);
  const added = withBank.edges.find((each) => each.callee === 'bank');
  assert.deepEqual([added?.isBroken, added?.calls, added?.typicalCalls], [true, 0, undefined]);
});

test('without a finding or a trace nothing is blamed', () => {
  assert.ok(callGraph([violatingWaterfall], undefined).edges.every((each) => !each.isBroken));
  assert.deepEqual(callGraph([], undefined), { nodes: [], edges: [] });
});
