import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { evaluate } from '../../../src/adapters/scrape/promql/evaluate.ts';
import { PromqlFault } from '../../../src/adapters/scrape/promql/expression.ts';
import { parsePromql } from '../../../src/adapters/scrape/promql/parse.ts';
import type { StoredSeries } from '../../../src/adapters/scrape/promql/samples.ts';
import { selectFrom, storedSeries } from '../../support/stored-series.ts';

/** A sample every 10 s from 0. */
function every10s(labels: Record<string, string>, ...values: readonly (number | undefined)[]): StoredSeries {
  return storedSeries(
    labels,
    values.map((value, i) => [i * 10_000, value]),
  );
}

const counter = every10s({ __name__: 'c_total', job: 'a' }, 0, 10, 20, 30, 40, 50, 60);
const reset = every10s({ __name__: 'r_total', job: 'a' }, 10, 20, 30, 5, 15, 25, 35);
const gauges = [
  every10s({ __name__: 'g', job: 'a', i: '1' }, 1, 2, 3, 4, 5, 6, 7),
  every10s({ __name__: 'g', job: 'a', i: '2' }, 10, 20, 30, 40, 50, 60, 70),
  every10s({ __name__: 'g', job: 'b', i: '1' }, 5, 5, 5, 5, 5, 5, 5),
];
const size = [
  every10s({ __name__: 'size', job: 'a' }, 2, 2, 2, 2, 2, 2, 2),
  every10s({ __name__: 'size', job: 'b' }, 0, 0, 0, 0, 0, 0, 0),
];
const ended = every10s({ __name__: 'ended' }, 1, 2, undefined);
const bucket = (le: string, count: number): StoredSeries =>
  every10s({ __name__: 'h_bucket', le, job: 'a' }, ...new Array(7).fill(count));
const histogram = [bucket('0.1', 10), bucket('0.5', 90), bucket('1', 100), bucket('+Inf', 100)];
const all = [counter, reset, ...gauges, ...size, ended, ...histogram];

/** The vector at 60 s: values by labels, sorted. */
function at60s(query: string): readonly (readonly [string, number])[] {
  const series = evaluate(parsePromql(query), selectFrom(all), { start: 60_000, end: 60_000, step: 1000 });
  return series
    .map(
      ({ labels, values }) =>
        [
          Object.entries(labels)
            .sort()
            .map(([name, value]) => `${name}=${value}`)
            .join(' '),
          values[0] ?? Number.NaN,
        ] as const,
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function close(actual: readonly (readonly [string, number])[], expected: readonly (readonly [string, number])[]): void {
  assert.deepEqual(
    actual.map(([labels]) => labels),
    expected.map(([labels]) => labels),
  );
  actual.forEach(([labels, value], i) => {
    const wanted = expected[i]?.[1] ?? Number.NaN;
    const isClose = Object.is(value, wanted) || Math.abs(value - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted));
    assert.ok(isClose, `${labels}: ${value} instead of ${wanted}`);
  });
}

describe('the evaluator', () => {
  const cases: readonly (readonly [string, string, readonly (readonly [string, number])[]])[] = [
    ['a selector keeps the name', 'c_total', [['__name__=c_total job=a', 60]]],
    ['a matcher for an absent label matches the empty text', 'c_total{none=""}', [['__name__=c_total job=a', 60]]],
    ['an offset looks back', 'c_total offset 25s', [['__name__=c_total job=a', 30]]],
    ['nothing matches: an empty vector', 'nothing', []],
    ['a series that ended is gone at once', 'ended', []],
    ['and still there before', 'ended offset 45s', [['__name__=ended', 2]]],
    ['rate extends to the edges of the range', 'rate(c_total[60s])', [['job=a', 1]]],
    ['rate adds what a counter had before its reset', 'rate(r_total[60s])', [['job=a', (25 + 30) / 60]]],
    [
      'increase between the samples extends by half a distance at most',
      'increase(c_total[25s])',
      [['job=a', 20 * (25 / 20)]],
    ],
    ['a counter is not extended below zero', 'increase(c_total[2m])', [['job=a', 60]]],
    ['irate of the last two', 'irate(c_total[5m])', [['job=a', 1]]],
    ['irate right after a reset', 'irate(r_total[40s] offset 25s)', [['job=a', 0.5]]],
    ['delta of a falling gauge', 'delta(r_total[60s])', [['job=a', 25]]],
    ['one sample gives no rate', 'rate(c_total[9s])', []],
    ['deriv', 'deriv(g{i="2"}[60s])', [['i=2 job=a', 1]]],
    ['resets and changes', 'resets(r_total[60s]) + changes(c_total[60s])', [['job=a', 7]]],
    ['avg_over_time', 'avg_over_time(c_total[20s])', [['job=a', 50]]],
    ['max_over_time', 'max_over_time(r_total[60s])', [['job=a', 35]]],
    ['min_over_time', 'min_over_time(r_total[60s])', [['job=a', 5]]],
    ['sum and count over time', 'sum_over_time(c_total[20s]) / count_over_time(c_total[20s])', [['job=a', 50]]],
    ['last_over_time keeps the name', 'last_over_time(c_total[20s])', [['__name__=c_total job=a', 60]]],
    ['quantile_over_time', 'quantile_over_time(0.5, c_total[60s])', [['job=a', 30]]],
    ['stddev_over_time', 'stddev_over_time(g{i="1",job="b"}[60s])', [['i=1 job=b', 0]]],
    ['sum', 'sum(g)', [['', 82]]],
    [
      'sum by',
      'sum by (job) (g)',
      [
        ['job=a', 77],
        ['job=b', 5],
      ],
    ],
    [
      'avg without',
      'avg without (i) (g)',
      [
        ['job=a', 38.5],
        ['job=b', 5],
      ],
    ],
    ['count, min, max', 'count(g) * 100 + max(g) - min(g)', [['', 365]]],
    ['quantile', 'quantile(0.5, g)', [['', 7]]],
    [
      'arithmetic between vectors, by all labels',
      'g{i="1"} * g{i="1"}',
      [
        ['i=1 job=a', 49],
        ['i=1 job=b', 25],
      ],
    ],
    [
      'on: only these labels pair and stay',
      'sum by (job) (g) / on(job) size',
      [
        ['job=a', 38.5],
        ['job=b', Number.POSITIVE_INFINITY],
      ],
    ],
    ['ignoring: all but these', 'g{i="2"} / ignoring(i) size', [['job=a', 35]]],
    [
      'a comparison filters and keeps the name',
      'g > 6',
      [
        ['__name__=g i=1 job=a', 7],
        ['__name__=g i=2 job=a', 70],
      ],
    ],
    [
      'a comparison with the scalar first keeps the vector’s value',
      '6 < g',
      [
        ['__name__=g i=1 job=a', 7],
        ['__name__=g i=2 job=a', 70],
      ],
    ],
    [
      'bool gives 0 and 1',
      'g > bool 6',
      [
        ['i=1 job=a', 1],
        ['i=1 job=b', 0],
        ['i=2 job=a', 1],
      ],
    ],
    ['a comparison between vectors keeps the left', 'g{i="2"} > ignoring(i) size', [['__name__=g job=a', 70]]],
    [
      'and, or, unless',
      'g{job="b"} or (g and g{i="2"}) unless g{i="1"}',
      [
        ['__name__=g i=1 job=b', 5],
        ['__name__=g i=2 job=a', 70],
      ],
    ],
    [
      'histogram_quantile interpolates within a bucket',
      'histogram_quantile(0.5, h_bucket)',
      [['job=a', 0.1 + 0.4 * 0.5]],
    ],
    ['histogram_quantile of counts by le', 'histogram_quantile(0.95, sum by (le) (h_bucket))', [['', 0.75]]],
    ['histogram_quantile without +Inf', 'histogram_quantile(0.5, h_bucket{le!="+Inf"})', [['job=a', Number.NaN]]],
    ['scalars alone', '1 + 2 * 3', [['', 7]]],
    ['scalar of one element', 'scalar(c_total) / 2', [['', 30]]],
    ['scalar of several is NaN', 'scalar(g)', [['', Number.NaN]]],
    ['time', 'time()', [['', 60]]],
    ['vector', 'vector(3)', [['', 3]]],
    ['a sign drops the name', '-c_total', [['job=a', -60]]],
    [
      'clamp',
      'clamp(g, 6, 50)',
      [
        ['i=1 job=a', 7],
        ['i=1 job=b', 6],
        ['i=2 job=a', 50],
      ],
    ],
    ['powers as in Go', '1 ^ NaN + 2 ^ 3', [['', 9]]],
    ['modulo keeps the sign of the dividend', '-7 % 3', [['', -1]]],
  ];
  for (const [title, query, expected] of cases) test(`${title}: ${query}`, () => close(at60s(query), expected));

  test('goes from start to end, both included, and leaves out steps without a value', () => {
    const series = evaluate(parsePromql('ended'), selectFrom(all), { start: 0, end: 40_000, step: 5000 });
    assert.deepEqual(series, [
      { labels: { __name__: 'ended' }, times: [0, 5000, 10_000, 15_000], values: [1, 1, 2, 2] },
    ]);
  });

  test('looks back five minutes, no longer', () => {
    const last = (time: number) =>
      evaluate(parsePromql('c_total'), selectFrom(all), { start: time, end: time, step: 1 }).length;
    assert.deepEqual([last(60_000 + 299_999), last(60_000 + 300_000)], [1, 0]);
  });

  const failing: readonly (readonly [string, RegExp])[] = [
    ['g * on(job) g', /several series on the right side of \* match/],
    ['g * on(job) size', /several series on the left side/],
    ['rate({__name__=~"c_total|r_total"}[1m])', /several series with the same labels/],
  ];
  for (const [query, message] of failing) {
    test(`${query} is an error, not a choice`, () => {
      assert.throws(
        () => at60s(query),
        (fault) => fault instanceof PromqlFault && fault.kind === 'evaluation' && message.test(fault.message),
      );
    });
  }
});
