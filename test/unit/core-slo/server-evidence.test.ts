// What the server's own metrics say: bucket edges, status codes, holes, lost counters, queries that are asked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeriesObservation } from '../../../src/core/model/observations.ts';
import type { Requirement } from '../../../src/core/model/requirement.ts';
import type { Verdict } from '../../../src/core/model/verdict.ts';
import { judgeAll } from '../../../src/core/slo/judge.ts';
import { needsOf } from '../../../src/core/slo/needs.ts';
import {
  clauseOf,
  fixed,
  judgeInputOf,
  named,
  observationsOf,
  quantile,
  requirementOf,
  ruleOf,
} from '../../support/requirement-of.ts';
import { answerOf, loadFor, type SeriesCase, traffic } from './cases/simulated.ts';

const latency = (limit: number): Requirement =>
  requirementOf({
    id: 'LAT',
    type: 'latency',
    source: 'server',
    where: { service: 'checkout', route: 'POST /checkout', labels: {} },
    require: ruleOf(clauseOf({ stat: quantile(0.95), op: 'lte', limit: fixed(limit), text: `p95 <= ${limit}ms` })),
  });

function judge(requirement: Requirement, series: SeriesObservation): Verdict {
  const load = loadFor([requirement], traffic());
  const input = judgeInputOf([requirement], observationsOf({ load, series: [series] }));
  const verdict = judgeAll([requirement], input).verdicts[0];
  assert.ok(verdict);
  return verdict;
}

/** 200 requests a slice; `slow` of them between 250 and 500 ms, `failed` answered fast with 500. */
function buckets(slow: number, failed = 0, change: SeriesCase['value'] = () => 0): SeriesObservation {
  const at = (le: string, good: number, bad: number): SeriesCase[] => [
    { labels: { le, http_response_status_code: '200' }, value: (i, n) => good + change(i, n) },
    ...(failed > 0 ? [{ labels: { le, http_response_status_code: '500' }, value: () => bad }] : []),
  ];
  return answerOf('LAT/buckets', [
    ...at('0.1', 150 - failed, failed),
    ...at('0.25', 200 - slow - failed, failed),
    ...at('0.5', 200 - failed, failed),
    ...at('+Inf', 200 - failed, failed),
  ]);
}

test('the query asks for the route of the service, slice by slice', () => {
  const [query] = needsOf([latency(250)], judgeInputOf([], observationsOf())).queries;
  assert.equal(
    query?.query,
    'sum by (le, http_response_status_code) (increase(http_server_request_duration_seconds_bucket{service_name="checkout",http_request_method="POST",http_route="/checkout"}[{{.slice}}]))',
  );
  assert.equal(query?.mode, 'slices');
});

test('a limit on an edge is judged exactly', () => {
  assert.equal(judge(latency(250), buckets(2)).verdict, 'pass');
  assert.equal(judge(latency(250), buckets(40)).verdict, 'fail');
  assert.equal(judge(latency(500), buckets(40)).verdict, 'pass');
});

test('failed requests are slow ones here too', () => {
  assert.equal(judge(latency(500), buckets(0, 40)).verdict, 'fail');
});

test('between two edges it decides only where both agree', () => {
  assert.equal(judge(latency(300), buckets(2)).verdict, 'pass');
  const open = judge(latency(300), buckets(40));
  assert.equal(open.reason, 'bucket-too-coarse');
  assert.match(open.need ?? '', /between the bucket edges 250 ms and 500 ms/);
});

test('beyond the last finite edge nothing is known', () => {
  const open = judge(latency(2000), {
    ...buckets(2),
    series: buckets(2).series.map((series) =>
      series.labels['le'] === '+Inf' ? { ...series, values: series.values.map(() => 240) } : series,
    ),
  });
  assert.equal(open.reason, 'bucket-too-coarse');
});

test('a lost counter and a hole make it stale', () => {
  const lost = judge(
    latency(250),
    buckets(2, 0, (i) => (i === 20 ? -900 : 0)),
  );
  assert.equal(lost.reason, 'stale-data');
  assert.match(lost.need ?? '', /went backwards/);
  const hole = judge(
    latency(250),
    buckets(2, 0, (i) => (i > 20 && i < 25 ? Number.NaN : 0)),
  );
  assert.equal(hole.reason, 'stale-data');
  assert.match(hole.need ?? '', /20 s without one/);
});

test('series without buckets are no histogram', () => {
  const verdict = judge(latency(250), answerOf('LAT/buckets', [{ value: () => 3 }]));
  assert.equal(verdict.reason, 'no-data');
});

const errors = requirementOf({
  id: 'ERR',
  type: 'errors',
  source: 'server',
  require: ruleOf(clauseOf({ stat: named('rate'), op: 'lte', limit: fixed(0.01, 'ratio'), text: 'rate <= 1%' })),
});

const byStatus = (...counts: readonly (readonly [string, number])[]): SeriesObservation =>
  answerOf(
    'ERR/status',
    counts.map(([status, count]) => ({ labels: { http_response_status_code: status }, value: () => count })),
  );

test('no series of failures beside one of successes is a true zero', () => {
  assert.equal(judge(errors, byStatus(['200', 100])).verdict, 'pass');
  assert.equal(judge(errors, byStatus(['200', 100], ['503', 20])).verdict, 'fail');
  assert.equal(judge(errors, byStatus(['200', 100], ['404', 20])).verdict, 'pass');
  assert.equal(judge(errors, byStatus()).reason, 'no-data');
});

const unknown: readonly (readonly [string, SeriesCase[], RegExp])[] = [
  ['no label at all', [{ value: () => 500 }], /found no label at all/],
  ['another label', [{ labels: { pod: 'a' }, value: () => 500 }], /found pod="a"/],
  [
    'a status of spans',
    [{ labels: { status_code: 'STATUS_CODE_ERROR' }, value: () => 500 }],
    /found status_code="STATUS_CODE_ERROR"/,
  ],
];
for (const [name, series, said] of unknown)
  test(`${name} says nothing of failures`, () => {
    const verdict = judge(errors, answerOf('ERR/status', series));
    assert.deepEqual([verdict.verdict, verdict.reason], ['inconclusive', 'no-data'], verdict.explanation);
    assert.match(verdict.explanation, said);
  });

test('the status of a mesh counts, and what has none beside others got no reply', () => {
  const mesh = (status: string) => answerOf('ERR/status', [{ labels: { response_code: status }, value: () => 500 }]);
  assert.equal(judge(errors, mesh('503')).verdict, 'fail');
  assert.equal(judge(errors, mesh('200')).verdict, 'pass');
  const aborted = answerOf('ERR/status', [
    { labels: { response_code: '200' }, value: () => 400 },
    { labels: { response_code: '0' }, value: () => 100 },
  ]);
  assert.equal(judge(errors, aborted).verdict, 'fail');
});

test('a series of failures that is NaN is not none', () => {
  const series = answerOf('ERR/status', [
    { labels: { code: '200' }, value: () => 100 },
    { labels: { code: '500' }, value: () => Number.NaN },
  ]);
  const verdict = judge(errors, series);
  assert.deepEqual([verdict.verdict, verdict.reason], ['inconclusive', 'stale-data'], verdict.explanation);
});

test('a slice that is not a number in one series holds nothing of the others', () => {
  const series = answerOf('ERR/status', [
    { labels: { code: '200' }, value: (i) => (i === 7 ? Number.NaN : 100) },
    { labels: { code: '500' }, value: () => 50 },
  ]);
  const verdict = judge(errors, series);
  assert.deepEqual(
    [verdict.verdict, verdict.clauses[0]?.decision?.samples, verdict.clauses[0]?.decision?.bad],
    ['fail', 59 * 150, 59 * 50],
  );
});

test('goodput needs the statuses, the rate of all requests does not', () => {
  const rateOf = (stat: string): Requirement =>
    requirementOf({
      id: 'THR',
      type: 'throughput',
      source: 'server',
      require: ruleOf(clauseOf({ stat: named(stat), op: 'gte', limit: fixed(50, '/s'), text: `${stat} >= 50/s` })),
    });
  const plain = answerOf('THR/status', [{ value: () => 500 }]);
  assert.equal(judge(rateOf('rate'), plain).verdict, 'pass');
  assert.equal(judge(rateOf('goodput'), plain).reason, 'no-data');
  const failing = answerOf('THR/status', [{ labels: { response_code: '503' }, value: () => 500 }]);
  assert.equal(judge(rateOf('goodput'), failing).verdict, 'fail');
});

test('a bucket that is missing in a slice is not an empty one', () => {
  const whole = buckets(2);
  const torn = {
    ...whole,
    series: whole.series.map((series) =>
      series.labels['le'] === '0.25'
        ? { ...series, values: series.values.map((value, i) => (i % 2 === 0 ? Number.NaN : value)) }
        : series,
    ),
  };
  const verdict = judge(latency(250), torn);
  assert.deepEqual([verdict.verdict, verdict.reason], ['inconclusive', 'stale-data'], verdict.explanation);
  assert.match(verdict.need ?? '', /in 30 of 60 slices a bucket has no value/);
});

test('failures that no status tells are said not to be told', () => {
  const plain = {
    ...buckets(2),
    series: buckets(2).series.map((series) => ({ ...series, labels: { le: series.labels['le'] ?? '' } })),
  };
  const verdict = judge(latency(250), plain);
  assert.equal(verdict.verdict, 'pass', verdict.explanation);
  assert.match(verdict.notes.join(), /does not split by an HTTP status/);
});

test('count: says which statuses are errors', () => {
  const counting = { ...errors, options: { count: ['404', '5xx'] } };
  assert.equal(judge(counting, byStatus(['200', 100], ['404', 20])).verdict, 'fail');
});

test('count: at the client scales the failures and keeps their number', () => {
  const client = requirementOf({ id: 'ERR', type: 'errors', require: errors.require, options: { count: ['5xx'] } });
  const requests = traffic({ failed: 0.1 }).map((request, i) => ({
    ...request,
    status: request.failed ? (i % 100 === 0 ? 500 : 404) : 200,
  }));
  const load = loadFor([client], requests);
  const served = requests.filter((request) => request.status === 500).length;
  const [verdict] = judgeAll([client], judgeInputOf([client], observationsOf({ load }))).verdicts;
  assert.equal(verdict?.verdict, 'pass', verdict?.explanation);
  assert.ok(Math.abs((verdict?.clauses[0]?.decision?.bad ?? 0) - served) < 1e-6);
});
