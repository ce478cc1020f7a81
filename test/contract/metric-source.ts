// What every metric source promises (src/ports/metric-source.ts), as tests.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Labels, Series } from '../../src/core/model/series.ts';
import { type Millis, millis, unixMillis } from '../../src/core/model/units.ts';
import type { MetricSource } from '../../src/ports/metric-source.ts';

/** One series to be stored: samples in Unix ms. */
export interface GivenSeries {
  readonly labels: Labels;
  readonly samples: readonly (readonly [number, number])[];
}

export interface MetricBackEnd {
  readonly source: MetricSource;
  readonly stop: () => Promise<void>;
}

export interface MetricSourceCase {
  readonly name: string;
  /** Starts a back end that holds these series. */
  readonly start: (series: readonly GivenSeries[]) => Promise<MetricBackEnd>;
  /** Why the whole suite cannot run here; false when it can. */
  readonly skip?: string | false;
  /** Tests that this back end does not pass by design, with the reason. */
  readonly except?: Readonly<Record<string, string>>;
}

/** Samples every 5 s for a minute that ends about now: back ends may refuse older ones. Off the full second, so that no edge falls on a sample. */
const origin = Math.floor(Date.now() / 1000) * 1000 - 58_777;
const every5s = (valueAt: (index: number) => number): readonly (readonly [number, number])[] =>
  Array.from({ length: 12 }, (_, i) => [origin + i * 5000, valueAt(i)] as const);

const given: readonly GivenSeries[] = [
  { labels: { __name__: 'requests_total', code: '200' }, samples: every5s((i) => i * 10) },
  { labels: { __name__: 'requests_total', code: '500' }, samples: every5s((i) => (i < 6 ? i * 2 : (i - 6) * 2)) },
  { labels: { __name__: 'in_flight' }, samples: every5s((i) => 3 + (i % 2)) },
  { labels: { __name__: 'ratio' }, samples: every5s((i) => (i === 4 ? Number.NaN : 0.5)) },
];

export function metricSourceContract({ name, start, skip = false, except = {} }: MetricSourceCase): void {
  describe(`metric source: ${name}`, { skip, timeout: 120_000 }, () => {
    let backEnd: MetricBackEnd;
    before(async () => {
      backEnd = await start(given);
    });
    after(() => backEnd?.stop());

    const options = (signal: AbortSignal = new AbortController().signal) => ({ timeout: millis(10_000), signal });
    const window = (from: number, to: number) => ({ start: unixMillis(origin + from), end: unixMillis(origin + to) });
    const range = async (query: string, from: number, to: number, step: number): Promise<readonly Series[]> => {
      const answer = await backEnd.source.range(query, window(from, to), millis(step), options());
      assert.ok(answer.ok, answer.ok ? '' : answer.error.message);
      return answer.value;
    };
    const check = (title: string, work: () => Promise<void>): void => {
      test(title, { skip: except[title] ?? false }, work);
    };

    check('evaluates at every step, both ends included', async () => {
      const [series, ...others] = await range('sum(in_flight)', 11_000, 21_000, 5000);
      assert.equal(others.length, 0);
      assert.deepEqual(series?.labels, {});
      assert.deepEqual(series?.times, [origin + 11_000, origin + 16_000, origin + 21_000]);
      assert.deepEqual(series?.values, [3, 4, 3]);
    });

    check('gives one series for each set of labels', async () => {
      const series = await range('sum by (code) (requests_total)', 51_000, 51_000, 1000);
      const byCode = new Map(series.map((each) => [each.labels['code'], each.values]));
      assert.deepEqual(
        byCode,
        new Map([
          ['200', [100]],
          ['500', [8]],
        ]),
      );
    });

    check('an empty vector is an empty list: no error, no zero', async () => {
      assert.deepEqual(await range('sum(no_such_metric)', 0, 50_000, 5000), []);
      assert.deepEqual(await range('in_flight > 100', 0, 50_000, 5000), []);
    });

    check('leaves out steps at which there is no value', async () => {
      const [series] = await range('sum(requests_total{code="200"}) > 55', 20_500, 40_500, 5000);
      assert.deepEqual(series?.values, [60, 70, 80]);
    });

    check('follows a counter over its reset', async () => {
      const series = await range('sum by (code) (increase(requests_total[30s]))', 47_000, 47_000, 1000);
      const found = Object.fromEntries(series.map((each) => [each.labels['code'], each.values[0] ?? 0]));
      assert.ok(Math.abs((found['200'] ?? 0) - 60) < 1e-6, `${found['200']}`);
      // 8 to 10, reset to 0, then 2, 4, 6: eight in 25 s, extended to 30 s.
      assert.ok(Math.abs((found['500'] ?? 0) - 9.6) < 1e-6, `${found['500']}`);
    });

    check('NaN stays NaN', async () => {
      const [series] = await range('ratio', 16_000, 26_000, 5000);
      assert.deepEqual(series?.values, [0.5, Number.NaN, 0.5]);
    });

    check('a window of more points than a back end gives at once comes whole', async () => {
      const [series] = await range('vector(1)', 0, 48_000, 4);
      assert.equal(series?.values.length, 12_001);
      assert.ok(series?.times.every((time, i) => time === origin + i * 4));
    });

    check('discovers series by their whole name, as raw samples within the window', async () => {
      const answer = await backEnd.source.discover('requests_.*|in_fl', window(9000, 21_000), options());
      assert.ok(answer.ok, answer.ok ? '' : answer.error.message);
      const codes = answer.value.map((series) => [series.labels['__name__'], series.labels['code']]).sort();
      assert.deepEqual(codes, [
        ['requests_total', '200'],
        ['requests_total', '500'],
      ]);
      const ok200 = answer.value.find((series) => series.labels['code'] === '200');
      assert.deepEqual(ok200?.times, [origin + 10_000, origin + 15_000, origin + 20_000]);
      assert.deepEqual(ok200?.values, [20, 30, 40]);
    });

    check('discovering nothing is an empty list', async () => {
      assert.deepEqual(await backEnd.source.discover('nothing_.*', window(0, 50_000), options()), {
        ok: true,
        value: [],
      });
    });

    check('a query that is no PromQL is unsupported, with the reason', async () => {
      const answer = await backEnd.source.range('sum(', window(0, 50_000), millis(5000), options());
      assert.ok(!answer.ok && answer.error.kind === 'unsupported');
      assert.match(answer.error.message, /query/);
    });

    check('an aborted call ends at once, as an error', async () => {
      const aborted = options(AbortSignal.abort());
      for (const ask of [
        () => backEnd.source.range('vector(1)', window(0, 1000), millis(500), aborted),
        () => backEnd.source.discover('in_flight', window(0, 1000), aborted),
      ]) {
        const began = performance.now();
        const answer = await ask();
        assert.ok(!answer.ok && answer.error.kind === 'timeout');
        assert.ok(performance.now() - began < 1000);
      }
    });

    check('says how fresh its samples are', async () => {
      const freshness: Millis = backEnd.source.freshness;
      assert.ok(freshness > 0 && freshness <= 60_000);
    });
  });
}
