// The critical path: which spans decided when a root ended.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameOf } from '../../../src/core/model/span-view.ts';
import { criticalPaths } from '../../../src/core/trace/prepare/critical-path.ts';
import { prepareTraces } from '../../../src/core/trace/prepare/prepared-traces.ts';
import { type DrawnSpan, drawnSet } from '../../support/drawn-traces.ts';

/** Sections as `name from-to` in milliseconds, earliest first. */
function sections(spans: readonly DrawnSpan[], overlapTolerance = 0): readonly string[] {
  const set = drawnSet(spans);
  const prepared = prepareTraces(set, { overlapTolerance });
  const found: string[] = [];
  criticalPaths(prepared, { overlapTolerance }).walk(prepared.entry[0] ?? -1, (span, from, to) => {
    found.unshift(`${nameOf(set, span)} ${from / 1e6}-${to / 1e6}`);
  });
  return found;
}

const cases: readonly {
  readonly name: string;
  readonly spans: readonly DrawnSpan[];
  readonly path: readonly string[];
}[] = [
  {
    name: 'a lonely root is its own path',
    spans: [{ id: 'a', at: [0, 10] }],
    path: ['a 0-10'],
  },
  {
    name: 'time before, between and after children is the parent’s',
    spans: [
      { id: 'a', at: [0, 100] },
      { id: 'b', parent: 'a', at: [10, 30] },
      { id: 'c', parent: 'a', at: [40, 90] },
    ],
    path: ['a 0-10', 'b 10-30', 'a 30-40', 'c 40-90', 'a 90-100'],
  },
  {
    name: 'of parallel children the last to finish counts, then the last that finished before it began',
    spans: [
      { id: 'a', at: [0, 100] },
      { id: 'b', parent: 'a', at: [0, 50] },
      { id: 'c', parent: 'a', at: [20, 90] },
      { id: 'd', parent: 'a', at: [5, 15] },
    ],
    path: ['a 0-5', 'd 5-15', 'a 15-20', 'c 20-90', 'a 90-100'],
  },
  {
    name: 'a child that ends exactly where the next begins is on the path',
    spans: [
      { id: 'a', at: [1, 100] },
      { id: 'b', parent: 'a', at: [1, 50] },
      { id: 'c', parent: 'a', at: [50, 100] },
    ],
    path: ['b 0-49', 'c 49-99'],
  },
  {
    name: 'a child that ends one tick later is not',
    spans: [
      { id: 'a', at: [0, 100] },
      { id: 'b', parent: 'a', at: [0, 50.000001] },
      { id: 'c', parent: 'a', at: [50, 100] },
    ],
    path: ['a 0-50', 'c 50-100'],
  },
  {
    name: 'of children that end together the longest counts',
    spans: [
      { id: 'a', at: [0, 100] },
      { id: 'b', parent: 'a', at: [60, 90] },
      { id: 'c', parent: 'a', at: [20, 90] },
    ],
    path: ['a 0-20', 'c 20-90', 'a 90-100'],
  },
  {
    name: 'a child that ends after its parent is cut',
    spans: [
      { id: 'a', at: [0, 100] },
      { id: 'b', parent: 'a', at: [50, 300] },
    ],
    path: ['a 0-50', 'b 50-100'],
  },
  {
    name: 'a child wholly outside its parent is left out with all below it',
    spans: [
      { id: 'a', at: [0, 100] },
      { id: 'b', parent: 'a', at: [150, 300] },
      { id: 'c', parent: 'b', at: [10, 90] },
    ],
    path: ['a 0-100'],
  },
  {
    name: 'the consumer of a message keeps nobody waiting',
    spans: [
      { id: 'a', at: [0, 100] },
      { id: 'b', parent: 'a', at: [10, 20], kind: 'producer' },
      { id: 'c', parent: 'b', at: [15, 95], kind: 'consumer' },
    ],
    path: ['a 0-10', 'b 10-20', 'a 20-100'],
  },
  {
    name: 'a root of no duration has an empty path, although it starts at zero',
    spans: [
      { id: 'a', at: [0, 0] },
      { id: 'b', parent: 'a', at: [0, 0] },
    ],
    path: [],
  },
  {
    name: 'children of no duration give no section',
    spans: [
      { id: 'a', at: [0, 10] },
      { id: 'b', parent: 'a', at: [5, 5] },
    ],
    path: ['a 0-5', 'a 5-10'],
  },
];

for (const { name, spans, path } of cases) test(name, () => assert.deepEqual(sections(spans), path));

test('with tolerance a small overlap of siblings counts as one after the other', () => {
  const spans: readonly DrawnSpan[] = [
    { id: 'a', at: [0, 1000] },
    { id: 'b', parent: 'a', at: [0, 505] },
    { id: 'c', parent: 'a', at: [500, 1000] },
  ];
  assert.deepEqual(sections(spans, 0.01), ['b 0-500', 'c 500-1000']);
  assert.deepEqual(sections(spans, 0.005), ['a 0-500', 'c 500-1000']);
});

test('with tolerance, a sibling that begins inside the overlap forbids it', () => {
  const spans: readonly DrawnSpan[] = [
    { id: 'a', at: [0, 1000] },
    { id: 'b', parent: 'a', at: [0, 505] },
    { id: 'c', parent: 'a', at: [500, 1000] },
    { id: 'd', parent: 'a', at: [502, 700] },
  ];
  assert.deepEqual(sections(spans, 0.01), ['a 0-500', 'c 500-1000']);
});

test('with tolerance, what lies below the cut sibling is cut with it', () => {
  const spans: readonly DrawnSpan[] = [
    { id: 'a', at: [0, 1000] },
    { id: 'b', parent: 'a', at: [0, 505] },
    { id: 'e', parent: 'b', at: [400, 504] },
    { id: 'c', parent: 'a', at: [500, 1000] },
  ];
  assert.deepEqual(sections(spans, 0.01), ['b 0-400', 'e 400-500', 'c 500-1000']);
});
