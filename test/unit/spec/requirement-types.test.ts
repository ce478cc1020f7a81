// Every requirement type's own example parses, and its language is complete.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requirementTypes } from '../../../src/core/slo/requirement-types.ts';
import { documentWith, parseYaml } from '../../support/parse-yaml.ts';

/** What the examples refer to. */
const around = `apiVersion: openslo/v1
kind: DataSource
metadata: { name: prom }
spec: { type: Prometheus, connectionDetails: { url: "http://p:9090" } }
---
apiVersion: openslo/v1
kind: SLO
metadata: { name: checkout-fast }
spec:
  service: checkout
  indicator: { metadata: { name: i }, spec: { ratioMetric: { good: { metricSource: { spec: { query: a } } }, total: { metricSource: { spec: { query: b } } } } } }
  objectives: [{ target: 0.99 }]
---
`;

const workload =
  '    phases:\n' +
  ['idle', 'peak', 'spike', 'after', 'one', 'two', 'four', 'c16', 'c32', 'c64']
    .map((name) => `      - { name: ${name}, rate: 10/s, duration: 5m }\n`)
    .join('');

const STREAMED: ReadonlySet<string> = new Set(['ttft', 'tpot', 'itl', 'tokens', 'goodput']);

for (const type of Object.values(requirementTypes)) {
  test(`the example of ${type.name} parses`, () => {
    const own = type.example.replaceAll(/^(?=.)/gm, '    ');
    const mentioned = [...type.example.matchAll(/\b[A-Z]{2,}-\d+\b/g)].map((match) => match[0]);
    const id = /id: (\S+?)[,\s]/.exec(type.example)?.[1];
    const others = [...new Set(mentioned)].filter((each) => each !== id);
    const requirements = `${own}\n${others.map((other) => `    - { id: ${other}, type: latency, require: p99 <= 1s }\n`).join('')}`;
    const plan = STREAMED.has(type.name) ? `    protocol: openai-chat-stream\n${workload}` : workload;
    const text = documentWith({ spec: '', requirements }).replace(/ {4}phases:\n(?: {6}.*\n)+/, plan);
    const parsed = parseYaml(around + text);
    assert.deepEqual(
      parsed.diagnostics
        .filter(({ severity }) => severity === 'error')
        .map(({ message, help }) => `${message} (${help})`),
      [],
    );
    assert.equal(parsed.verifications[0]?.requirements[0]?.type, type.name);
  });
}
