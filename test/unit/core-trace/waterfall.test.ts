// Traces as a report draws them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prepareTraces } from '../../../src/core/trace/prepare/prepared-traces.ts';
import { waterfall } from '../../../src/core/trace/views/waterfall.ts';
import { type DrawnSpan, drawnSet } from '../../support/drawn-traces.ts';

test('spans come depth first, with the stretches that are critical', () => {
  const prepared = prepareTraces(
    drawnSet([
      { id: '1', name: 'entry', at: [0, 100] },
      { id: '2', parent: '1', name: 'call', at: [10, 40], failed: true },
      { id: '3', parent: '2', name: 'work', at: [20, 30] },
      { id: '4', parent: '1', name: 'aside', at: [5, 8] },
    ]),
  );
  const { durationMs, role, spans } = waterfall(prepared, 0, 'violating');
  assert.deepEqual([durationMs, role], [100, 'violating']);
  assert.deepEqual(
    spans.map(({ name, depth, isError, startMs, endMs, critical }) => [name, depth, isError, startMs, endMs, critical]),
    [
      [
        'entry',
        0,
        false,
        0,
        100,
        [
          [0, 5],
          [8, 10],
          [40, 100],
        ],
      ],
      ['aside', 1, false, 5, 8, [[5, 8]]],
      [
        'call',
        1,
        true,
        10,
        40,
        [
          [10, 20],
          [30, 40],
        ],
      ],
      ['work', 2, false, 20, 30, [[20, 30]]],
    ],
  );
  assert.equal(spans[1]?.parentSpanId, spans[0]?.spanId);
});

test('of a large trace the critical spans stay, with their ancestors', () => {
  const children = Array.from(
    { length: 3000 },
    (_, at): DrawnSpan => ({ id: (at + 16).toString(16), parent: '1', name: `c${at}`, at: [10, 20] }),
  );
  const prepared = prepareTraces(
    drawnSet([
      { id: '1', name: 'entry', at: [0, 1000] },
      ...children,
      { id: '2', parent: '1', name: 'long', at: [30, 900] },
      { id: '3', parent: '2', name: 'deep', at: [40, 800] },
    ]),
  );
  const { spans } = waterfall(prepared, 0, 'typical', 50);
  assert.equal(spans.length, 50);
  assert.deepEqual(
    ['entry', 'long', 'deep'].filter((name) => !spans.some((span) => span.name === name)),
    [],
  );
});

test('a chain deeper than the limit keeps its upper part', () => {
  const chain = Array.from(
    { length: 2000 },
    (_, at): DrawnSpan => ({
      id: (at + 1).toString(16),
      ...(at === 0 ? {} : { parent: at.toString(16) }),
      at: [at, 5000 - at],
    }),
  );
  const { spans } = waterfall(prepareTraces(drawnSet(chain)), 0, 'typical', 100);
  assert.ok(spans.length > 0 && spans.length <= 100);
  assert.equal(spans[0]?.depth, 0);
});
