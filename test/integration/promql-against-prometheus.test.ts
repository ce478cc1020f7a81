// The embedded evaluator must say what a real Prometheus says on the same samples: fixed queries, and queries made at random.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { prometheusMetricSource } from '../../src/adapters/prometheus/prometheus-metric-source.ts';
import { evaluate } from '../../src/adapters/scrape/promql/evaluate.ts';
import { PromqlFault } from '../../src/adapters/scrape/promql/expression.ts';
import { parsePromql } from '../../src/adapters/scrape/promql/parse.ts';
import type { Series } from '../../src/core/model/series.ts';
import { millis, unixMillis } from '../../src/core/model/units.ts';
import type { MetricSource } from '../../src/ports/metric-source.ts';
import type { GivenSeries } from '../contract/metric-source.ts';
import { exposition } from '../support/exposition.ts';
import { type StartedPrometheus, startPrometheus } from '../support/peers/prometheus.ts';
import { prometheusData } from '../support/peers/prometheus-data.ts';
import { skipWithout } from '../support/peers/skip-without.ts';
import { selectFrom, storedSeries } from '../support/stored-series.ts';

const origin = 1_700_000_000_000;
const seconds = 600;

/** A small generator of our own, so that the samples are the same every day. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** About every 5 s, never on a full 100 ms, some missing: no edge of a range falls on a sample. */
function sampled(
  seed: number,
  next: (previous: number, chance: number, index: number) => number,
): GivenSeries['samples'] {
  const chance = random(seed);
  const samples: [number, number][] = [];
  let value = Math.floor(chance() * 50);
  for (let i = 0; i < seconds / 5; i += 1) {
    value = next(value, chance(), i);
    const time = origin + i * 5000 + Math.floor(chance() * 40) * 100 + 37;
    if (chance() > 0.08) samples.push([time, value]);
  }
  return samples;
}

const counter = (previous: number, chance: number): number =>
  chance < 0.04 ? Math.floor(chance * 100) : previous + Math.floor(chance * 20);
const gauge = (_previous: number, chance: number): number =>
  chance < 0.03 ? Number.NaN : Math.round(chance * 1000) / 10 - 20;

const jobs = ['checkout', 'cart'];
const given: readonly GivenSeries[] = [
  ...jobs.flatMap((job, j) =>
    ['200', '404', '500'].map((code, c) => ({
      labels: { __name__: 'requests_total', job, code },
      samples: sampled(j * 10 + c, counter),
    })),
  ),
  ...jobs.flatMap((job, j) =>
    ['a', 'b'].map((instance, i) => ({
      labels: { __name__: 'in_flight', job, instance },
      samples: sampled(100 + j * 10 + i, gauge),
    })),
  ),
  ...jobs.map((job, j) => ({ labels: { __name__: 'pool_size', job }, samples: sampled(200 + j, () => 10 + j) })),
  ...jobs.flatMap((job, j) => histogram(job, 300 + j)),
];

function histogram(job: string, seed: number): readonly GivenSeries[] {
  const edges = ['0.05', '0.1', '0.25', '0.5', '1', '+Inf'];
  const counts = edges.map((_edge, e) =>
    sampled(seed, (previous, chance) => previous + Math.floor(chance * 10) * (e + 1)),
  );
  return edges.map((le, e) => ({ labels: { __name__: 'latency_seconds_bucket', job, le }, samples: counts[e] ?? [] }));
}

const queries: readonly string[] = [
  'requests_total',
  'requests_total{code=~"4..|5.."}',
  'requests_total{code!="200", job=~".+art"}',
  '{__name__=~"pool_.*"}',
  'in_flight offset 42s',
  'pool_size offset -1m',
  ...['rate', 'increase', 'irate', 'delta', 'idelta', 'deriv', 'changes', 'resets'].flatMap((name) => [
    `${name}(requests_total[1m])`,
    `${name}(requests_total[17s])`,
    `${name}(in_flight[2m])`,
  ]),
  ...['avg', 'min', 'max', 'sum', 'count', 'last', 'present', 'stddev', 'stdvar'].map(
    (name) => `${name}_over_time(in_flight[45s])`,
  ),
  ...[-1, 0, 0.3, 0.99, 1, 2].map((phi) => `quantile_over_time(${phi}, in_flight[1m])`),
  ...['sum', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar'].flatMap((name) => [
    `${name}(in_flight)`,
    `${name} by (job) (rate(requests_total[1m]))`,
    `${name} without (code) (requests_total)`,
  ]),
  'quantile by (job) (0.7, in_flight)',
  'sum by (nothing) (requests_total)',
  ...[0, 0.5, 0.9, 0.99, 1, -0.5, 1.5].map(
    (phi) => `histogram_quantile(${phi}, sum by (le, job) (rate(latency_seconds_bucket[1m])))`,
  ),
  'histogram_quantile(0.9, latency_seconds_bucket{le!="+Inf"})',
  'histogram_quantile(0.9, rate(latency_seconds_bucket[30s]))',
  'sum by (job) (rate(requests_total{code="500"}[1m])) / sum by (job) (rate(requests_total[1m]))',
  'sum by (job) (in_flight) / on(job) pool_size',
  'in_flight{instance="a"} - ignoring(instance) in_flight{instance="b"}',
  'in_flight > 50',
  '50 < in_flight',
  'in_flight > bool 50',
  'in_flight == in_flight',
  'in_flight != bool in_flight',
  'in_flight{instance="a"} >= ignoring(instance) pool_size',
  'in_flight{instance="a"} > bool on(job) pool_size',
  'requests_total and on(job) pool_size > 10',
  'requests_total unless ignoring(code) pool_size',
  'pool_size or in_flight',
  'pool_size or on(job) in_flight',
  '-in_flight ^ 2',
  'in_flight % 7 * 2 - 1 / 3',
  '2 ^ 3 ^ 2 - -1',
  'time() - 1700000000',
  'vector(7) + 1',
  'scalar(pool_size{job="cart"}) * in_flight',
  'scalar(in_flight)',
  'abs(in_flight) + ceil(in_flight) + floor(in_flight)',
  'sqrt(pool_size) + exp(pool_size) + ln(pool_size) + log2(pool_size) + log10(pool_size)',
  'clamp(in_flight, 0, 30)',
  'clamp_min(clamp_max(in_flight, 40), -5)',
  'no_such_metric',
  'Inf * in_flight',
];

describe('PromQL beside a real Prometheus', { skip: skipWithout('prometheus'), timeout: 120_000 }, () => {
  const select = selectFrom(given.map(({ labels, samples }) => storedSeries(labels, samples)));
  let prometheus: StartedPrometheus;
  let source: MetricSource;
  let removeData: () => Promise<void>;
  before(async () => {
    const data = await prometheusData(exposition(given, 'openmetrics'));
    removeData = data.remove;
    prometheus = await startPrometheus({ dataFolder: data.path });
    source = prometheusMetricSource({ url: prometheus.url, headers: {} });
  });
  after(async () => {
    await prometheus?.stop();
    await removeData?.();
  });

  /** From before the first sample to ten minutes behind the last, so that the look-back ends within. */
  async function compare(query: string, step: number): Promise<void> {
    const window = { start: unixMillis(origin - 20_000), end: unixMillis(origin + seconds * 1000 + 400_000) };
    const theirs = await source.range(query, window, millis(step), {
      timeout: millis(20_000),
      signal: new AbortController().signal,
    });
    const ours = attempt(() => evaluate(parsePromql(query), select, { ...window, step }));
    if (!theirs.ok) {
      // It also refuses series that would be alike at different times only; each time by itself, as an instant query, has an answer.
      if (/same labelset/.test(theirs.error.message)) return;
      assert.ok(ours instanceof PromqlFault, `${query}: Prometheus refuses it (${theirs.error.message}), we do not`);
      return;
    }
    if (ours instanceof PromqlFault) {
      // What is not in the subset says so by itself; everything else must be taken.
      assert.ok(ours.kind === 'unsupported' || /many-to-one/.test(ours.message), `${query}: ${ours.message}`);
      return;
    }
    assertSame(query, ours, theirs.value);
  }

  for (const query of queries) test(query, () => compare(query, 15_000));

  test('queries made at random', async () => {
    await fc.assert(
      fc.asyncProperty(vectorQuery, (query) => compare(query, 60_000)),
      { numRuns: 300 },
    );
  });
});

function attempt(work: () => readonly Series[]): readonly Series[] | PromqlFault {
  try {
    return work();
  } catch (fault) {
    if (fault instanceof PromqlFault) return fault;
    throw fault;
  }
}

function assertSame(query: string, ours: readonly Series[], theirs: readonly Series[]): void {
  const byLabels = (series: readonly Series[]) =>
    new Map(series.map((each) => [JSON.stringify(Object.entries(each.labels).sort()), each]));
  const expected = byLabels(theirs);
  const actual = byLabels(ours);
  assert.deepEqual([...actual.keys()].sort(), [...expected.keys()].sort(), query);
  for (const [labels, wanted] of expected) {
    const found = actual.get(labels);
    assert.deepEqual(found?.times, wanted.times, `${query} ${labels}`);
    wanted.values.forEach((value, i) => {
      const ourValue = found?.values[i] ?? 0;
      const isSame = Object.is(ourValue, value) || Math.abs(ourValue - value) <= 1e-9 * Math.max(1, Math.abs(value));
      assert.ok(
        isSame || ourValue === value,
        `${query} ${labels} at ${wanted.times[i]}: ${ourValue}, Prometheus says ${value}`,
      );
    });
  }
}

const selector = fc.constantFrom(
  'requests_total',
  'in_flight',
  'pool_size',
  'requests_total{code="500"}',
  'in_flight{job="cart"}',
  'latency_seconds_bucket',
);
const rangeFunction = fc.constantFrom(
  'rate',
  'increase',
  'irate',
  'delta',
  'deriv',
  'max_over_time',
  'avg_over_time',
  'sum_over_time',
  'resets',
);
const duration = fc.constantFrom('13s', '31s', '1m', '3m', '1m30s');
const operator = fc.constantFrom('+', '-', '*', '/', '%', '>', '<=', '==', '> bool', 'and', 'or', 'unless');
const matching = fc.constantFrom('', ' on(job)', ' ignoring(code, instance)', ' on(job, instance)');
const grouping = fc.constantFrom('', ' by (job)', ' without (instance, code)', ' by (le)');
const number = fc.constantFrom('0', '1', '2.5', '-3');

const { vector: vectorQuery } = fc.letrec<{ vector: string; simple: string }>((tie) => ({
  simple: fc.oneof(
    selector,
    fc.tuple(rangeFunction, selector, duration).map(([name, inner, range]) => `${name}(${inner}[${range}])`),
  ),
  vector: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    tie('simple'),
    fc
      .tuple(fc.constantFrom('sum', 'avg', 'max', 'min', 'count', 'stddev'), grouping, tie('vector'))
      .map(([op, by, inner]) => `${op}${by} (${inner})`),
    fc
      .tuple(tie('vector'), operator, matching, tie('vector'))
      .map(([left, op, on, right]) => `(${left}) ${op}${on} (${right})`),
    fc
      .tuple(tie('vector'), fc.constantFrom('+', '*', '>', '< bool', '^'), number)
      .map(([left, op, right]) => `(${left}) ${op} ${right}`),
    fc
      .tuple(fc.constantFrom('abs', '-', 'histogram_quantile'), tie('vector'))
      .map(([name, inner]) =>
        name === 'histogram_quantile' ? `histogram_quantile(0.9, ${inner})` : `${name}(${inner})`,
      ),
  ),
}));
