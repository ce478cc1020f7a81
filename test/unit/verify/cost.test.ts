// What a cost charges: the resources that the judged phases used, all of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../../src/core/model/run.ts';
import { judgeAll } from '../../../src/core/slo/judge.ts';
import type { SimulatedPhase } from '../../support/load-result-of.ts';
import {
  clauseOf,
  fixed,
  judgeInputOf,
  named,
  observationsOf,
  requirementOf,
  ruleOf,
} from '../../support/requirement-of.ts';
import { freshStore, shopVerification, verifyWorld } from '../../support/verified-run.ts';
import { instantOf, loadFor, traffic } from '../core-slo/cases/simulated.ts';

const minutes5 = 300_000;
const names = ['a', 'b', 'c'];
const phases: readonly SimulatedPhase[] = names.map((name, i) => ({
  name,
  startMs: i * minutes5,
  endMs: (i + 1) * minutes5,
}));

interface Charged {
  readonly run: Run;
  /** As they were asked, windows filled in. */
  readonly queries: readonly string[];
}

/** Three phases of five minutes at 40/s; the resource costs 1 USD an hour, and there are two of it. */
async function charge(
  where: string,
  judged: readonly string[],
  usage = '2 * {{.windowSeconds}} / 3600',
): Promise<Charged> {
  const requirement = `{ id: C-1, type: cost, ${where} prices: { cpu: 1 USD }, usage: { cpu: "${usage}" }, require: costPer1k(requests) <= 0.02 USD }`;
  const verification = shopVerification([requirement], {
    judged,
    phases: names.map((name) => `{ name: ${name}, rate: 40/s, duration: 5m }`),
  });
  const queries: string[] = [];
  const world = {
    phases,
    requests: names.flatMap((phase, i) => traffic({ phase, startMs: i * minutes5 })),
    answer: (query: string) => {
      queries.push(query);
      return [() => (2 * Number(/2 \* (\d+)/.exec(query)?.[1] ?? 300)) / 3600];
    },
  };
  return { run: await verifyWorld(verification, world, freshStore(), '01'), queries };
}

// 2 units for 300 s at 1 USD an hour are 0.1667 USD for 12,000 requests.
const perThousand = (2 * 300) / 3600 / 12;

test('a requirement on one phase pays for that phase', async () => {
  const { run, queries } = await charge('where: { phase: b },', ['a', 'b', 'c']);
  assert.deepEqual(queries, ['2 * 300 / 3600']);
  const [verdict] = run.verdicts;
  assert.ok(Math.abs((verdict?.clauses[0]?.observed?.value ?? 0) - perThousand) < 1e-9, verdict?.explanation);
  assert.equal(verdict?.verdict, 'pass');
});

test('a phase between judged ones is not charged', async () => {
  const { run, queries } = await charge('', ['a', 'c']);
  assert.deepEqual(queries, ['2 * 300 / 3600', '2 * 300 / 3600']);
  assert.ok(Math.abs((run.verdicts[0]?.clauses[0]?.observed?.value ?? 0) - perThousand) < 1e-9);
});

test('phases that follow each other are one window', async () => {
  const { queries } = await charge('', ['a', 'b']);
  assert.deepEqual(queries, ['2 * 600 / 3600']);
});

test('a query that looks over no window is asked once', async () => {
  const { queries } = await charge('', ['a', 'c'], 'cpu_hours');
  assert.deepEqual(queries, ['cpu_hours']);
});

test('half of a pair of price and usage is never a pass', () => {
  for (const options of [
    { prices: { cpu: 0.04, mem: 1000 }, usage: { cpu: 'cpu' } },
    { prices: { cpu: 0.04 }, usage: { cpu: 'cpu', mem: 'mem' } },
  ]) {
    const requirement = requirementOf({
      id: 'C-1',
      type: 'cost',
      source: 'server',
      options,
      require: ruleOf(clauseOf({ stat: named('costPer1k', ['requests']), op: 'lte', limit: fixed(1, 'USD') })),
    });
    const series = [instantOf('C-1/cpu', 0.1), instantOf('C-1/mem', 0.1)].slice(0, Object.keys(options.usage).length);
    const load = loadFor([requirement], traffic());
    const [verdict] = judgeAll([requirement], judgeInputOf([requirement], observationsOf({ load, series }))).verdicts;
    assert.equal(verdict?.verdict, 'inconclusive', verdict?.explanation);
    assert.match(verdict.explanation, /mem/);
  }
});
