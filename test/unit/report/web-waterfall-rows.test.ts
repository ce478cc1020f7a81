import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Waterfall, WaterfallSpan } from '../../../src/core/model/run.ts';
import { waterfallRows } from '../../../web/report/waterfall-rows.ts';
import { violatingWaterfall } from '../../support/run-builder.ts';

const root: WaterfallSpan = {
  spanId: 'root',
  depth: 0,
  service: 'checkout',
  name: 'GET /basket',
  kind: 2,
  isError: false,
  startMs: 0,
  endMs: 500,
  critical: [[0, 10]],
};

const query = (i: number, fields: Partial<WaterfallSpan> = {}): WaterfallSpan => ({
  ...root,
  spanId: `q${i}`,
  parentSpanId: 'root',
  depth: 1,
  service: 'inventory',
  name: 'SELECT stock',
  kind: 3,
  startMs: 10 + i * 10,
  endMs: 19 + i * 10,
  critical: [[10 + i * 10, 19 + i * 10]],
  ...fields,
});

const waterfall = (spans: readonly WaterfallSpan[]): Waterfall => ({
  traceId: 't',
  role: 'violating',
  durationMs: 500,
  spans,
});

test('different spans keep a row each, in their order', () => {
  const { rows, left } = waterfallRows(violatingWaterfall);
  assert.deepEqual(
    rows.map((row) => row.span.spanId),
    violatingWaterfall.spans.map((span) => span.spanId),
  );
  assert.equal(left, 0);
});

test('a row names its service where the trace enters it', () => {
  assert.deepEqual(
    waterfallRows(violatingWaterfall)
      .rows.filter((row) => row.entersService)
      .map((row) => row.span.spanId),
    ['a1', 'a3', 'a5', 'a7', 'a9', 'b2'],
  );
});

test('many equal calls become two rows and one for the rest, with their extent, critical path and failures', () => {
  const queries = Array.from({ length: 48 }, (_, i) => query(i, { isError: i === 40 }));
  const { rows } = waterfallRows(waterfall([root, ...queries]));
  assert.deepEqual(
    rows.map((row) => [row.span.spanId, row.count]),
    [
      ['root', 1],
      ['q0', 1],
      ['q1', 1],
      ['q2', 46],
    ],
  );
  const rest = rows[3];
  assert.deepEqual([rest?.startMs, rest?.endMs, rest?.critical.length, rest?.isError], [30, 489, 46, true]);
});

test('five equal calls, calls with children, and calls of different depth stay single', () => {
  assert.equal(waterfallRows(waterfall([root, ...Array.from({ length: 5 }, (_, i) => query(i))])).rows.length, 6);
  const withChild = [...Array.from({ length: 6 }, (_, i) => query(i)), query(9, { depth: 2 })];
  assert.equal(waterfallRows(waterfall([root, ...withChild])).rows.length, 8);
});

test('a huge trace is cut and says by how much; an empty one has no rows', () => {
  const spans = Array.from({ length: 1000 }, (_, i) => query(i, { name: `GET /${i}` }));
  const { rows, left } = waterfallRows(waterfall([root, ...spans]));
  assert.deepEqual([rows.length, left], [200, 801]);
  assert.deepEqual(waterfallRows(waterfall([])), { rows: [], left: 0 });
});
