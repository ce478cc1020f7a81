// What spans could win or lose for the request.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prepareTraces } from '../../../src/core/trace/prepare/prepared-traces.ts';
import { dragAndSlack } from '../../../src/core/trace/views/drag-and-slack.ts';
import { type DrawnSpan, drawnSet, spanNamed } from '../../support/drawn-traces.ts';

/** `name: drag slack` in milliseconds. */
function margins(spans: readonly DrawnSpan[]): Readonly<Record<string, readonly [number, number]>> {
  const set = drawnSet(spans);
  const { dragNs, slackNs } = dragAndSlack(prepareTraces(set));
  return Object.fromEntries(
    spans.map(({ id }) => [id, [(dragNs[spanNamed(set, id)] ?? 0) / 1e6, (slackNs[spanNamed(set, id)] ?? 0) / 1e6]]),
  );
}

test('a span off the path may grow until its sibling on the path ends; that one can win no more than to where the other ends', () => {
  const spans: readonly DrawnSpan[] = [
    { id: 'a', at: [0, 100] },
    { id: 'b', parent: 'a', at: [10, 50] },
    { id: 'c', parent: 'a', at: [20, 90] },
  ];
  assert.deepEqual(margins(spans), { a: [100, 0], b: [0, 40], c: [40, 0] });
});

test('children one after another all drag in full', () => {
  const spans: readonly DrawnSpan[] = [
    { id: 'a', at: [0, 100] },
    { id: 'b', parent: 'a', at: [10, 50] },
    { id: 'c', parent: 'a', at: [50, 90] },
  ];
  assert.deepEqual(margins(spans), { a: [100, 0], b: [40, 0], c: [40, 0] });
});

test('below a span with slack everything has that slack, and more off its own path', () => {
  const spans: readonly DrawnSpan[] = [
    { id: 'a', at: [0, 100] },
    { id: 'b', parent: 'a', at: [10, 50] },
    { id: 'd', parent: 'b', at: [20, 45] },
    { id: 'e', parent: 'b', at: [20, 40] },
    { id: 'c', parent: 'a', at: [15, 90] },
  ];
  assert.deepEqual(margins(spans), { a: [100, 0], b: [0, 40], d: [0, 40], e: [0, 45], c: [40, 0] });
});

test('a span drags no more than the one above it', () => {
  const spans: readonly DrawnSpan[] = [
    { id: 'a', at: [0, 100] },
    { id: 'b', parent: 'a', at: [10, 85] },
    { id: 'c', parent: 'a', at: [20, 90] },
    { id: 'd', parent: 'c', at: [20, 90] },
  ];
  assert.deepEqual(margins(spans)['d'], [5, 0]);
});

test('a child wholly outside its parent has neither', () => {
  const set = drawnSet([
    { id: 'a', at: [0, 10] },
    { id: 'b', parent: 'a', at: [50, 60] },
  ]);
  const { dragNs, slackNs } = dragAndSlack(prepareTraces(set));
  assert.deepEqual([dragNs[1], slackNs[1]], [Number.NaN, Number.NaN]);
});
