// How metric sources are asked: each requirement in its own slices.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok } from '../../../src/core/model/result.ts';
import { unixMillis } from '../../../src/core/model/units.ts';
import { needsOf } from '../../../src/core/slo/needs.ts';
import { readMetrics } from '../../../src/verify/read-metrics.ts';
import { judgeInputOf, observationsOf } from '../../support/requirement-of.ts';
import { shopVerification } from '../../support/verified-run.ts';

/** Query and step of every question, in the order of the requirements. */
async function asked(...requirements: readonly string[]): Promise<readonly (readonly [string, number])[]> {
  const verification = shopVerification(requirements);
  const { evaluation } = verification;
  const needs = needsOf(verification.requirements, {
    ...judgeInputOf(verification.requirements, observationsOf()),
    evaluation,
  });
  const questions: [string, number][] = [];
  const source = {
    name: 'prom',
    freshness: 0,
    range: async (query: string, _window: unknown, step: number) => {
      questions.push([query, step]);
      return ok([]);
    },
    discover: async () => ok([]),
  };
  const clock = { now: () => 1e15, sleep: async () => undefined };
  const backends = { metrics: new Map([['prom', source]]), clock };
  const input = { verification, needs, load: undefined, options: { signal: AbortSignal.timeout(1000) }, backends };
  const window = { start: unixMillis(0), end: unixMillis(480_000) };
  const found = await readMetrics(input as never, window);
  assert.deepEqual(
    found.series.map(({ step }) => step),
    questions.map(([, step]) => step),
  );
  return questions;
}

test('a requirement is read in slices of its own', async () => {
  const saturation = (rest: string) =>
    `{ id: SAT, type: saturation, ${rest} query: "max_over_time(x[{{.slice}}])", require: value <= 0.8 }`;
  assert.deepEqual(await asked(saturation('')), [['max_over_time(x[5s])', 5000]]);
  assert.deepEqual(await asked(saturation('slice: 1m,')), [['max_over_time(x[60s])', 60_000]]);
  assert.deepEqual(await asked(saturation('slice: 100ms,')), [['max_over_time(x[1s])', 1000]]);
});

test('a sustained rate is read in the slices of its stretch', async () => {
  const rate =
    '{ id: THR, type: throughput, source: server, query: "sum(increase(x[{{.slice}}]))", require: rate >= 5/s, sustained: { for: 4m, slice: 10s } }';
  assert.deepEqual(await asked(rate), [['sum(increase(x[10s]))', 10_000]]);
});
