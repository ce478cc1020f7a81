// Slopes of queries: in whatever unit the limit is written, and the one that the query's metrics are in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CanonicalUnit } from '../../../src/core/model/requirement.ts';
import type { ClauseVerdict } from '../../../src/core/model/verdict.ts';
import { seriesUnit } from '../../../src/core/slo/evidence/series-unit.ts';
import { judgeAll } from '../../../src/core/slo/judge.ts';
import type { SimulatedRequest } from '../../support/load-result-of.ts';
import {
  clauseOf,
  fixed,
  judgeInputOf,
  named,
  observationsOf,
  requirementOf,
  ruleOf,
} from '../../support/requirement-of.ts';
import { answerOf, loadFor, traffic } from './cases/simulated.ts';

/** The verdict on a gauge that rises by so much a second. */
function judge(query: string, perSecond: number, limit: number, unit: CanonicalUnit): ClauseVerdict {
  const requirement = requirementOf({
    id: 'STA',
    type: 'stability',
    options: { queries: { gauge: query } },
    require: ruleOf(clauseOf({ stat: named('slope', ['gauge']), op: 'lte', limit: fixed(limit, unit) })),
  });
  const series = [answerOf('STA/gauge', [{ value: (i) => 100 + perSecond * 5 * i }])];
  const observations = observationsOf({ load: loadFor([requirement], traffic()), series });
  const clause = judgeAll([requirement], judgeInputOf([requirement], observations)).verdicts[0]?.clauses[0];
  assert.ok(clause);
  return clause;
}

test('a limit a second, a minute or an hour is the same limit', () => {
  for (const limit of [2, 120 / 60, 7200 / 3600]) assert.equal(judge('conns', 1, limit, '/s').verdict, 'pass');
  const broken = judge('conns', 1, 0.5, '/s');
  assert.equal(broken.verdict, 'fail');
  assert.match(broken.explanation, /^slope of gauge 1\/s /);
});

test('a slope without a unit is one an hour', () => {
  assert.equal(judge('conns', 1, 3700, '').verdict, 'pass');
  assert.equal(judge('conns', 1, 3500, '').verdict, 'fail');
});

test('a gauge in seconds is compared in milliseconds', () => {
  const half = judge('avg(lat_seconds)', 0.5 / 3600, 5, 'ms/h');
  assert.equal(half.verdict, 'fail');
  assert.ok(Math.abs((half.observed?.value ?? 0) - 500) < 1e-6, half.explanation);
  assert.equal(judge('avg(lat_milliseconds)', 0.5 / 3600, 5, 'ms/h').verdict, 'pass');
});

test('where the unit is not known a limit with one is an error, not a verdict', () => {
  const found = judge('avg(lat)', 0.5 / 3600, 5, 'ms/h');
  assert.equal(found.verdict, 'error');
  assert.match(found.explanation, /does not say that its values are time/);
  assert.equal(judge('avg(lat_seconds)', 0, 5, 'B/h').verdict, 'error');
});

test('metrics say their unit by name', () => {
  const factors: readonly (readonly [string, string | undefined])[] = [
    ['avg(lat_seconds)', 'ms 1000'],
    ['lat_ms', 'ms 1'],
    ['sum by (job) (heap_used_bytes{service="a/b * 2"})', 'B 1'],
    ['max_over_time(heap_bytes[5m:10s] offset 5m)', 'B 1'],
    ['rate(lat_seconds_sum[1m]) / rate(lat_seconds_count[1m])', 'ms 1000'],
    ['histogram_quantile(0.95, sum by (le) (rate(lat_seconds_bucket[1m])))', 'ms 1000'],
    ['a_bytes - b_bytes', 'B 1'],
    ['1000 * avg(lat_seconds)', undefined],
    ['avg(lat_seconds) / 60', undefined],
    ['a_bytes / b_bytes', undefined],
    ['a_bytes - b_seconds', undefined],
    ['rate(cpu_seconds_total[1m])', undefined],
    ['conns', undefined],
    ['', undefined],
  ];
  for (const [query, wanted] of factors) {
    const found = seriesUnit(query);
    assert.equal(found && `${found.unit} ${found.factor}`, wanted, query);
  }
});

const slope = requirementOf({
  id: 'SLOPE',
  type: 'stability',
  require: ruleOf(clauseOf({ stat: named('slope', ['p95']), op: 'lte', limit: fixed(60, 'ms/h') })),
});

function judgeLoad(requests: readonly SimulatedRequest[]): ClauseVerdict {
  const observations = observationsOf({ load: loadFor([slope], requests) });
  const clause = judgeAll([slope], judgeInputOf([slope], observations)).verdicts[0]?.clauses[0];
  assert.ok(clause);
  return clause;
}

const failed = (request: SimulatedRequest): SimulatedRequest => ({ ...request, latencyMs: 2, failed: true });

test('latency that sinks because requests fail is not stable', () => {
  assert.equal(judgeLoad(traffic()).verdict, 'pass');
  for (const from of [0, 6000]) {
    const found = judgeLoad(traffic().map((request, i) => (i >= from ? failed(request) : request)));
    assert.deepEqual([found.verdict, found.reason], ['inconclusive', 'unsteady'], found.explanation);
    assert.match(found.explanation, /slices have no p95/);
  }
  const slower = traffic().map((request, i) => ({ ...request, latencyMs: 40 + i / 100 }));
  const rising = judgeLoad(slower.map((request, i) => (i > 11_500 ? failed(request) : request)));
  assert.equal(rising.verdict, 'fail', rising.explanation);
});
