// The layout of a TraceSet from records in any order.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spanIdOf, spansOf } from '../../../src/core/model/span-view.ts';
import { missingParent, rootParent, type SpanRecord } from '../../../src/core/model/trace-set.ts';
import { traceSet, traceSetBuilder } from '../../../src/core/model/trace-set-builder.ts';

const at = 1_760_000_000_000_000_000n;

function record(traceId: string, spanId: string, from: number, to: number, rest: Partial<SpanRecord> = {}): SpanRecord {
  return {
    traceId: traceId.padStart(32, '0'),
    spanId: spanId.padStart(16, '0'),
    name: 'work',
    kind: 1,
    status: 0,
    startUnixNanos: at + BigInt(from),
    endUnixNanos: at + BigInt(to),
    resource: { 'service.name': 'shop' },
    attributes: {},
    ...rest,
  };
}

const id = (digits: string): string => digits.padStart(16, '0');

test('spans stand trace by trace, by start, ties by id, with parents as indexes', () => {
  const set = traceSet([
    record('b', '3', 50, 60, { parentSpanId: id('2') }),
    record('b', '2', 10, 90, { parentSpanId: id('1') }),
    record('a', '9', 10, 20),
    record('b', '4', 10, 20, { parentSpanId: id('1') }),
    record('b', '1', 0, 100),
  ]);
  assert.deepEqual(
    set.traceIds.map((traceId) => traceId.at(-1)),
    ['a', 'b'],
  );
  assert.deepEqual([...set.firstSpan], [0, 1, 5]);
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((span) => spanIdOf(set, span).at(-1)),
    ['9', '1', '2', '4', '3'],
  );
  assert.deepEqual([...set.parent], [rootParent, rootParent, 1, 1, 2]);
  assert.deepEqual([...set.start], [0, 0, 10, 10, 50]);
  assert.deepEqual([...set.startUnixNanos], [at + 10n, at]);
});

test('the order of arrival changes nothing', () => {
  const spans = [
    record('1', 'a', 0, 9, { attributes: { x: 1, y: 'z' } }),
    record('1', 'b', 1, 8, { parentSpanId: id('a'), attributes: { x: 2 } }),
    record('1', 'c', 1, 8, { parentSpanId: id('a') }),
    record('2', 'a', 5, 6, { resource: { 'service.name': 'bank' } }),
  ];
  const views = [spans, [...spans].reverse()].map((order) => {
    const set = traceSet(order);
    return [spansOf(set, 0), spansOf(set, 1)];
  });
  assert.deepEqual(views[0], views[1]);
});

test('of two spans with one id the more complete stays, whichever came first; the other is counted', () => {
  const unfinished = record('1', 'a', 0, 5, { name: 'unfinished' });
  const finished = record('1', 'a', 0, 10, { name: 'finished' });
  const again = record('1', 'a', 0, 10, { name: 'finished', attributes: { x: 1 } });
  for (const spans of [
    [unfinished, finished, again],
    [again, finished, unfinished],
  ]) {
    const set = traceSet(spans);
    assert.deepEqual(
      spansOf(set, 0).map((span) => [span.name, span.attributes]),
      [['finished', { x: 1 }]],
    );
    assert.equal(set.repeated, 1);
  }
});

test('spans that differ in an attribute alone have an order of their own', () => {
  const spans = ['x', 'y', 'z'].map((value) => record('1', 'a', 0, 5, { attributes: { value } }));
  const [first, second] = [spans, spans.toReversed()].map((order) => spansOf(traceSet(order), 0));
  assert.deepEqual(first, second);
});

test('halves of a call that share one id are two spans: the server below the client, and what names the id below the server', () => {
  const spans = [
    record('1', '1', 0, 100, { kind: 2 }),
    record('1', '2', 5, 90, { kind: 3, parentSpanId: id('1') }),
    record('1', '2', 7, 88, { kind: 2, parentSpanId: id('1'), resource: { 'service.name': 'bank' } }),
    record('1', '3', 8, 80, { kind: 3, parentSpanId: id('2'), resource: { 'service.name': 'bank' } }),
  ];
  const sets = [spans, spans.toReversed()].map(traceSet);
  for (const set of sets) {
    assert.deepEqual(
      spansOf(set, 0).map(({ kind, parent }) => [kind, parent]),
      [
        [2, rootParent],
        [3, 0],
        [2, 1],
        [3, 2],
      ],
    );
    assert.equal(new Set([0, 1, 2, 3].map((span) => spanIdOf(set, span))).size, 4);
    assert.equal(set.repeated, 0);
  }
  assert.deepEqual(sets[0] && spansOf(sets[0], 0), sets[1] && spansOf(sets[1], 0));
});

test('the same span id in two traces is two spans', () => {
  const set = traceSet([record('1', 'a', 0, 1), record('2', 'b', 0, 1, { parentSpanId: id('a') })]);
  assert.equal(set.parent[1], missingParent);
});

test('a half that names the id it shares as its parent has lost its real one', () => {
  const set = traceSet([
    record('1', '2', 5, 90, { kind: 3, parentSpanId: id('2') }),
    record('1', '2', 7, 88, { kind: 2, parentSpanId: id('2') }),
  ]);
  assert.deepEqual([...set.parent], [missingParent, 0]);
});

test('missing parents keep their ids; a span that names itself has lost its parent', () => {
  const set = traceSet([
    record('1', 'a', 0, 1, { parentSpanId: id('77') }),
    record('1', 'b', 0, 1, { parentSpanId: id('b') }),
    record('1', 'c', 0, 1, { parentSpanId: '0000000000000000' }),
    record('1', 'd', 0, 1, { parentSpanId: 'elsewhere' }),
  ]);
  assert.deepEqual([...set.parent], [missingParent, missingParent, rootParent, missingParent]);
  assert.deepEqual([...set.missingParents.values()], [id('77'), id('b'), 'elsewhere']);
});

test('ids that are no hex digits are still told apart', () => {
  const set = traceSet([
    record('1', 'x', 0, 9, { spanId: 'root' }),
    record('1', 'x', 1, 2, { spanId: 'left', parentSpanId: 'root' }),
    record('1', 'x', 3, 4, { spanId: 'right', parentSpanId: 'root' }),
  ]);
  assert.deepEqual([...set.parent], [rootParent, 0, 0]);
});

test('an end before the start becomes the start', () => {
  const set = traceSet([record('1', 'a', 10, 4)]);
  assert.equal(set.end[0], 0);
});

test('times keep their nanoseconds across midnight of the 32-bit word', () => {
  const late = 2n ** 32n * 409_782_042n - 3n;
  const set = traceSet([
    { ...record('1', 'a', 0, 0), startUnixNanos: late, endUnixNanos: late + 7n },
    { ...record('1', 'b', 0, 0), startUnixNanos: late + 5n, endUnixNanos: late + 6n },
  ]);
  assert.deepEqual([...set.start], [0, 5]);
  assert.deepEqual([...set.end], [7, 6]);
});

test('a builder grows beyond its first room, and may be used on and built again', () => {
  const builder = traceSetBuilder();
  for (let span = 0; span < 1500; span += 1) {
    builder.add(record('1', (span + 1).toString(16), span, span + 1, { attributes: { n: span } }));
  }
  assert.equal(builder.size(), 1500);
  assert.equal(builder.build().end[1499], 1500);
  builder.add(record('2', '1', 0, 1));
  const again = builder.build();
  assert.deepEqual([...again.firstSpan], [0, 1500, 1501]);
  assert.equal(spansOf(again, 0)[1321]?.attributes['n'], 1321);
});

test('resources with one content are one, whichever batch they came in', () => {
  const set = traceSet([
    record('1', 'a', 0, 1, { resource: { 'service.name': 'shop', zone: 'a' } }),
    record('1', 'b', 0, 1, { resource: { zone: 'a', 'service.name': 'shop' } }),
    record('1', 'c', 0, 1, { resource: { 'service.name': 'shop', zone: 'b' } }),
  ]);
  assert.deepEqual([...set.resource], [0, 0, 1]);
});

test('links stay with their span', () => {
  const links = [{ traceId: 'f'.repeat(32), spanId: 'e'.repeat(16) }];
  const set = traceSet([record('1', 'b', 5, 6, { links }), record('1', 'a', 0, 9)]);
  assert.deepEqual([...set.links], [[1, links]]);
});
