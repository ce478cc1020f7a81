// `faultline fmt`: rules change their form, nothing else of the file does.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { formatDocument, type RuleForm } from '../../../src/spec/format.ts';
import { documentWith, parseYaml } from '../../support/parse-yaml.ts';

const format = (text: string, form: RuleForm): string => formatDocument({ file: 'a.yaml', text }, form).text;

/** Clauses as they are judged: 0.60 USD is 0.6 USD. */
const withoutText = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, inner) => (key === 'text' ? undefined : inner)));

const forms: readonly (readonly [string, string])[] = [
  ['p99 <= 300ms', '{ stat: p99, op: lte, value: 300, unit: ms, target: 0.99 }'],
  ['rate <= 0.1%', '{ stat: rate, op: lte, value: 0.1, unit: "%" }'],
  ['value <= 0.8 in 95% of slices', '{ stat: value, op: lte, value: 0.8, inSlices: 0.95 }'],
  ['p95 <= baseline + 10%', '{ stat: p95, op: lte, baselinePlus: 10%, target: 0.95 }'],
  ['p95(peak) <= 2 x p95(idle)', '{ stat: p95(peak), op: lte, times: { factor: 2, stat: p95(idle) } }'],
  ['p50 between 20ms and 80ms', '{ stat: p50, op: between, low: 20, high: 80, unit: ms, target: 0.5 }'],
  ['perUser p10 >= 25 tok/s', '{ stat: perUser p10, op: gte, value: 25, unit: tok/s, target: 0.1 }'],
  ['max in_flight <= 120 over 1m', '{ stat: max in_flight, op: lte, value: 120, over: 1m }'],
  ['capacity >= 32 while [A-1, A-2]', '{ stat: capacity, op: gte, value: 32, while: [ A-1, A-2 ] }'],
  [
    'burnRate(1h) <= 1 and remaining >= 25%',
    '[{ stat: burnRate(1h), op: lte, value: 1 }, { stat: remaining, op: gte, value: 25, unit: "%" }]',
  ],
];
for (const [line, object] of forms) {
  const asLine = `spec:\n  requirements:\n    - require: ${line} # why\n`;
  const asObject = `spec:\n  requirements:\n    - require: ${object} # why\n`;
  test(`${line} as an object`, () => assert.equal(format(asLine, 'object'), asObject));
  test(`${object} as a line`, () => assert.equal(format(asObject, 'line'), asLine));
}

test('a factor too small to be written out stays readable', () => {
  const once = format('spec: { requirements: [{ require: p95 <= 0.0000001 x p95(idle) }] }\n', 'line');
  assert.equal(once, 'spec: { requirements: [{ require: p95 <= 1e-7 x p95(idle) }] }\n');
  const parsed = parseYaml(
    documentWith({ requirements: `    - { id: A, type: degradation, ${/require: [^}]*/.exec(once)?.[0]} }\n` }),
  );
  assert.deepEqual(
    parsed.diagnostics.filter(({ severity }) => severity === 'error'),
    [],
  );
});

test('blanks in a rule are made even', () => {
  assert.equal(
    format('spec: { requirements: [{ require: p99<=300ms and   p50 <=80ms }] }\n', 'line'),
    'spec: { requirements: [{ require: p99 <= 300ms and p50 <= 80ms }] }\n',
  );
});

test('inside { } a rule with brackets is quoted', () => {
  assert.equal(
    format('spec: { requirements: [{ require: "capacity >= 3 while [A,B]" }] }\n', 'line'),
    'spec: { requirements: [{ require: "capacity >= 3 while [A, B]" }] }\n',
  );
});

test('quotes and blocks become plain', () => {
  assert.equal(
    format(
      "spec:\n  requirements:\n    - require: 'p99 <= 1s'\n      warn: >-\n        p99\n        <= 500ms\n      priority: must\n",
      'line',
    ),
    'spec:\n  requirements:\n    - require: p99 <= 1s\n      warn: p99 <= 500ms\n      priority: must\n',
  );
});

test('an object whose keys contradict each other stays as it is: a line would drop one of them', () => {
  for (const object of [
    '{ stat: p95, op: lte, value: 300, unit: ms, baselinePlus: 10% }',
    '{ stat: p95, op: between, value: 5, low: 1, high: 2, unit: ms }',
    '{ stat: p99, op: lte, value: 1, unit: s, target: 0.5 }',
    '{ stat: p99 <= 1ms and p50, op: lte, value: 300, unit: ms }',
  ]) {
    const text = `spec:\n  requirements:\n    - require: ${object}\n`;
    assert.equal(format(text, 'line'), text);
  }
});

test('rules that cannot be read, and those with variables, stay as they are', () => {
  const text = 'spec:\n  requirements:\n    - require: p99 <= <300ms\n    - require: p99 <= ${LIMIT}\n';
  assert.equal(format(text, 'object'), text);
});

test('a file that is no YAML is left alone and diagnosed', () => {
  const { text, diagnostics } = formatDocument({ file: 'a.yaml', text: 'a: [1\n' }, 'line');
  assert.equal(text, 'a: [1\n');
  assert.equal(diagnostics[0]?.code, 'SPEC_YAML_SYNTAX');
});

for (const file of ['checkout.yaml', 'examples/checkout-full.yaml', 'examples/llm.yaml']) {
  test(`${file} is formatted already, and means the same as objects`, () => {
    const text = readFileSync(new URL(`../../../slos/${file}`, import.meta.url), 'utf8');
    assert.equal(format(text, 'line'), text);
    const objects = format(text, 'object');
    assert.notEqual(objects, text);
    assert.equal(format(objects, 'object'), objects);
    assert.equal(format(objects, 'line'), text.replace('0.60 USD', '0.6 USD'));
    const parsed = parseYaml(objects);
    assert.deepEqual(
      parsed.diagnostics.filter(({ severity }) => severity === 'error'),
      [],
    );
    const clauses = (source: string): unknown =>
      withoutText(parseYaml(source).verifications[0]?.requirements.map(({ require }) => require.clauses));
    assert.deepEqual(clauses(objects), clauses(text));
  });
}

test('names in the object form are checked at their keys', () => {
  const requirements =
    '    - { id: CHK-01, type: latency, require: p99 <= 1s }\n    - id: CHK-02\n      type: concurrency\n      require: { stat: capacity, op: gte, value: 3, unit: /s, while: [CHK-01, CHK-09] }\n';
  const [found] = parseYaml(documentWith({ requirements })).diagnostics;
  assert.deepEqual([found?.code, found?.range.line, found?.range.column], ['SPEC_REF_REQUIREMENT', 19, 63]);
});
