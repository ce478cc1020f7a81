// A document of a thousand requirements is checked in under a second.
import assert from 'node:assert/strict';
import process from 'node:process';
import { test } from 'node:test';
import { lintVerifications } from '../../../src/spec/lint.ts';
import { documentWith, parseYaml } from '../../support/parse-yaml.ts';

const kinds = [
  'type: latency, where: { scenario: buy, route: POST /checkout }, require: p99 <= 300ms, warn: p99 <= 250ms',
  'type: errors, where: { scenario: buy }, require: rate <= 0.1%',
  'type: dependency, where: { span: \'[service.name="payments" kind=server]\' }, require: p95 <= 120ms',
  'type: throughput, require: goodput >= 190/s, sustained: { for: 4m, slice: 10s }',
];

test('a thousand requirements are read and linted in a second of processor time', () => {
  const requirements = Array.from(
    { length: 1000 },
    (_, i) => `    - { id: R-${i}, title: Number ${i}, ${kinds[i % kinds.length]} }\n`,
  ).join('');
  // The machine that tests run on is busy with them: the processor's time says what the clock cannot.
  const before = process.cpuUsage();
  const parsed = parseYaml(documentWith({ requirements }));
  lintVerifications(parsed.verifications, parsed.locate);
  const { user, system } = process.cpuUsage(before);
  assert.equal(parsed.verifications[0]?.requirements.length, 1000);
  assert.deepEqual(parsed.diagnostics, []);
  assert.ok(user + system < 1_000_000, `${(user + system) / 1000} ms`);
});
