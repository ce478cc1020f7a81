// Limits that say something are accepted; those that always or never hold, and those whose parts contradict each other, are refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentWith, parseYaml } from '../../support/parse-yaml.ts';

/** `type` and whatever fields it needs, and the rule. */
type Case = readonly [fields: string, rule: string];

const around = `
---
apiVersion: openslo/v1
kind: SLO
metadata: { name: checkout-fast }
spec:
  service: checkout
  indicator: { metadata: { name: i }, spec: { ratioMetric: { good: { metricSource: { spec: { query: a } } }, total: { metricSource: { spec: { query: b } } } } } }
  objectives: [{ target: 0.99 }]
`;

function codesOf([fields, rule]: Case): readonly string[] {
  const requirements = `    - { id: CHK-02, type: latency, require: p99 <= 300ms }\n    - id: CHK-01\n      type: ${fields.replaceAll('; ', '\n      ')}\n      require: ${rule}\n`;
  const { diagnostics } = parseYaml(documentWith({ requirements }) + around);
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}

const accepted: readonly Case[] = [
  ['latency', 'max <= 2s and min >= 1ms'],
  ['latency', 'p95 between 0ms and 300ms'],
  ['errors', 'rate <= 0%'],
  ['errors', 'rate between 0% and 1%'],
  ['errors', 'count <= 0'],
  ['errorBudget; sloRef: checkout-fast', 'remaining >= 0%'],
  ['errorBudget; sloRef: checkout-fast', 'remaining >= -10%'],
  ['errorBudget; sloRef: checkout-fast', 'burnRate(1h) <= 1'],
  ['scalability; levels: { idle: 1, peak: 2 }', 'efficiency(2) >= 110%'],
  ['saturation; query: a', 'value >= -5'],
  ['stability; queries: { heap: a_bytes }', 'slope(heap) >= -10MiB/h'],
  ['degradation', 'p95(peak) <= 2 x p95(idle)'],
  ['degradation', 'p95 <= 0.0000001 x mean(idle)'],
  ['retries; where: { edge: a -> b }', 'amplification between 1 and 1.05'],
];

for (const each of accepted) {
  test(`${each[0]}: ${each[1]} is accepted`, () => assert.deepEqual(codesOf(each), []));
}

const refused: readonly (readonly [...Case, string])[] = [
  ['latency', 'max >= 300ms', 'SPEC_RULE_LIMIT'],
  ['latency', 'max == 300ms', 'SPEC_RULE_LIMIT'],
  ['latency', 'max between 1ms and 300ms', 'SPEC_RULE_LIMIT'],
  ['latency', 'min <= 300ms', 'SPEC_RULE_LIMIT'],
  ['latency', 'min between 1ms and 300ms', 'SPEC_RULE_LIMIT'],
  ['concurrency; where: { service: a }', 'max in_flight >= 10', 'SPEC_RULE_LIMIT'],
  ['retries; where: { edge: a -> b }', 'max attempts > 1', 'SPEC_RULE_LIMIT'],
  ['fanout; where: { edge: a -> b }', 'max callsPerRequest >= 1', 'SPEC_RULE_LIMIT'],
  ['latency', 'p99 <= 300ms in 0% of slices', 'SPEC_RULE_IMPOSSIBLE'],
  ['latency', 'p99 <= 300ms over 0s', 'SPEC_VALUE_RANGE'],
  ['latency', 'p99 <= 300ms over 1m over 5m', 'SPEC_RULE_SYNTAX'],
  ['latency', 'p99 <= 300ms in 95% of slices in 5% of slices', 'SPEC_RULE_SYNTAX'],
  ['latency', 'p99 >= 0ms', 'SPEC_RULE_IMPOSSIBLE'],
  ['latency', 'p99 between 0ms and 0ms', 'SPEC_RULE_IMPOSSIBLE'],
  ['errors', 'rate between 0% and 150%', 'SPEC_RULE_IMPOSSIBLE'],
  ['errors', 'rate between 0% and 100%', 'SPEC_RULE_IMPOSSIBLE'],
  ['errors', 'rate between -5% and 1%', 'SPEC_RULE_IMPOSSIBLE'],
  ['errors', 'count >= 0', 'SPEC_RULE_IMPOSSIBLE'],
  ['errors', 'count <= -1', 'SPEC_RULE_IMPOSSIBLE'],
  ['errorBudget; sloRef: checkout-fast', 'burnRate(1h) <= -1', 'SPEC_RULE_IMPOSSIBLE'],
  ['errorBudget; sloRef: checkout-fast', 'remaining >= 110%', 'SPEC_RULE_IMPOSSIBLE'],
  ['errorBudget; sloRef: checkout-fast', 'remaining <= 100%', 'SPEC_RULE_IMPOSSIBLE'],
  ['scalability; levels: { idle: 1, peak: 2 }', 'efficiency(2) >= 0%', 'SPEC_RULE_IMPOSSIBLE'],
  ['errorBudget; sloRef: checkout-fast', 'burnRate(0s) <= 1', 'SPEC_VALUE_RANGE'],
  ['apdex', 'apdex(0s) >= 0.9', 'SPEC_VALUE_RANGE'],
  ['scalability; levels: { idle: 1, peak: 2 }', 'efficiency(0) >= 80%', 'SPEC_RULE_ARGUMENT'],
  ['degradation', 'p95 <= 2 x p95', 'SPEC_RULE_ARGUMENT'],
  ['degradation', 'p95 <= 2 x mean', 'SPEC_RULE_ARGUMENT'],
  ['degradation', 'p95 <= 2 x p95(idle, peak)', 'SPEC_RULE_ARGUMENT'],
  ['degradation', 'p95 <= 2 x rate', 'SPEC_RULE_LIMIT'],
  ['degradation', 'p95 <= 0 x p95(idle)', 'SPEC_RULE_IMPOSSIBLE'],
  ['stability', 'slope(p950) <= 5ms/h', 'SPEC_RULE_ARGUMENT'],
  ['stability; queries: { rate: a }', 'slope(rate) <= 5', 'SPEC_NAME_DUPLICATE'],
  ['stability; queries: { p95: a_seconds }', 'slope(p95) <= 5ms/h', 'SPEC_NAME_DUPLICATE'],
];

for (const [fields, rule, code] of refused) {
  test(`${fields}: ${rule} is refused`, () => assert.deepEqual(codesOf([fields, rule]), [code]));
}
