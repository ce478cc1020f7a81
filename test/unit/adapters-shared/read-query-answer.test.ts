import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { joinSeries } from '../../../src/adapters/shared/prometheus/join-series.ts';
import { readQueryAnswer } from '../../../src/adapters/shared/prometheus/read-query-answer.ts';
import { unixMillis } from '../../../src/core/model/units.ts';

const success = (resultType: string, result: unknown) => ({ status: 'success', data: { resultType, result } });

describe('an answer of Prometheus', () => {
  test('with a matrix is series with times in ms', () => {
    const read = readQueryAnswer(
      success('matrix', [
        {
          metric: { __name__: 'a', b: 'c' },
          values: [
            [1.5, '1'],
            [2.5, 'NaN'],
            [3.5, '+Inf'],
            [4.5, '-Inf'],
            [5.5, '1e-3'],
          ],
        },
      ]),
    );
    assert.deepEqual(read, {
      ok: true,
      value: [
        {
          labels: { __name__: 'a', b: 'c' },
          times: [1500, 2500, 3500, 4500, 5500],
          values: [1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.001],
        },
      ],
    });
  });

  test('with a vector or a scalar has one point each; nothing found is an empty list', () => {
    const vector = readQueryAnswer(success('vector', [{ metric: {}, value: [1, '2'] }]));
    assert.deepEqual(vector.ok && vector.value, [{ labels: {}, times: [1000], values: [2] }]);
    assert.deepEqual(readQueryAnswer(success('scalar', [1, '2'])), vector);
    assert.deepEqual(readQueryAnswer(success('vector', [])), { ok: true, value: [] });
  });

  test('may be a refusal', () => {
    const read = readQueryAnswer({ status: 'error', errorType: 'bad_data', error: 'parse error' });
    assert.deepEqual(read, { ok: false, error: { kind: 'refused', errorType: 'bad_data', message: 'parse error' } });
  });

  for (const answer of [
    undefined,
    7,
    [],
    {},
    { status: 'success' },
    success('streams', []),
    success('matrix', {}),
    success('matrix', [{ values: [] }]),
    success('matrix', [{ metric: {}, values: [['1', 2]] }]),
  ]) {
    test(`is not ${JSON.stringify(answer)}`, () => {
      const read = readQueryAnswer(answer);
      assert.ok(!read.ok && read.error.kind === 'malformed');
    });
  }
});

test('series of windows that follow one another are joined by their labels', () => {
  const point = (time: number, labels: Record<string, string>) => ({
    labels,
    times: [unixMillis(time)],
    values: [time],
  });
  const joined = joinSeries([[point(1, { a: '1', b: '2' }), point(1, { a: '2' })], [point(2, { b: '2', a: '1' })]]);
  assert.deepEqual(joined, [{ labels: { a: '1', b: '2' }, times: [1, 2], values: [1, 2] }, point(1, { a: '2' })]);
});
