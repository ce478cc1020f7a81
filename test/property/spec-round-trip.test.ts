// What is printed reads back as what it was; offsets stay inside their scalars; formatting settles at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { parseTemplate } from '../../src/core/load/template.ts';
import type { Rule } from '../../src/core/model/requirement.ts';
import { collectDiagnostics } from '../../src/spec/diagnostics/diagnose.ts';
import { expandVerification } from '../../src/spec/expand.ts';
import { formatDocument } from '../../src/spec/format.ts';
import { parseDuration } from '../../src/spec/grammar/duration.ts';
import { parseRule } from '../../src/spec/grammar/parse-rule.ts';
import { parseQuantity } from '../../src/spec/grammar/quantity.ts';
import { jsonOfTemplate, jsonTemplate } from '../../src/spec/json-template.ts';
import { printRule } from '../../src/spec/print/print-clause.ts';
import { printDuration, printQuantity } from '../../src/spec/print/print-quantity.ts';
import type { Json } from '../../src/spec/verification-document.ts';
import { nodeAt } from '../../src/spec/yaml/located-node.ts';
import { readYaml } from '../../src/spec/yaml/read-yaml.ts';
import { sourceText } from '../../src/spec/yaml/source-text.ts';
import { documentWith, parseYaml } from '../support/parse-yaml.ts';

const number = fc.integer({ min: 1, max: 99_999 }).map((value) => String(value / 100));
const time = fc.tuple(number, fc.constantFrom('ns', 'us', 'ms', 's', 'm', 'h')).map(([value, unit]) => value + unit);
const quantity = fc.oneof(
  time,
  number.map((value) => `${value}%`),
  fc
    .tuple(number, fc.constantFrom('', '/s', '/min', 'MiB', ' tok/s', ' USD', 'ms/h'))
    .map(([value, unit]) => value + unit),
);
const name = fc.constantFrom('rate', 'value', 'goodput', 'in_flight', 'capacity', 'remaining');
const quantile = fc.constantFrom('p50', 'p95', 'p99', 'p99.9', 'p99.99');
const stat = fc.oneof(
  quantile,
  name,
  fc.tuple(name, quantile).map((words) => words.join(' ')),
  fc.tuple(fc.constantFrom('max', 'mean'), name).map((words) => words.join(' ')),
  fc.tuple(name, fc.constantFrom('1h', 'CHK-01', 'p95')).map(([word, arg]) => `${word}(${arg})`),
);
const limit = fc.oneof(
  quantity,
  fc.tuple(fc.constantFrom('+', '-'), number).map(([sign, value]) => `baseline ${sign} ${value}%`),
  fc
    .tuple(fc.oneof(number, fc.constantFrom('0.0000001', '1e-7', '2.5e3')), stat)
    .map(([factor, other]) => `${factor} x ${other}`),
);
const operator = fc.constantFrom('<=', '<', '>=', '>', '==');
const condition = fc.constantFrom(
  '',
  ' in 95% of slices',
  ' over 5m',
  ' while [CHK-01, CHK-02]',
  ' in 90.5% of slices over 1m',
);
const clause = fc
  .tuple(stat, operator, limit, condition)
  .map(([left, op, right, rest]) => `${left} ${op} ${right}${rest}`);
const rule = fc.array(clause, { minLength: 1, maxLength: 3 }).map((clauses) => clauses.join(' and '));

function read(text: string): Rule {
  const parsed = parseRule(text);
  assert.ok(parsed.ok, parsed.ok ? '' : `${text}: ${parsed.error.message}`);
  return { clauses: parsed.value.clauses.map((each) => each.clause), text };
}

const meaning = ({ clauses }: Rule): unknown =>
  JSON.parse(JSON.stringify(clauses, (key, value) => (key === 'text' ? undefined : value)));

test('a printed rule reads back as the same rule', () => {
  fc.assert(fc.property(rule, (text) => assert.deepEqual(meaning(read(printRule(read(text)))), meaning(read(text)))));
});

test('formatting a rule there and back keeps its meaning, and settles', () => {
  fc.assert(
    fc.property(rule, (text) => {
      const document = `spec:\n  requirements:\n    - require: ${text}\n`;
      const object = formatDocument({ file: 'a', text: document }, 'object').text;
      assert.equal(formatDocument({ file: 'a', text: object }, 'object').text, object);
      const line = formatDocument({ file: 'a', text: object }, 'line').text;
      assert.deepEqual(meaning(read(line.slice(line.indexOf('require: ') + 9).trimEnd())), meaning(read(text)));
    }),
  );
});

test('printed durations and quantities read back', () => {
  fc.assert(
    fc.property(fc.oneof(fc.integer({ min: 0, max: 1e9 }), fc.double({ min: 0.001, max: 1e6, noNaN: true })), (ms) => {
      const parsed = parseDuration(printDuration(ms));
      assert.ok(parsed.ok && Math.abs(parsed.value - ms) <= ms * 1e-12);
    }),
  );
  fc.assert(
    fc.property(quantity, (text) => {
      const parsed = parseQuantity(text);
      assert.ok(parsed.ok);
      const again = parseQuantity(printQuantity(parsed.value.value, parsed.value.unit));
      assert.ok(
        again.ok &&
          again.value.unit === parsed.value.unit &&
          Math.abs(again.value.value - parsed.value.value) <= parsed.value.value * 1e-9,
        text,
      );
    }),
  );
});

test('carets stay inside their scalar and never go back, however it is written', () => {
  const style = fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_FOLDED', 'BLOCK_LITERAL');
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 60 }),
      style,
      fc.integer({ min: 0, max: 20 }),
      (value, defaultStringType, lineWidth) => {
        const text = stringify({ a: value }, { defaultStringType, lineWidth });
        const [root] = readYaml(sourceText('a', text), collectDiagnostics().diagnose);
        const node = root === undefined ? undefined : nodeAt(root, ['a']);
        if (node?.kind !== 'scalar' || typeof node.value !== 'string') return;
        let last = node.span.from;
        for (let index = 0; index <= node.text.length; index += 1) {
          const offset = node.offsetAt(index);
          assert.ok(offset >= last && offset <= node.span.to, `${JSON.stringify(text)} at ${index}`);
          last = offset;
        }
      },
    ),
  );
});

const word = fc.constantFrom(
  'a',
  '${int(1,5)}',
  'order ${int(1,5)} now',
  '"${int(1,5)}',
  'a "${int(1,5)}"',
  '\\',
  '$${int(1,5)}',
);
const { body } = fc.letrec<{ body: Json; leaf: Json }>((tie) => ({
  leaf: fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null)),
  body: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc.array(tie('body'), { maxLength: 3 }),
    fc.dictionary(word, tie('body'), { maxKeys: 3 }),
  ),
}));

test('a JSON body is a template that fills in to JSON, and can be told from it', () => {
  fc.assert(
    fc.property(body, (value) => {
      const template = jsonTemplate(value);
      const parts = parseTemplate(template);
      assert.ok(parts.ok);
      const filled = parts.value.map((part) => (part.kind === 'text' ? part.text : '3')).join('');
      assert.doesNotThrow(() => JSON.parse(filled), filled);
      assert.deepEqual(jsonOfTemplate(template), JSON.parse(JSON.stringify(value)));
    }),
  );
});

const withoutPlaces = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, inner) => (key === 'definedAt' ? undefined : inner)));

test('a workload written out and read again is the same, chats and their own scenarios among them', () => {
  const step = fc.record(
    {
      post: fc.constantFrom('/v1/chat/completions', '/orders'),
      body: fc.dictionary(word, body, { maxKeys: 2 }),
      timeout: fc.constantFrom('5s', '90s'),
      headers: fc.constant({ 'x-a': '1' }),
    },
    { requiredKeys: ['post'] },
  );
  const workload = fc.record(
    {
      target: fc.constant('http://127.0.0.1:8080'),
      protocol: fc.constantFrom('http', 'openai-chat-stream'),
      scenarios: fc
        .array(step, { minLength: 1, maxLength: 2 })
        .map((steps) => [{ name: 'chat', steps: steps.map((each, i) => ({ name: `s${i}`, ...each })) }]),
      headers: fc.constant({ authorization: 'x' }),
      timeout: fc.constantFrom('7s', '120s'),
      phases: fc.constant([{ name: 'peak', concurrency: 4, duration: '1m' }]),
    },
    { requiredKeys: ['target', 'protocol', 'phases'] },
  );
  fc.assert(
    fc.property(
      workload.filter(({ protocol, scenarios }) => protocol !== 'http' || scenarios !== undefined),
      (each) => {
        const text = documentWith({ spec: '' }).replace(
          / {2}workload:\n(?: {4}.*\n)+/,
          () => `  workload: ${JSON.stringify(each)}\n`,
        );
        const first = parseYaml(text);
        assert.deepEqual(first.diagnostics, []);
        const again = parseYaml(expandVerification(first.verifications[0]!));
        assert.deepEqual(again.diagnostics, []);
        assert.deepEqual(withoutPlaces(again.verifications), withoutPlaces(first.verifications));
      },
    ),
  );
});

test('a verification written out and read again is the same', () => {
  const phases = fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 7200 }), fc.boolean()), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(
      phases,
      fc.constantFrom('constant', 'poisson'),
      fc.integer({ min: 500, max: 999 }),
      (list, arrivals, confidence) => {
        const yaml = list
          .map(
            ([rate, seconds, ramp], index) =>
              `      - { name: p${index}, rate: ${ramp ? `1/s..${rate}/s` : `${rate}/s`}, duration: ${seconds}s, arrivals: ${arrivals} }\n`,
          )
          .join('');
        const text = documentWith({ spec: `  evaluation: { confidence: ${confidence / 1000} }\n` }).replace(
          / {4}phases:\n(?: {6}.*\n)+/,
          `    phases:\n${yaml}`,
        );
        const first = parseYaml(text);
        assert.deepEqual(first.diagnostics, []);
        const again = parseYaml(expandVerification(first.verifications[0]!));
        assert.deepEqual(again.diagnostics, []);
        assert.deepEqual(withoutPlaces(again.verifications), withoutPlaces(first.verifications));
      },
    ),
    { numRuns: 30 },
  );
});
