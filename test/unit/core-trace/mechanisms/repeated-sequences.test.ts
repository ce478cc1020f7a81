// Sequences of calls that are repeated for each row.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repeatedSequences } from '../../../../src/core/trace/mechanisms/shared/anti-patterns/repeated-sequences.ts';
import { prepareTraces } from '../../../../src/core/trace/prepare/prepared-traces.ts';
import { type DrawnSpan, drawnSet } from '../../../support/drawn-traces.ts';

/** One query after another, 10 ms each, below one parent. */
function queries(statements: readonly string[]): readonly DrawnSpan[] {
  return [
    { id: 'fffff', service: 'shop', kind: 'server', at: [-1, 10 * statements.length + 10] },
    ...statements.map(
      (statement, at): DrawnSpan => ({
        id: (at + 1).toString(16),
        parent: 'fffff',
        name: 'query',
        service: 'shop',
        kind: 'client',
        at: [10 * at, 10 * at + 10],
        attributes: { 'db.system.name': 'mysql', 'db.query.text': statement },
      }),
    ),
  ];
}

const found = (statements: readonly string[]): readonly number[] =>
  repeatedSequences(prepareTraces(drawnSet(queries(statements))), 0).map(({ spans }) => spans.length);
const [one, other] = ['SELECT * FROM item', 'SELECT * FROM price'] as const;

test('a sequence that is repeated is found behind a row of equal calls, which is none', () => {
  assert.deepEqual(found([one, other, one, other, one, other]), [6]);
  assert.deepEqual(found(Array.from({ length: 20 }, () => one)), []);
  const row = Array.from({ length: 5 }, () => one);
  assert.deepEqual(found([...row, other, one, other, one, other]), [6]);
});
