// Requirements as TypeScript are read like the same document in YAML.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineVerification, documentOfModule } from '../../../src/spec/define-verification.ts';
import { lintVerifications } from '../../../src/spec/lint.ts';
import { parseVerifications } from '../../../src/spec/parse-documents.ts';
import type { PhaseInput, RequirementInput, VerificationInput } from '../../../src/spec/verification-document.ts';
import { documentWith, parseYaml } from '../../support/parse-yaml.ts';

const checkout = defineVerification({
  metadata: { name: 'checkout' },
  spec: {
    service: 'checkout',
    workload: {
      target: 'http://127.0.0.1:8080',
      scenarios: [
        { name: 'buy', weight: 3, steps: [{ post: '/cart', body: { sku: 'A-1' } }, { post: '/checkout' }] },
        { name: 'browse', steps: [{ get: '/products' }] },
      ],
      phases: [
        { name: 'idle', rate: '20/s', duration: '3m' },
        { name: 'peak', rate: '200/s', duration: '5m' },
      ],
    },
    evaluation: { phases: ['peak'] },
    requirements: [{ id: 'CHK-01', type: 'latency', require: 'p99 <= 300ms' }],
  },
});

const read = (exported: unknown): ReturnType<typeof parseVerifications> =>
  parseVerifications([documentOfModule('checkout.ts', exported)], { environment: () => undefined });

const withoutPlaces = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, inner) => (key === 'definedAt' ? undefined : inner)));

test('the same verification as in YAML', () => {
  const parsed = read(checkout);
  assert.deepEqual(parsed.diagnostics, []);
  assert.deepEqual(withoutPlaces(parsed.verifications), withoutPlaces(parseYaml(documentWith()).verifications));
});

test('a module may export several', () => {
  const second = { ...checkout, metadata: { name: 'other' } };
  assert.deepEqual(
    read([checkout, second]).verifications.map((each) => each.name),
    ['checkout', 'other'],
  );
});

test('what the compiler cannot see is diagnosed when it is read', () => {
  const wrong = defineVerification({
    ...checkout,
    spec: { ...checkout.spec, requirements: [{ id: 'CHK-01', type: 'latency', require: 'p99 <= 300' }] },
  });
  const [found] = read(wrong).diagnostics;
  assert.equal(found?.code, 'SPEC_UNIT_MISSING');
  assert.equal(found?.range.file, 'checkout.ts');
  assert.equal(found?.range.line, 1);
  assert.match(found?.message ?? '', /^spec\.requirements\[0\]\.require: /);
});

test('the compiler sees units, words and missing keys', () => {
  // @ts-expect-error: a duration needs its unit
  const slice: VerificationInput['evaluation'] = { slice: '5' };
  // @ts-expect-error: no such priority
  const priority: RequirementInput['priority'] = 'maybe';
  // @ts-expect-error: a requirement says what must hold
  const requirement: RequirementInput = { id: 'A', type: 'latency' };
  // @ts-expect-error: no such key
  const phase: PhaseInput = { name: 'peak', rate: '5/s', duration: '1m', lenght: '1m' };
  // @ts-expect-error: no such field
  const unknown: RequirementInput = { id: 'A', type: 'latency', require: 'p99 <= 1s', bogus: 1 };
  // @ts-expect-error: a cost has prices and usage
  const cost: RequirementInput = { id: 'A', type: 'cost', require: 'costPer1k(requests) <= 1 USD' };
  // @ts-expect-error: a field of another type
  const levels: RequirementInput = { id: 'A', type: 'errors', require: 'rate <= 1%', levels: { one: 1 } };
  assert.ok([slice, priority, requirement, phase, unknown, cost, levels].length === 7);
});

test('a path says where in the module a remark is', () => {
  const parsed = read({
    ...checkout,
    spec: {
      ...checkout.spec,
      requirements: [{ id: 'CHK-01', type: 'latency', priority: 'info', require: 'p99 <= 300ms' }],
    },
  });
  const found = lintVerifications(parsed.verifications, parsed.locate);
  assert.ok(found.some(({ message }) => message.startsWith('spec.requirements: no requirement has priority')));
});

test('an export that is no document is diagnosed', () => {
  for (const exported of [undefined, 7, 'text', null, () => 1]) assert.notDeepEqual(read(exported).diagnostics, []);
});
