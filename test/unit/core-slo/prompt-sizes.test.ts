// The time to the first token told by length of prompt: what is watched, and what is said of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { histogramOf } from '../../../src/core/model/histogram-data.ts';
import type { LoadResult } from '../../../src/core/model/load.ts';
import { judgeAll } from '../../../src/core/slo/judge.ts';
import { needsOf } from '../../../src/core/slo/needs.ts';
import { loadResultOf } from '../../support/load-result-of.ts';
import {
  clauseOf,
  fixed,
  judgeInputOf,
  observationsOf,
  quantile,
  requirementOf,
  ruleOf,
} from '../../support/requirement-of.ts';

const rule = ruleOf(clauseOf({ stat: quantile(0.95), op: 'lte', limit: fixed(400), text: 'p95 <= 400ms' }));
const plain = requirementOf({ id: 'LLM-01', type: 'ttft', require: rule });
const bySize = { ...plain, options: { buckets: 'inputTokens' } };

const watchesOf = (requirement: typeof plain) =>
  needsOf([requirement], judgeInputOf([requirement], observationsOf())).watches;

test('every prompt falls into one size, and only where the document asks', () => {
  assert.equal(watchesOf(plain).length, 1);
  const [all, ...sizes] = watchesOf(bySize);
  assert.equal(all?.inputTokens, undefined);
  assert.deepEqual(
    sizes.map(({ inputTokens }) => inputTokens?.above),
    [0, 128, 512, 2048, 8192],
  );
  for (const [i, { inputTokens }] of sizes.entries())
    assert.equal(inputTokens?.upTo, sizes[i + 1]?.inputTokens?.above ?? Number.MAX_SAFE_INTEGER);
});

test('sizes that were seen are told with their own percentile, others are left out', () => {
  const requests = Array.from({ length: 300 }, (_, i) => ({ atMs: i * 100, latencyMs: 900, values: { ttft: 50 } }));
  const phases = [{ name: 'peak', startMs: 0, endMs: 30_000 }];
  const load = loadResultOf({ requests, phases, watches: watchesOf(bySize) });
  const seen: Readonly<Record<string, readonly number[]>> = {
    'LLM-01/input-0': [40_000, 41_000],
    'LLM-01/input-4': [900_000],
  };
  const watched: LoadResult = {
    ...load,
    watches: load.watches.map((watch) =>
      watch.id === 'LLM-01' ? watch : { ...watch, histogram: histogramOf(seen[watch.id] ?? []) },
    ),
  };
  const input = judgeInputOf([bySize], observationsOf({ load: watched }));
  assert.deepEqual(judgeAll([bySize], input).verdicts[0]?.notes, [
    'p95 by length of the prompt: 41 ms up to 128 tokens (2 answers), 900 ms beyond 8,192 tokens (1 answer)',
  ]);
});
